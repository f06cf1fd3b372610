import type { EventFilter } from '@/api/queries';

type Outcome = NonNullable<EventFilter['outcome']>;

/** The log's filters as they stand in the address bar, each under the name that the API gives it. */
export type Filters = {
  server?: string | undefined;
  identity?: string | undefined;
  grant?: string | undefined;
  tool?: string | undefined;
  verdict?: 'allow' | 'deny' | undefined;
  outcome?: Outcome | undefined;
  rule?: string | undefined;
  approval?: string | undefined;
  text?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
  /** The event whose drawer is open. */
  event?: string | undefined;
};

const TEXTS = [
  'server',
  'identity',
  'grant',
  'tool',
  'rule',
  'approval',
  'text',
  'after',
  'before',
  'event',
] as const;

/** What became of a call, in words. */
export const OUTCOMES: Record<Outcome, string> = {
  allowed: 'Allowed',
  denied: 'Denied',
  parked: 'Waiting for approval',
  not_sent: 'Could not be sent',
  broken: 'Broke off',
};

/** Reads them from an address; what is not understood is left out. */
export function readFilters(search: Record<string, unknown>): Filters {
  const filters: Filters = {};
  for (const name of TEXTS) {
    const value = search[name];
    const written = typeof value === 'number' ? String(value) : value;
    if (typeof written === 'string' && written !== '') filters[name] = written;
  }
  if (search.verdict === 'allow' || search.verdict === 'deny') filters.verdict = search.verdict;
  if (typeof search.outcome === 'string' && Object.hasOwn(OUTCOMES, search.outcome))
    filters.outcome = search.outcome as Outcome;
  if (filters.after && Number.isNaN(Date.parse(filters.after))) delete filters.after;
  if (filters.before && Number.isNaN(Date.parse(filters.before))) delete filters.before;
  return filters;
}

/** What the API is asked for. */
export function queryOf(filters: Filters): EventFilter {
  const { event: _, ...query } = filters;
  return query;
}

/** How many filters narrow the list. */
export function count(filters: Filters): number {
  return Object.values(queryOf(filters)).filter((value) => value !== undefined).length;
}

/** Whether calls that happen from now on can be among these. */
export function reachesNow({ before }: Filters, now: number): boolean {
  return before === undefined || Date.parse(before) > now;
}
