import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byName, fromNames } from '../cases/case-text';
import { type Json, pointerOf } from '../document';
import { blame } from './blame';
import { merge, same, settle } from './merge';

const leaf: fc.Arbitrary<Json> = fc.oneof(fc.integer({ max: 5 }), fc.constantFrom('x', 'y'), fc.boolean());
const tree = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')) as fc.Arbitrary<Json>,
    fc.array(leaf, { maxLength: 3 }) as fc.Arbitrary<Json>,
    fc.dictionary(fc.constantFrom('p', 'q', 'r/s', 't~u'), tie('node'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
  ),
})).node;
const document = fc
  .dictionary(fc.constantFrom('hide', 'tools', 'all', 'default'), tree, { maxKeys: 4 })
  .map((one) => JSON.stringify(one, null, 2));
const value = (text: string) => JSON.parse(text) as Json;

describe('a merge', () => {
  test('with somebody who changed nothing is what the other one has', () => {
    fc.assert(
      fc.property(document, document, (base, changed) => {
        expect(merge(base, base, changed)).toEqual({ text: changed, taken: [], conflicts: [] });
        const mine = merge(base, changed, base);
        expect(same(value(mine.text), value(changed))).toBe(true);
        expect(mine.conflicts).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('of equal changes has no conflict', () => {
    fc.assert(
      fc.property(document, document, (base, changed) => {
        const merged = merge(base, changed, changed);
        expect(merged.conflicts).toEqual([]);
        expect(same(value(merged.text), value(changed))).toBe(true);
      }),
    );
  });

  test('settled all my way or all theirs is the same from either side', () => {
    fc.assert(
      fc.property(document, document, document, (base, mine, theirs) => {
        const here = merge(base, mine, theirs);
        const there = merge(base, theirs, mine);
        expect(here.conflicts.map(({ path }) => pointerOf(path)).sort()).toEqual(
          there.conflicts.map(({ path }) => pointerOf(path)).sort(),
        );
        // Lists of names keep the order of whose text it is; what is in them is the same.
        const sorted = (text: string) => JSON.stringify(value(text), sortNames);
        const a = JSON.parse(sorted(settle(here, here.conflicts))) as Json;
        const b = JSON.parse(sorted(settle(there, []))) as Json;
        expect(same(a, b)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('keeps both of two rules that two people wrote, and both names that they hid', () => {
    const base = '{"hide": ["x"], "tools": {"a": {"action": "deny"}}}';
    const mine = '{"hide": ["x", "m"], "tools": {"a": {"action": "deny"}, "b": {"limits": [{"max": 1.50}]}}}';
    const theirs = '{"hide": ["t"], "tools": {"a": {"action": "allow"}}}';
    const merged = merge(base, mine, theirs);
    expect(merged.conflicts).toEqual([]);
    expect(value(merged.text)).toEqual({
      hide: ['t', 'm'],
      tools: { a: { action: 'allow' }, b: { limits: [{ max: 1.5 }] } },
    });
    expect(merged.text).toContain('1.50');
    expect(merged.taken.map(pointerOf).sort()).toEqual(['/hide', '/tools/b']);
  });

  test('asks where both changed the same, and takes what is chosen', () => {
    const base = '{"default": "deny"}';
    const merged = merge(base, '{"default": "allow"}', '{}');
    expect(merged.conflicts).toEqual([{ path: ['default'], mine: '"allow"', theirs: undefined }]);
    expect(value(settle(merged, merged.conflicts))).toEqual({ default: 'allow' });
    expect(value(settle(merged, []))).toEqual({});
  });

  test('of a text that is not JSON is a choice between the two', () => {
    const merged = merge('{}', '{"a": ', '{"b": 1}');
    expect(settle(merged, merged.conflicts)).toBe('{"a": ');
    expect(settle(merged, [])).toBe('{"b": 1}');
  });

  test('of test cases tells them apart by name', () => {
    const one = (name: string, max: string) => `{"name": "${name}", "call": {"arguments": {"n": ${max}}}}`;
    const list = (...cases: string[]) => `{"cases": [${cases.join(', ')}]}`;
    const [base, mine, theirs] = [
      list(one('a', '1'), one('b', '1')),
      list(one('b', '1.50'), one('a', '1'), one('m', '1')),
      `[${one('a', '2')}, ${one('b', '1')}]`,
    ].map(byName);
    const merged = merge(base ?? '', mine ?? '', theirs ?? '');
    expect(merged.conflicts).toEqual([]);
    const { cases } = JSON.parse(fromNames(merged.text)) as { cases: { name: string }[] };
    expect(cases.map(({ name }) => name)).toEqual(['a', 'b', 'm']);
    expect(merged.text).toContain('1.50');
    expect(fromNames('{}')).toBe('');
  });
});

function sortNames(_: string, one: unknown): unknown {
  return Array.isArray(one) && one.every((item) => typeof item === 'string') ? [...one].sort() : one;
}

test('blame names the version that made each part what it is, also when it came back', () => {
  const version = (n: number, document: unknown) => ({ version: n, document: JSON.stringify(document) });
  const found = blame([
    version(4, { default: 'deny', tools: { a: { x: 1, y: 2 }, b: {} }, prompts: { rules: { p: {} } } }),
    version(3, { default: 'deny', tools: { a: { y: 2, x: 1 } } }),
    version(2, { default: 'allow', tools: { a: { x: 2 } } }),
    version(1, { default: 'deny', tools: { a: { x: 1, y: 2 } } }),
  ]);
  expect(Object.fromEntries(found.map((one) => [pointerOf(one.path), one.version]))).toEqual({
    '/default': 3,
    '/tools/a': 3,
    '/tools/b': 4,
    '/prompts/rules/p': 4,
  });
});
