/** Which version last touched each part of a document. */
import { at, isObject, type JSONPath, read } from '../document';
import { same } from './merge';

export type Touched = { path: JSONPath; version: number };
type Known = { version: number; document: string };

/** The parts that stand for themselves: each rule, each default, each list of what is hidden. */
function units(document: string): JSONPath[] {
  const root = read(document).document ?? {};
  const list: JSONPath[] = [];
  for (const key of Object.keys(root)) {
    const value = root[key];
    if ((key === 'tools' || key === 'categories') && isObject(value)) {
      list.push(...Object.keys(value).map((name) => [key, name]));
    } else if ((key === 'prompts' || key === 'resources') && isObject(value)) {
      for (const inner of Object.keys(value)) {
        const rules = value[inner];
        if (inner === 'rules' && isObject(rules))
          list.push(...Object.keys(rules).map((name) => [key, inner, name]));
        else list.push([key, inner]);
      }
    } else list.push([key]);
  }
  return list;
}

/** Every part of the newest version with the version that made it what it is. `versions` come newest first. */
export function blame(versions: Known[]): Touched[] {
  const [newest, ...older] = versions;
  if (!newest) return [];
  const past = older.map(({ version, document }) => ({ version, root: read(document).document ?? {} }));
  const now = read(newest.document).document ?? {};
  return units(newest.document).map((path) => {
    let { version } = newest;
    for (const one of past) {
      if (!same(at(one.root, path), at(now, path))) break;
      version = one.version;
    }
    return { path, version };
  });
}
