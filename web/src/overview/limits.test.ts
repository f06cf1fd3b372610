import { expect, test } from 'vitest';
import { countedFor, countedIn, share } from './limits';

const nobody = { identity: null, server: null, team: null, keyed: false };

test('a limit says whose calls it counts', () => {
  for (const [limit, words] of [
    [{ scope: 'grant', identity: 'alice', server: 'orders' }, 'alice on orders'],
    [{ scope: 'grant', team: 'payments', server: 'orders' }, 'team payments on orders'],
    [{ scope: 'session', identity: 'alice', keyed: true }, 'one session of alice, for one key'],
    [{ scope: 'identity' }, 'an identity'],
    [{ scope: 'org' }, 'everybody'],
  ] as const) {
    expect(countedFor({ ...nobody, ...limit })).toBe(words);
  }
});

test('a limit says whether its window is aligned', () => {
  expect(countedIn({ window: 'day', rolling: false })).toBe('per day');
  expect(countedIn({ window: '90 seconds', rolling: true })).toBe('in any 90 seconds');
});

test('a bar is never longer than its place', () => {
  expect(share({ used: '48.5', max: '50' })).toBe(97);
  expect(share({ used: '60', max: '50' })).toBe(100);
  expect(share({ used: '0', max: '0' })).toBe(0);
});
