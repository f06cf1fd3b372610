import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

/** The policy that suits what each tool of the server does, and why. */
export const recommended = (org: string, server: string) =>
  queryOptions({
    queryKey: [org, 'servers', server, 'recommended'],
    queryFn: () =>
      ask(
        api.GET('/v1/orgs/{org}/servers/{server}/recommended-policy', { params: { path: { org, server } } }),
      ),
    staleTime: 60_000,
  });
