/**
 * A policy document as text. The text is the only state there is: what people see is read from it, and every visual
 * change is an edit of it, so that the order, the spelling of numbers and fields that this page does not know stay. White
 * space around an edit may be laid out anew.
 */
import { applyEdits, type JSONPath, modify } from 'jsonc-parser';

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

export const EMPTY = `{
  "version": "1",
  "default": "deny",
  "tools": {}
}
`;
