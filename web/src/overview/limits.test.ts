import { expect, test } from 'vitest';
import { limitsReached } from './limits';

const event = (rule: string, at: string, server = 'orders') => ({ rule, at, server, policy: 'main' });

test('refusals by limits are counted for each limit, the most often reached first', () => {
  const found = limitsReached([
    event('/tools/pay/limits/0', '3'),
    event('/tools/get/rate_limit', '2'),
    event('/tools/pay/limits/0', '1'),
    event('/tools/pay/action', '0'),
    event('', '0'),
  ]);
  expect(found.map(({ rule, count, last }) => [rule, count, last])).toEqual([
    ['/tools/pay/limits/0', 2, '3'],
    ['/tools/get/rate_limit', 1, '2'],
  ]);
});

test('the same rule of another server is another limit', () => {
  expect(
    limitsReached([event('/tools/a/limits/0', '1'), event('/tools/a/limits/0', '1', 'other')]),
  ).toHaveLength(2);
});
