import { queryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';

/** A decision with how it came about. */
export type RecordedCall = Schemas['EventDetailView'];

/** One decision. `values`: with captured argument values, which the caller has to be allowed to see. */
export const recordedCall = (org: string, event: string, values: boolean) =>
  queryOptions({
    queryKey: [org, 'events', 'one', event, values],
    queryFn: () =>
      ask(
        api.GET('/v1/orgs/{org}/events/{event}', {
          params: { path: { org, event }, query: { values } },
        }),
      ),
  });
