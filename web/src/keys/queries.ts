import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';

export type Key = Schemas['KeyView'];
export type Scope = Schemas['Scope'];

export const keys = (org: string) =>
  infiniteQueryOptions({
    queryKey: [org, 'keys'],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET('/v1/orgs/{org}/keys', {
          params: { path: { org }, query: pageParam ? { cursor: pageParam } : {} },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** What each scope opens. Members, settings, keys and decisions on approvals are for people alone. */
export const SCOPES: { value: Scope; label: string; text: string }[] = [
  { value: 'read', label: 'Read', text: 'Servers, policies, identities, grants, approvals and calls.' },
  { value: 'values', label: 'Argument values', text: 'Captured values of arguments as well.' },
  { value: 'audit', label: 'Audit', text: 'Who changed what.' },
  { value: 'policies', label: 'Policies', text: 'Write policies and attach them to grants.' },
  { value: 'grants', label: 'Grants', text: 'Make, change and revoke identities, tokens and grants.' },
  { value: 'servers', label: 'Servers', text: 'Register, change and remove servers and their credentials.' },
  { value: 'teams', label: 'Teams', text: 'Make, change and remove teams.' },
];
