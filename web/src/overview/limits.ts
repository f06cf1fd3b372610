/** Limits that refused calls, as far as the recorded decisions tell: the rule that decided is that of the limit. */
import type { Schemas } from '@/api/client';

type Event = Pick<Schemas['EventView'], 'rule' | 'server' | 'policy' | 'at'>;
export type Reached = {
  rule: string;
  server: string | null;
  policy: string | null;
  count: number;
  last: string;
};

const LIMIT = /\/(limits\/\d+|rate_limit)$/;

/** Most often reached first. Events come newest first. */
export function limitsReached(events: Event[]): Reached[] {
  const found = new Map<string, Reached>();
  for (const { rule, server = null, policy = null, at } of events) {
    if (!LIMIT.test(rule)) continue;
    const key = JSON.stringify([server, policy, rule]);
    const before = found.get(key) ?? { rule, server, policy, count: 0, last: at };
    found.set(key, { ...before, count: before.count + 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}
