/** What the console reads, each thing in one place with its key. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { pages } from './pages';
import { problemOf } from './problem';
import type { operations } from './schema';

export type EventFilter = NonNullable<operations['list_events']['parameters']['query']>;

export const me = queryOptions({
  queryKey: ['me'],
  queryFn: () => ask(api.GET('/v1/me')),
  staleTime: 60_000,
});

/** What comes with this installation, beside what every one has. */
export const installation = queryOptions({
  queryKey: ['installation'],
  queryFn: () => ask(api.GET('/v1/installation')),
  staleTime: Number.POSITIVE_INFINITY,
});

export const signIns = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async () =>
    (await pages((query) => ask(api.GET('/v1/me/sessions', { params: { query } })))).flatMap(
      (page) => page.sessions,
    ),
});

export const org = (org: string) =>
  queryOptions({
    queryKey: [org, 'org'],
    queryFn: () => ask(api.GET('/v1/orgs/{org}', { params: { path: { org } } })),
    staleTime: 60_000,
  });

export const teams = (org: string) =>
  queryOptions({
    queryKey: [org, 'teams'],
    queryFn: async () =>
      (
        await pages((query) => ask(api.GET('/v1/orgs/{org}/teams', { params: { path: { org }, query } })))
      ).flatMap((page) => page.teams),
  });

export const servers = (org: string) =>
  queryOptions({
    queryKey: [org, 'servers'],
    queryFn: async () =>
      (
        await pages((query) => ask(api.GET('/v1/orgs/{org}/servers', { params: { path: { org }, query } })))
      ).flatMap((page) => page.servers),
  });

export const server = (org: string, server: string) =>
  queryOptions({
    queryKey: [org, 'servers', server],
    queryFn: () => ask(api.GET('/v1/orgs/{org}/servers/{server}', { params: { path: { org, server } } })),
  });

export const tools = (org: string, server: string) =>
  queryOptions({
    queryKey: [org, 'servers', server, 'tools'],
    queryFn: async () =>
      (
        await pages((query) =>
          ask(api.GET('/v1/orgs/{org}/servers/{server}/tools', { params: { path: { org, server }, query } })),
        )
      ).flatMap((page) => page.tools),
  });

export const policies = (org: string, server: string) =>
  queryOptions({
    queryKey: [org, 'servers', server, 'policies'],
    queryFn: async () =>
      (
        await pages((query) =>
          ask(
            api.GET('/v1/orgs/{org}/servers/{server}/policies', { params: { path: { org, server }, query } }),
          ),
        )
      ).flatMap((page) => page.policies),
  });

/** What is published under a name; `null` while nothing is. */
export const policy = (org: string, server: string, policy: string) =>
  queryOptions({
    queryKey: [org, 'servers', server, 'policies', policy],
    queryFn: async () => {
      try {
        return await ask(
          api.GET('/v1/orgs/{org}/servers/{server}/policies/{policy}', {
            params: { path: { org, server, policy } },
          }),
        );
      } catch (error) {
        if (problemOf(error).status === 404) return null;
        throw error;
      }
    },
  });

export const versions = (org: string, server: string, policy: string) =>
  queryOptions({
    queryKey: [org, 'servers', server, 'policies', policy, 'versions'],
    queryFn: async () =>
      (
        await pages((query) =>
          ask(
            api.GET('/v1/orgs/{org}/servers/{server}/policies/{policy}/versions', {
              params: { path: { org, server, policy }, query },
            }),
          ),
        )
      ).flatMap((page) => page.versions),
  });

export const version = (org: string, server: string, policy: string, version: number) =>
  queryOptions({
    queryKey: [org, 'servers', server, 'policies', policy, 'versions', version],
    queryFn: () =>
      ask(
        api.GET('/v1/orgs/{org}/servers/{server}/policies/{policy}/versions/{version}', {
          params: { path: { org, server, policy, version } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const identities = (org: string, team: string) =>
  queryOptions({
    queryKey: [org, 'teams', team, 'identities'],
    queryFn: async () =>
      (
        await pages((query) =>
          ask(api.GET('/v1/orgs/{org}/teams/{team}/identities', { params: { path: { org, team }, query } })),
        )
      ).flatMap((page) => page.identities),
  });

export const grants = (org: string, team: string) =>
  queryOptions({
    queryKey: [org, 'teams', team, 'grants'],
    queryFn: async () =>
      (
        await pages((query) =>
          ask(api.GET('/v1/orgs/{org}/teams/{team}/grants', { params: { path: { org, team }, query } })),
        )
      ).flatMap((page) => page.grants),
  });

export const tokens = (org: string, team: string, identity: string) =>
  queryOptions({
    queryKey: [org, 'teams', team, 'identities', identity, 'tokens'],
    queryFn: async () =>
      (
        await pages((query) =>
          ask(
            api.GET('/v1/orgs/{org}/teams/{team}/identities/{identity}/tokens', {
              params: { path: { org, team, identity }, query },
            }),
          ),
        )
      ).flatMap((page) => page.tokens),
  });

export const eventsPage = (org: string, query: EventFilter) =>
  ask(api.GET('/v1/orgs/{org}/events', { params: { path: { org }, query } }));

export const recentEvents = (org: string, query: EventFilter, everyMs: number | false) =>
  queryOptions({
    queryKey: [org, 'events', 'recent', query],
    queryFn: async () => (await eventsPage(org, query)).events,
    refetchInterval: everyMs,
  });
