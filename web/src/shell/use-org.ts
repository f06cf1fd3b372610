import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Schemas } from '@/api/client';
import { me } from '@/api/queries';

/** The organisation of this address, and what the caller may do there. */
export function useOrg(): { org: string; role: Schemas['Role'] | null; teams: string[] } {
  const { org } = useParams({ from: '/inside/o/$org' });
  const place = useSuspenseQuery(me).data.memberships.find((membership) => membership.org === org);
  return { org, role: place?.role ?? null, teams: place?.teams ?? [] };
}

const NEEDS = {
  servers: { roles: ['admin'], why: 'Only admins register and change servers.' },
  policies: { roles: ['admin', 'policy_manager'], why: 'Only admins and policy managers publish policies.' },
  access: { roles: ['admin'], why: 'Only admins hand out identities, grants and tokens.' },
  settings: { roles: ['admin'], why: 'Only admins change teams and settings.' },
} as const;

/** Why the caller may not do that; nothing when they may. The server decides; this is for saying it in time. */
export function useRefusal(area: keyof typeof NEEDS): string | undefined {
  const { role } = useOrg();
  const need = NEEDS[area];
  return need.roles.some((allowed) => allowed === role) ? undefined : need.why;
}
