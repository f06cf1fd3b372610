import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Navigate, useSearch } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { me } from '@/api/queries';
import { ROLES, refusalOf } from '@/shell/use-org';
import { Front } from './front';
import { NoOrg } from './no-org';

/** Where public pages lead to with a server: in which organisation it is to be registered, when there are several. */
export function Register() {
  const wanted = useSearch({ from: '/inside/register' });
  const { memberships } = useSuspenseQuery(me).data;
  const [first, second] = memberships;
  if (!first) return <NoOrg />;
  if (!second) return <Navigate to="/o/$org/register" params={{ org: first.org }} search={wanted} replace />;
  return (
    <Front
      title={`Register ${wanted.name ?? 'a server'}`}
      lead="In which of your organisations? Its teams can then be given access."
    >
      <ul className="grid gap-2">
        {memberships.map(({ org, role = null }) => (
          <li key={org}>
            <Link
              to="/o/$org/register"
              params={{ org }}
              search={wanted}
              className="flex items-center gap-3 rounded-xl border border-line px-4 py-3 hover:border-edge hover:bg-well/60"
            >
              <span className="min-w-0 grow truncate font-medium">{org}</span>
              {refusalOf('servers', [role]) && <Lock aria-hidden className="size-3.5 text-soft" />}
              <span className="text-[0.9rem] text-soft">{role ? ROLES[role] : 'On a team only'}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Front>
  );
}
