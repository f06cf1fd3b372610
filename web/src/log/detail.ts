import { queryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import type { TraceStep } from '@/policy/try/explain';

/** A rule that matches, and by what. */
export type Layer = { pointer: string; matched: string };

/** A decision with how it came about; its trace is told more precisely here than in the API's document. */
export type RecordedCall = Omit<Schemas['EventDetailView'], 'explanation'> & {
  explanation?: { agrees: boolean; trace?: { steps: TraceStep[]; layers?: Layer[] } | null } | null;
};

/** One decision. `values`: with captured argument values, which the caller has to be allowed to see. */
export const recordedCall = (org: string, event: string, values: boolean) =>
  queryOptions({
    queryKey: [org, 'events', 'one', event, values],
    queryFn: async () => {
      const detail: unknown = await ask(
        api.GET('/v1/orgs/{org}/events/{event}', {
          params: { path: { org, event }, query: { values } },
        }),
      );
      return detail as RecordedCall;
    },
  });
