/** What the log asks the server for beside its pages. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import type { EventFilter } from '@/api/queries';

/** Bars that fit a phone and are still worth brushing. */
const BUCKETS = 60;

/** How many calls were decided how, over time. */
export const histogram = (org: string, query: EventFilter, everyMs: number | false) =>
  queryOptions({
    queryKey: [org, 'events', 'histogram', query],
    queryFn: () =>
      ask(
        api.GET('/v1/orgs/{org}/events/histogram', {
          params: { path: { org }, query: { ...query, buckets: BUCKETS } },
        }),
      ),
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });
