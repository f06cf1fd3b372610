import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Schemas } from '@/api/client';
import { type EventFilter, eventsPage } from '@/api/queries';
import { type Filters, queryOf } from './filters';

type Event = Schemas['EventView'];
type Page = Schemas['EventsView'];
export type Pages = InfiniteData<Page, string>;

/** How often a live log asks for what is new. */
const LIVE_MS = 1500;
/** Rows that one request brings. */
const PAGE = 100;
/** Most rows of a request: what came in is asked for in as few as possible. */
const MOST = 200;
/** Requests for what came in; when there is more, the list begins anew. */
const CATCH_UP = 5;
/** How far back news are looked for: outcomes come after their decisions, and gateways deliver a little late. */
const BACK_MS = 15_000;
/** Rows at which a list that is watched for long begins anew. */
const LONGEST = 5000;
/** Pages in a row with nothing in them before somebody has to ask for more: a search may have millions to look at. */
const PATIENCE = 5;

/** Two lists of events as one, newest first, each event once; of two copies the fresher, which is in the first. */
export function merge(fresh: Event[], older: Event[]): Event[] {
  const known = new Set(fresh.map((event) => event.id));
  return [...fresh, ...older.filter((event) => !known.has(event.id))].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** The pages with news in them: known events are brought up to date where they are, new ones go to the first page. */
export function take(pages: Pages, fresh: Event[]): Pages {
  const news = new Map(fresh.map((event) => [event.id, event]));
  const current = pages.pages.map((page) => ({
    ...page,
    events: page.events.map((event) => {
      const newer = news.get(event.id);
      news.delete(event.id);
      return newer ?? event;
    }),
  }));
  const [head, ...rest] = current;
  if (!head) return pages;
  return { ...pages, pages: [{ ...head, events: merge([...news.values()], head.events) }, ...rest] };
}

/** Whether so many pages in a row had nothing that looking further back is for a person to decide. */
export function isBarren(pages: Page[]): boolean {
  const recent = pages.slice(-PATIENCE);
  return recent.length === PATIENCE && recent.every((page) => page.events.length === 0);
}

/** What came in since a moment; nothing when it is more than is worth catching up with. */
async function newsSince(org: string, query: EventFilter, since: number): Promise<Event[] | null> {
  const from = Math.max(since, query.after ? Date.parse(query.after) : 0);
  const asked = { ...query, after: new Date(from).toISOString(), limit: MOST };
  const found: Event[] = [];
  let cursor: string | null | undefined;
  for (let n = 0; n < CATCH_UP; n++) {
    const page = await eventsPage(org, { ...asked, ...(cursor ? { cursor } : {}) });
    found.push(...page.events);
    cursor = page.next_cursor;
    if (!cursor) return found;
  }
  return null;
}

/** The log's rows: pages by cursor, and on top what comes in while `live`. */
export function useEvents(org: string, filters: Filters, live: boolean) {
  const client = useQueryClient();
  const query = useMemo(() => queryOf(filters), [filters]);
  const key = [org, 'events', 'pages', query];
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) =>
      eventsPage(org, { ...query, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // A look at the log starts with what is there now, not with what was seen an hour ago.
    gcTime: 0,
  });
  const tail = useQuery({
    queryKey: [org, 'events', 'tail', query],
    enabled: live && pages.isSuccess && !pages.isFetching,
    refetchInterval: LIVE_MS,
    gcTime: 0,
    queryFn: async () => {
      const known = client.getQueryData<Pages>(key)?.pages[0];
      const newest = known?.events[0];
      const since = (newest ? Date.parse(newest.at) : pages.dataUpdatedAt) - BACK_MS;
      const news = (known?.events.length ?? 0) > LONGEST ? null : await newsSince(org, query, since);
      const anew: Pages | null = news
        ? null
        : { pages: [await eventsPage(org, { ...query, limit: PAGE })], pageParams: [''] };
      client.setQueryData<Pages>(key, (before) => anew ?? (before && take(before, news ?? [])));
      return Date.now();
    },
  });
  const loaded = pages.data?.pages;
  const events = useMemo(() => loaded?.flatMap((page) => page.events) ?? [], [loaded]);
  const barren = isBarren(loaded ?? []);
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  // A page of a search may be empty and yet be followed by one that is not.
  useEffect(() => {
    if (events.length === 0 && hasNextPage && !isFetching && !isError && !barren) void fetchNextPage();
  }, [events.length, hasNextPage, isFetching, isError, barren, fetchNextPage]);
  return { events, pages, barren, error: pages.error ?? tail.error };
}
