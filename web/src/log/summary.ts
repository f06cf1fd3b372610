import type { Schemas } from '@/api/client';

type Event = Schemas['EventView'];

/** What a list of decisions, newest first, comes to. */
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
  const denials = events.filter((event) => event.verdict === 'deny');
  return {
    calls: events.length,
    denied: denials.length,
    identities: new Set(events.map((event) => event.identity)).size,
    tools: [...tools.values()].sort((a, b) => b.count - a.count).slice(0, 6),
    denials: denials.slice(0, 5),
    span: spanOf(events),
  };
}

function spanOf(events: Event[]): string {
  const oldest = events.at(-1);
  if (!oldest) return '';
  const minutes = Math.max(1, Math.round((Date.now() - Date.parse(oldest.at)) / 60_000));
  if (minutes < 90) return `in ${minutes} min`;
  return minutes < 48 * 60 ? `in ${Math.round(minutes / 60)} h` : `in ${Math.round(minutes / 1440)} days`;
}

export type Bar = { from: number; to: number; allowed: number; denied: number };

/** The decisions in equal stretches of time, oldest first. */
export function bars(events: Event[], count: number, now: number): Bar[] {
  const times = events.map((event) => Date.parse(event.at));
  const first = Math.min(now - 60_000, ...times);
  const width = (now - first) / count;
  const list = Array.from({ length: count }, (_, index) => ({
    from: first + index * width,
    to: first + (index + 1) * width,
    allowed: 0,
    denied: 0,
  }));
  events.forEach((event, at) => {
    const index = Math.min(count - 1, Math.max(0, Math.floor(((times[at] ?? first) - first) / width)));
    const bar = list[index];
    if (bar) bar[event.verdict === 'deny' ? 'denied' : 'allowed'] += 1;
  });
  return list;
}
