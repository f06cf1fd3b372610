/** What a condition can look at, to choose from; anything else can be typed. */
import type { Schemas } from '@/api/client';

const CALLER = [
  'identity.id',
  'identity.kind',
  'identity.label',
  'identity.email',
  'identity.labels.',
  'team.slug',
  'client.name',
  'client.version',
  'session.id',
  'time.hour',
  'time.weekday',
];
const TOOL = ['tool.name', 'tool.category', 'tool.risk', 'tool.annotations.'];

/** How deep into an input schema arguments are offered. */
const DEPTH = 3;
/** How many are offered: a list of hundreds helps nobody. */
const MOST = 60;

type Tool = Pick<Schemas['ToolView'], 'definition'>;

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function within(schema: unknown, path: string, depth: number): string[] {
  if (depth > DEPTH) return [];
  const { properties, items } = record(schema);
  const inner = Object.entries(record(properties)).flatMap(([name, one]) => {
    // A name with a dot or a bracket cannot be written in a path.
    if (!/^[^.[\]]+$/.test(name)) return [];
    const place = `${path}.${name}`;
    return [place, ...within(one, place, depth + 1)];
  });
  const element = items === undefined ? [] : [`${path}[*]`, ...within(items, `${path}[*]`, depth + 1)];
  return [...inner, ...element];
}

/** Arguments that the tools' input schemas name, each once. */
export function argumentPaths(tools: Tool[]): string[] {
  const all = tools.flatMap((tool) => within(record(tool.definition).inputSchema, 'args', 1));
  return [...new Set(all)].slice(0, MOST);
}

export function paths(tools: Tool[], subject: 'tool' | 'prompt' | 'resource'): string[] {
  return [...argumentPaths(tools), ...CALLER, ...(subject === 'tool' ? TOOL : [])];
}
