/** Two people's changes of one document, put together: what only one of them changed is taken from that one. */
import { isObject, type JSONPath, type Json, literal, read, set, write } from '../document';

export type Conflict = {
  path: JSONPath;
  /** How each has it, spelled; nothing where it was taken out. */
  mine: string | undefined;
  theirs: string | undefined;
};

export type Merge = {
  /** Their text with my changes in it; where both changed the same, theirs stands. */
  text: string;
  /** What I changed and they did not. */
  taken: JSONPath[];
  conflicts: Conflict[];
};

type Move = { path: JSONPath; to: string | undefined };

/** Merges `mine` and `theirs`, both made from `base`. The result is their text with my changes as edits of it. */
export function merge(base: string, mine: string, theirs: string): Merge {
  const parsed = [base, mine, theirs].map((text) => read(text).document);
  const [from, left, right] = parsed;
  if (mine === base || mine === theirs) return { text: theirs, taken: [], conflicts: [] };
  if (!left || !right) return { text: theirs, taken: [], conflicts: [{ path: [], mine, theirs }] };
  const moves: Move[] = [];
  const conflicts: Conflict[] = [];
  compare(from ?? {}, left, right, [], { mine, theirs, moves, conflicts });
  return {
    text: moves.reduce((text, move) => put(text, move.path, move.to), theirs),
    taken: moves.map(({ path }) => path),
    conflicts,
  };
}

/** The merge with conflicts settled: those in `mine`, by pointer, my way. */
export function settle(merged: Merge, mine: Conflict[]): string {
  return mine.reduce((text, conflict) => {
    if (conflict.path.length === 0) return conflict.mine ?? text;
    return put(text, conflict.path, conflict.mine);
  }, merged.text);
}

function put(text: string, path: JSONPath, spelled: string | undefined): string {
  return spelled === undefined ? set(text, path, undefined) : write(text, path, spelled);
}

type Run = { mine: string; theirs: string; moves: Move[]; conflicts: Conflict[] };

function compare(
  base: Json | undefined,
  mine: Json | undefined,
  theirs: Json | undefined,
  path: JSONPath,
  run: Run,
): void {
  if (same(mine, base) || same(mine, theirs)) return;
  if (same(theirs, base)) {
    run.moves.push({ path, to: literal(run.mine, path) });
    return;
  }
  if (isObject(mine) && isObject(theirs) && (base === undefined || isObject(base))) {
    const before = base ?? {};
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(before)]))
      compare(own(before, key), own(mine, key), own(theirs, key), [...path, key], run);
    return;
  }
  if (isNames(mine) && isNames(theirs) && (base === undefined || isNames(base))) {
    const before = base ?? [];
    const kept = theirs.filter((name) => mine.includes(name) || !before.includes(name));
    const added = mine.filter((name) => !before.includes(name) && !theirs.includes(name));
    run.moves.push({ path, to: JSON.stringify([...kept, ...added]) });
    return;
  }
  run.conflicts.push({ path, mine: literal(run.mine, path), theirs: literal(run.theirs, path) });
}

function own(object: { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A list that is a set of names, such as `hide`. */
function isNames(value: Json | undefined): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one === 'string') &&
    new Set(value).size === value.length
  );
}

/** Whether two values mean the same, in whatever order their keys are. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => same(one, b[index]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
    );
  }
  return a === b;
}
