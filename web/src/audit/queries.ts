import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import { type ChangeFilters, queryOf } from './filters';

export type Change = Schemas['ChangeView'];

const PAGE = 50;

/** Newest first, older ones as they are asked for. */
export const changes = (org: string, filters: ChangeFilters) =>
  infiniteQueryOptions({
    queryKey: [org, 'changes', filters],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET('/v1/orgs/{org}/changes', {
          params: {
            path: { org },
            query: { ...queryOf(filters), limit: PAGE, ...(pageParam && { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
