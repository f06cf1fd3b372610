import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

/** The times that the overview can look at. */
export const SPANS = [
  { value: 'hour', label: 'Hour', minutes: 60, words: 'the last hour' },
  { value: 'day', label: 'Day', minutes: 24 * 60, words: 'the last 24 hours' },
  { value: 'week', label: 'Week', minutes: 7 * 24 * 60, words: 'the last 7 days' },
] as const;
export type Span = (typeof SPANS)[number]['value'];

export function readSpan(value: unknown): Span | undefined {
  return SPANS.find((one) => one.value === value)?.value;
}

/** Where a span begins that ends now. */
export function beginning(minutes: number, now: number): string {
  return new Date(now - minutes * 60_000).toISOString();
}

const EVERY_MS = 10_000;
const BUCKETS = 60;

/** Calls over the last minutes, counted by the server however many there are. */
export const lately = (org: string, minutes: number) =>
  queryOptions({
    queryKey: [org, 'events', 'lately', minutes],
    queryFn: () =>
      ask(
        api.GET('/v1/orgs/{org}/events/histogram', {
          params: {
            path: { org },
            query: { after: beginning(minutes, Date.now()), buckets: BUCKETS },
          },
        }),
      ),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

/** The tools most called over the last minutes. */
export const topTools = (org: string, minutes: number) =>
  queryOptions({
    queryKey: [org, 'events', 'tools', minutes],
    queryFn: async () => {
      const query = { after: beginning(minutes, Date.now()), limit: 6 };
      return (await ask(api.GET('/v1/orgs/{org}/events/tools', { params: { path: { org }, query } }))).tools;
    },
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

/** The limits that are nearest to their maximum now. */
export const fullLimits = (org: string) =>
  queryOptions({
    queryKey: [org, 'limits'],
    queryFn: async () =>
      (await ask(api.GET('/v1/orgs/{org}/limits', { params: { path: { org }, query: { limit: 5 } } })))
        .limits,
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
