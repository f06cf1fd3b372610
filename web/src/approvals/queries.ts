/** What the approvals read. A page of requests is enough to work from: those that wait end by themselves. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';

export type Approval = Schemas['ApprovalView'];
export type Show = 'waiting' | 'all';

export const approvals = (org: string, show: Show) =>
  queryOptions({
    queryKey: [org, 'approvals', show],
    queryFn: async () => {
      const query = show === 'waiting' ? ({ status: 'pending', limit: 200 } as const) : { limit: 100 };
      const page = await ask(api.GET('/v1/orgs/{org}/approvals', { params: { path: { org }, query } }));
      return page.approvals;
    },
  });
