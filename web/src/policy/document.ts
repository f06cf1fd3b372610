/**
 * A policy document as text. The text is the only state there is: what people see is read from it, and every visual
 * change is an edit of it, so that the order, the spelling of numbers and fields that this page does not know stay. White
 * space around an edit may be laid out anew.
 */
import { applyEdits, findNodeAtLocation, type JSONPath, modify, type Node, parseTree } from 'jsonc-parser';

export type { JSONPath };

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Reading = { document: JsonObject; fault: null } | { document: null; fault: string };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The document in a text, or why there is none. */
export function read(text: string): Reading {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value)
      ? { document: value, fault: null }
      : { document: null, fault: 'A policy is a JSON object: { … }' };
  } catch (error) {
    return { document: null, fault: error instanceof Error ? error.message : 'This is not JSON' };
  }
}

const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };

/** Sets one value, making what is missing on the way there; `undefined` takes it out. */
export function set(text: string, path: JSONPath, value: Json | undefined): string {
  return applyEdits(text, modify(text, path, value, FORMAT));
}

/** Adds to the end of a list, which is made when it is not there. */
export function append(text: string, path: JSONPath, value: Json): string {
  const list = at(read(text).document ?? {}, path);
  if (!Array.isArray(list)) return set(text, path, [value]);
  return applyEdits(text, modify(text, [...path, list.length], value, { ...FORMAT, isArrayInsertion: true }));
}

/** The value at a path; `undefined` when there is none. */
export function at(document: Json, path: JSONPath): Json | undefined {
  let value: Json | undefined = document;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** A value as it is spelled in the text: a number keeps every digit that it was written with. */
export function literal(text: string, path: JSONPath): string | undefined {
  const node = nodeAt(text, path);
  return node && text.slice(node.offset, node.offset + node.length);
}

function nodeAt(text: string, path: JSONPath): Node | undefined {
  const tree = parseTree(text);
  return tree && findNodeAtLocation(tree, path);
}

/** A string that no document holds: it keeps the place of a value until its spelling is put there. */
const PLACE = '\u0000policylayer\u0000';

/** Puts a value as it is spelled. What is no JSON is left out. */
export function write(text: string, path: JSONPath, spelled: string): string {
  try {
    JSON.parse(spelled);
  } catch {
    return text;
  }
  // A function, for `$` in a replacement would mean something.
  return set(text, path, PLACE).replace(JSON.stringify(PLACE), () => spelled);
}

/** Gives a member of an object another key, in its place. A key that is taken already is left alone. */
export function rename(text: string, path: JSONPath, to: string): string {
  const from = path.at(-1);
  const parent = at(read(text).document ?? {}, path.slice(0, -1));
  if (typeof from !== 'string' || !isObject(parent) || from === to || Object.hasOwn(parent, to)) return text;
  const key = nodeAt(text, path)?.parent?.children?.[0];
  if (!key) return text;
  return text.slice(0, key.offset) + JSON.stringify(to) + text.slice(key.offset + key.length);
}

/** Takes a value out, and the list or object around it too when nothing else is in there. `keep` levels always stay. */
export function take(text: string, path: JSONPath, keep = 1): string {
  const { document } = read(text);
  if (!document || at(document, path) === undefined) return text;
  let gone = path;
  while (gone.length > keep) {
    const around = at(document, gone.slice(0, -1));
    const size = Array.isArray(around) ? around.length : Object.keys(around ?? {}).length;
    if (size !== 1) break;
    gone = gone.slice(0, -1);
  }
  return set(text, gone, undefined);
}

/** One change of a document, as plain data. */
export type Change =
  | { set: JSONPath; to: Json | undefined }
  | { write: JSONPath; spelled: string }
  | { append: JSONPath; value: Json }
  | { take: JSONPath; keep?: number }
  | { rename: JSONPath; to: string };

/** Makes changes one after the other. A text that is not JSON is left alone. */
export function change(text: string, changes: Change[]): string {
  return changes.reduce((now, one) => {
    if (!read(now).document) return now;
    if ('set' in one) return set(now, one.set, one.to);
    if ('write' in one) return write(now, one.write, one.spelled);
    if ('append' in one) return append(now, one.append, one.value);
    if ('take' in one) return take(now, one.take, one.keep);
    return rename(now, one.rename, one.to);
  }, text);
}

/** A path as a JSON pointer. */
export function pointerOf(path: JSONPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export const EMPTY = `{
  "version": "1",
  "default": "deny",
  "tools": {}
}
`;
