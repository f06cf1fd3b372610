import { expect, test } from 'vitest';
import type { Approval } from './queries';
import { left, standsAt, step, waiting, whyNot } from './standing';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const approval = (part: Partial<Approval> = {}): Approval => ({
  id: 'apr_1',
  status: 'pending',
  identity: 'idn_1',
  grant: 'grt_1',
  method: 'tools/call',
  tool: 'create_refund',
  policy_version: 1,
  rule: '/tools/create_refund/approval',
  message: '',
  approvers: 'policy_manager',
  quorum: 1,
  decisions: [],
  own: false,
  may_decide: true,
  event: 'evt_1',
  created_at: '2026-11-28T11:59:00Z',
  expires_at: '2026-11-28T12:30:00Z',
  updated_at: '2026-11-28T11:59:00Z',
  ...part,
});
const bob = { user: 'usr_bob', role: 'policy_manager', refusal: undefined } as const;

test('a request that has run out waits no longer, though nobody said so', () => {
  const ended = approval({ expires_at: '2026-11-28T12:00:00Z' });
  expect(standsAt(ended, NOW)).toBe('expired');
  expect(waiting([ended, approval()], NOW)).toHaveLength(1);
  expect(standsAt(approval({ status: 'denied', expires_at: ended.expires_at }), NOW)).toBe('denied');
});

test.each([
  ['own', approval({ own: true, may_decide: false }), bob, /somebody else has to/],
  ['for admins', approval({ approvers: 'admin', may_decide: false }), bob, /to admins/],
  [
    'said already',
    approval({
      may_decide: false,
      quorum: 2,
      decisions: [{ user: 'usr_bob', approved: true, at: '2026-11-28T11:59:30Z' }],
    }),
    bob,
    /nobody counts twice/,
  ],
  [
    'no role',
    approval({ may_decide: false }),
    { ...bob, role: 'viewer', refusal: 'Not you.' } as const,
    /Not you/,
  ],
])('one may not decide what is %s, and is told why', (_, one, who, why) => {
  expect(whyNot(one, who)).toMatch(why);
});

test('one may decide otherwise', () => {
  expect(whyNot(approval(), bob)).toBeUndefined();
});

test.each([
  ['2026-11-28T12:00:05Z', '0:05'],
  ['2026-11-28T12:29:59Z', '29:59'],
  ['2026-11-28T13:00:00Z', '1 h 0 min'],
  ['2026-12-05T12:00:00Z', '7 days'],
  ['2026-11-28T11:00:00Z', '0:00'],
])('until %s it says %s', (until, text) => {
  expect(left(until, NOW)).toBe(text);
});

test('stepping stays within the list, and begins at an end', () => {
  const list = ['a', 'b', 'c'].map((id) => approval({ id }));
  expect(step(list, undefined, 1)?.id).toBe('a');
  expect(step(list, 'a', 1)?.id).toBe('b');
  expect(step(list, 'c', 1)?.id).toBe('c');
  expect(step(list, 'gone', -1)?.id).toBe('c');
  expect(step([], 'a', 1)).toBeUndefined();
});
