import { queryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import { pages } from '@/api/pages';

export type Member = Schemas['MemberView'];
export type Invitation = Schemas['InvitationView'];

export const members = (org: string) =>
  queryOptions({
    queryKey: [org, 'members'],
    queryFn: async () =>
      (
        await pages((query) => ask(api.GET('/v1/orgs/{org}/members', { params: { path: { org }, query } })))
      ).flatMap((page) => page.members),
  });

export const invitations = (org: string) =>
  queryOptions({
    queryKey: [org, 'invitations'],
    queryFn: async () =>
      (
        await pages((query) =>
          ask(api.GET('/v1/orgs/{org}/invitations', { params: { path: { org }, query } })),
        )
      ).flatMap((page) => page.invitations),
  });
