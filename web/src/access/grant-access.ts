import { api, ask, type Schemas } from '@/api/client';
import { pages } from '@/api/pages';

export const KINDS: { value: Schemas['IdentityKind']; label: string }[] = [
  { value: 'agent', label: 'Agent' },
  { value: 'person', label: 'Person' },
  { value: 'service', label: 'Service' },
];

export type Wanted = {
  org: string;
  team: string;
  server: string;
  label: string;
  kind: Schemas['IdentityKind'];
  policy: string | null;
  expiresAt: string | null;
};

export type Access = {
  identity: Schemas['IdentityView'];
  server: string;
  url: string;
  token: string;
  team: string;
};

/**
 * Makes the identity, or takes the one of that label; then the grant, unless it holds that server already; then a token.
 * Tried again after a failure halfway, it goes on from there.
 */
export async function grantAccess(wanted: Wanted): Promise<Access> {
  const { org, team } = wanted;
  const path = { org, team };
  const identities = (
    await pages((query) =>
      ask(api.GET('/v1/orgs/{org}/teams/{team}/identities', { params: { path, query } })),
    )
  ).flatMap((page) => page.identities);
  const identity =
    identities.find((one) => one.label === wanted.label) ??
    (await ask(
      api.POST('/v1/orgs/{org}/teams/{team}/identities', {
        params: { path },
        body: { label: wanted.label, kind: wanted.kind, labels: {} },
      }),
    ));
  const grants = (
    await pages((query) => ask(api.GET('/v1/orgs/{org}/teams/{team}/grants', { params: { path, query } })))
  ).flatMap((page) => page.grants);
  const held = grants.find(
    (grant) => grant.identity === identity.id && grant.server === wanted.server && grant.status === 'active',
  );
  if (!held) {
    await ask(
      api.POST('/v1/orgs/{org}/teams/{team}/grants', {
        params: { path },
        body: {
          identity: identity.id,
          server: wanted.server,
          policy: wanted.policy,
          expires_at: wanted.expiresAt,
        },
      }),
    );
  } else if (held.policy !== wanted.policy) {
    await ask(
      api.PATCH('/v1/orgs/{org}/teams/{team}/grants/{grant}', {
        params: { path: { ...path, grant: held.id } },
        body: { policy: wanted.policy },
      }),
    );
  }
  const minted = await ask(
    api.POST('/v1/orgs/{org}/teams/{team}/identities/{identity}/tokens', {
      params: { path: { ...path, identity: identity.id } },
      body: { name: wanted.label, expires_at: wanted.expiresAt },
    }),
  );
  return {
    identity,
    team,
    server: wanted.server,
    token: minted.token,
    url: `${minted.gateway_url}/${wanted.server}`,
  };
}
