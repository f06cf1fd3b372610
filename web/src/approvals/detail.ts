import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import { exact } from './exact';

/** One request with its call, read as text: numbers and odd characters are shown as they were sent. */
export const approval = (org: string, id: string) =>
  queryOptions({
    queryKey: [org, 'approvals', 'one', id],
    queryFn: async () => {
      const text = await ask<string>(
        api.GET('/v1/orgs/{org}/approvals/{approval}', {
          params: { path: { org, approval: id } },
          parseAs: 'text',
        }),
      );
      return exact(text);
    },
  });
