import type { Schemas } from '@/api/client';

type Event = Schemas['EventView'];

const TOOLS = 6;
const DENIALS = 5;

/** What a list of decisions, newest first, comes to: the tools most called, and what was refused last. */
export function summary(events: Event[]) {
  const tools = new Map<string, { name: string; count: number; denied: number }>();
  for (const event of events) {
    if (!event.tool) continue;
    const row = tools.get(event.tool) ?? { name: event.tool, count: 0, denied: 0 };
    tools.set(event.tool, {
      ...row,
      count: row.count + 1,
      denied: row.denied + (event.verdict === 'deny' ? 1 : 0),
    });
  }
  return {
    tools: [...tools.values()].sort((a, b) => b.count - a.count).slice(0, TOOLS),
    denials: events.filter((event) => event.verdict === 'deny').slice(0, DENIALS),
  };
}
