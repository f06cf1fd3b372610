import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Schemas } from '@/api/client';
import { eventsPage, recentEvents } from '@/api/queries';
import { type Filters, queryOf } from './filters';

type Event = Schemas['EventView'];

/** How often a live log asks for what is new. */
const LIVE_MS = 1500;
/** Rows that one request brings. */
const PAGE = 100;

/** Two lists of events as one, newest first, each event once; of two copies the fresher, which is in the first. */
export function merge(fresh: Event[], older: Event[]): Event[] {
  const known = new Set(fresh.map((event) => event.id));
  return [...fresh, ...older.filter((event) => !known.has(event.id))].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** The log's rows: pages by cursor, and on top what came in since, while `live`. */
export function useEvents(org: string, filters: Filters, live: boolean) {
  const query = useMemo(() => queryOf(filters), [filters]);
  const pages = useInfiniteQuery({
    queryKey: [org, 'events', 'pages', query],
    queryFn: ({ pageParam }) =>
      eventsPage(org, { ...query, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // A look at the log starts with what is there now, not with what was seen an hour ago.
    gcTime: 0,
  });
  const recent = useQuery({
    ...recentEvents(org, { ...query, limit: PAGE }, live ? LIVE_MS : false),
    enabled: live,
  });
  const events = useMemo(() => {
    const older = pages.data?.pages.flatMap((page) => page.events) ?? [];
    return merge(recent.data ?? [], older);
  }, [pages.data, recent.data]);
  return { events, pages, error: pages.error ?? recent.error };
}
