import { api, ask } from '@/api/client';

type Place = { org: string; server: string; policy: string };

/** Publishes a text byte for byte. `version` is the one it was written over; 0 for a first one. */
export function publish({ org, server, policy }: Place, text: string, version: number) {
  const guard: Record<string, string> =
    version === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` };
  return ask(
    api.PUT('/v1/orgs/{org}/servers/{server}/policies/{policy}', {
      params: { path: { org, server, policy } },
      body: {},
      bodySerializer: () => text,
      headers: { 'content-type': 'application/json', ...guard },
    }),
  );
}
