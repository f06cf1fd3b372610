import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences } from './differences';
import { readChangeFilters } from './filters';

test('only what differs is named, by its path', () => {
  const before = { role: 'viewer', email: 'bob@example.com', labels: { site: 'berlin' } };
  const after = { role: 'admin', email: 'bob@example.com', labels: { site: 'paris' } };
  expect(differences(before, after)).toEqual([
    { path: 'role', before: 'viewer', after: 'admin' },
    { path: 'labels.site', before: 'berlin', after: 'paris' },
  ]);
});

test('what was made has no before, what was removed no after, and fields that say nothing are left out', () => {
  expect(differences(null, { name: 'Payments', ends: null })).toEqual([
    { path: 'name', before: undefined, after: 'Payments' },
  ]);
  expect(differences({ enabled: true }, null)).toEqual([
    { path: 'enabled', before: 'true', after: undefined },
  ]);
  expect(differences(null, null)).toEqual([]);
});

test('a list is one value', () => {
  expect(differences({ names: ['a'] }, { names: ['a', 'b'] })).toEqual([
    { path: 'names', before: '["a"]', after: '["a","b"]' },
  ]);
});

test('a value does not differ from itself, and differs from nothing unless it is empty', () => {
  fc.assert(
    fc.property(fc.object(), (value) => {
      expect(differences(value, structuredClone(value))).toEqual([]);
      const there = differences(null, value);
      expect(differences(value, null)).toHaveLength(there.length);
    }),
  );
});

test('filters in the address that are none are left out', () => {
  expect(
    readChangeFilters({ action: 'member', actor: 7, subject: '', after: 'soon', stranger: 'x' }),
  ).toEqual({
    action: 'member',
  });
  expect(readChangeFilters({ after: '2026-11-01' })).toEqual({ after: '2026-11-01' });
});
