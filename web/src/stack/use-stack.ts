import { useQueries, useQuery } from '@tanstack/react-query';
import type { Schemas } from '@/api/client';
import { grants, policy, servers, teams, tools } from '@/api/queries';
import { type Piece, rowsOf, type StackRow } from './rows';

export type Stack = { rows: StackRow[]; servers: number; pending: boolean; error: unknown };

/** All servers, their tools, and the policies by which grants of the caller's teams reach them. */
export function useStack(org: string): Stack {
  const allServers = useQuery(servers(org));
  const allTeams = useQuery(teams(org));
  const known = allServers.data ?? [];
  const granted = useQueries({ queries: (allTeams.data ?? []).map((team) => grants(org, team.slug)) });
  const listed = useQueries({ queries: known.map((server) => tools(org, server.slug)) });
  const used = inForce(granted.flatMap((answer) => answer.data ?? []));
  const documents = useQueries({ queries: used.map((one) => policy(org, one.server, one.policy)) });
  const answers = [allServers, allTeams, ...granted, ...listed, ...documents];
  const pieces = known.map(
    (server, at): Piece => ({
      server,
      tools: listed[at]?.data ?? [],
      policies: used.flatMap((one, index) => {
        const document = documents[index]?.data?.document;
        return one.server === server.slug && document !== undefined
          ? [{ slug: one.policy, grants: one.grants, document }]
          : [];
      }),
    }),
  );
  return {
    rows: rowsOf(pieces),
    servers: known.length,
    pending: answers.some((answer) => answer.isPending),
    error: answers.find((answer) => answer.error)?.error ?? null,
  };
}

/** The policies that active grants name, each once. */
function inForce(list: Schemas['GrantView'][]) {
  const found = new Map<string, { server: string; policy: string; grants: number }>();
  for (const grant of list) {
    if (grant.status !== 'active' || !grant.policy) continue;
    const key = `${grant.server}/${grant.policy}`;
    const before = found.get(key) ?? { server: grant.server, policy: grant.policy, grants: 0 };
    found.set(key, { ...before, grants: before.grants + 1 });
  }
  return [...found.values()];
}
