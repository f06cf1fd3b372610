/** Conditions: what kinds there are, and how one becomes another without losing what is in it. */
import { isObject, type Json, type JsonObject } from '../document';

export const OPERATORS = {
  eq: 'is',
  neq: 'is not',
  lt: 'is less than',
  lte: 'is at most',
  gt: 'is more than',
  gte: 'is at least',
  in: 'is one of',
  not_in: 'is none of',
  exists: 'is given',
  regex: 'matches',
  contains: 'contains',
  starts_with: 'starts with',
  ends_with: 'ends with',
} as const;
export type Operator = keyof typeof OPERATORS;

export function isOperator(value: Json | undefined): value is Operator {
  return typeof value === 'string' && Object.hasOwn(OPERATORS, value);
}

/** What an operator compares with. */
export type Wanted = 'one' | 'number' | 'text' | 'list' | 'given';

export function wantedBy(op: Operator): Wanted {
  if (op === 'eq' || op === 'neq') return 'one';
  if (op === 'in' || op === 'not_in') return 'list';
  if (op === 'exists') return 'given';
  return op === 'lt' || op === 'lte' || op === 'gt' || op === 'gte' ? 'number' : 'text';
}

/** The value for another operator, as near to what was there as that takes. */
export function fitted(op: Operator, value: Json | undefined): Json | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  const single = isObject(first) || Array.isArray(first) || first === null ? undefined : first;
  switch (wantedBy(op)) {
    case 'given':
      return typeof value === 'boolean' ? value : true;
    case 'list':
      return Array.isArray(value) ? value : single === undefined ? [] : [single];
    case 'number': {
      const number = typeof single === 'string' && single.trim() !== '' ? Number(single) : single;
      return typeof number === 'number' && Number.isFinite(number) ? number : 0;
    }
    case 'text':
      return single === undefined || typeof single === 'boolean' ? '' : String(single);
    case 'one':
      return single ?? '';
  }
}

export const KINDS = { test: 'Compare', any: 'Any of these', all: 'All of these', not: 'Not' } as const;
export type Kind = keyof typeof KINDS;

/** What a condition is; nothing for what this page cannot show, which is for the JSON view. */
export function kindOf(condition: Json | undefined): Kind | undefined {
  if (!isObject(condition)) return undefined;
  const nests = (['any', 'all', 'not'] as const).filter((kind) => Object.hasOwn(condition, kind));
  const tests = ['path', 'op', 'value'].some((key) => Object.hasOwn(condition, key));
  const [nest] = nests;
  if (nest === undefined) return 'test';
  if (tests || nests.length > 1) return undefined;
  const inside = condition[nest];
  return (nest === 'not' ? isObject(inside) : Array.isArray(inside)) ? nest : undefined;
}

export const BLANK: JsonObject = { path: 'args.', op: 'eq', value: '' };

/** What stands inside a condition that nests. */
function parts(condition: JsonObject): Json[] {
  const kind = kindOf(condition);
  if (kind === 'any' || kind === 'all') return condition[kind] as Json[];
  return kind === 'not' ? [condition.not as Json] : [condition];
}

/** The condition as another kind. What is in it stays, save for a comparison made of several: that is the first one. */
export function recast(condition: JsonObject, to: Kind): JsonObject {
  const from = kindOf(condition);
  if (from === to) return condition;
  const inner = parts(condition);
  if (to === 'any' || to === 'all') return { [to]: inner };
  if (to === 'not') return { not: inner.length === 1 && from !== 'test' ? (inner[0] as Json) : condition };
  return firstTest(inner) ?? BLANK;
}

function firstTest(list: Json[]): JsonObject | undefined {
  for (const one of list) {
    if (!isObject(one)) continue;
    const found = kindOf(one) === 'test' ? one : firstTest(parts(one).filter((part) => part !== one));
    if (found) return found;
  }
  return undefined;
}
