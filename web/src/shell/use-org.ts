import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Schemas } from '@/api/client';
import { me } from '@/api/queries';

type Role = Schemas['Role'];

/** How roles are called. */
export const ROLES: Record<Role, string> = {
  admin: 'Admin',
  policy_manager: 'Policy manager',
  viewer: 'Viewer',
};

/** The organisation of this address, and what the caller may do there. */
export function useOrg() {
  const { org } = useParams({ from: '/inside/o/$org' });
  const { user, memberships } = useSuspenseQuery(me).data;
  const place = memberships.find((membership) => membership.org === org);
  return {
    org,
    user: user.id,
    role: place?.role ?? null,
    teams: place?.teams ?? [],
    teamRoles: place?.team_roles ?? [],
  };
}

const ADMIN: Role[] = ['admin'];
const MANAGERS: Role[] = ['admin', 'policy_manager'];
const EVERYBODY: Role[] = ['admin', 'policy_manager', 'viewer'];

/** Who may do what, as the API has it. What belongs to a team can be done by those who have the role there alone. */
const NEEDS = {
  servers: { roles: ADMIN, why: 'Only admins register and change servers.' },
  policies: { roles: MANAGERS, why: 'Only admins and policy managers publish policies.' },
  access: { roles: ADMIN, why: 'Only admins hand out identities, grants and tokens.' },
  attach: { roles: MANAGERS, why: 'Only admins and policy managers change which policy rules a grant.' },
  approvals: {
    roles: EVERYBODY,
    why: 'Requests for approval are shown to those with a role throughout the organisation.',
  },
  decide: { roles: MANAGERS, why: 'Only admins and policy managers decide on calls that wait for approval.' },
  members: { roles: ADMIN, why: 'Only admins see and change who belongs to the organisation.' },
  teams: { roles: ADMIN, why: 'Only admins make and change teams.' },
  audit: { roles: ADMIN, why: 'Only admins read the audit of changes.' },
  keys: { roles: ADMIN, why: 'Only admins make and revoke API keys.' },
  settings: { roles: ADMIN, why: 'Only admins change settings of the organisation.' },
} as const;
export type Area = keyof typeof NEEDS;

/** Why somebody of these roles may not do that; nothing when they may. */
export function refusalOf(area: Area, roles: (Role | null)[]): string | undefined {
  const need = NEEDS[area];
  return need.roles.some((allowed) => roles.includes(allowed)) ? undefined : need.why;
}

/**
 * Why the caller may not do that, in the organisation or on this team; nothing when they may. The server decides; this is
 * for saying it in time.
 */
export function useRefusal(area: Area, team?: string): string | undefined {
  const { role, teamRoles } = useOrg();
  const there = teamRoles.filter((one) => one.team === team).map((one) => one.role);
  return refusalOf(area, [role, ...there]);
}
