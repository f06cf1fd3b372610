import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lines, NOTHING, take } from './replay';

test('lines are the same however the answer is cut into pieces', () => {
  const line = fc.string().map((text) => JSON.stringify(text));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40)), (all, cuts) => {
      const answer = all.map((one) => `${one}\n`).join('');
      const places = [...cuts.filter((cut) => cut < answer.length), answer.length].sort((a, b) => a - b);
      let rest = '';
      let from = 0;
      const found: string[] = [];
      for (const to of places) {
        const read = lines(rest + answer.slice(from, to));
        found.push(...read.whole);
        rest = read.rest;
        from = to;
      }
      expect(found).toEqual(all);
      expect(rest).toBe('');
    }),
  );
});

test('a line that says that it broke off is an error with its code', () => {
  expect(() => take(NOTHING, { error: 'internal' })).toThrow('broke off');
});

test('calls beyond those that are shown are counted', () => {
  const call = { effect: 'would_deny' } as never;
  const many = Array.from({ length: 2003 }).reduce<typeof NOTHING>((so) => take(so, { call }), NOTHING);
  expect(many.calls).toHaveLength(2000);
  expect(many.more).toBe(3);
});
