import type { EventFilter } from '@/api/queries';

/** The log's filters as they stand in the address bar. */
export type Filters = {
  server?: string | undefined;
  identity?: string | undefined;
  tool?: string | undefined;
  verdict?: 'allow' | 'deny' | undefined;
  rule?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
  /** The event whose drawer is open. */
  event?: string | undefined;
};

const TEXTS = ['server', 'identity', 'tool', 'rule', 'after', 'before', 'event'] as const;

/** Reads an address; what is not understood is left out, so that an old link still opens. */
export function readFilters(search: Record<string, unknown>): Filters {
  const filters: Filters = {};
  for (const name of TEXTS) {
    const value = search[name];
    const written = typeof value === 'number' ? String(value) : value;
    if (typeof written === 'string' && written !== '') filters[name] = written;
  }
  if (search.verdict === 'allow' || search.verdict === 'deny') filters.verdict = search.verdict;
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
  return Object.keys(queryOf(filters)).length;
}
