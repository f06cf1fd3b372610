import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import { me } from '@/api/queries';
import { useOrg } from '@/shell/use-org';

/** The people behind account ids, as far as the caller may know them: only admins see the list of members. */
export function useAuthors(): (id: string | null | undefined) => string {
  const { org, role } = useOrg();
  const own = useSuspenseQuery(me).data.user;
  const members = useQuery({
    queryKey: [org, 'authors'],
    queryFn: async () =>
      (await ask(api.GET('/v1/orgs/{org}/members', { params: { path: { org } } }))).members,
    enabled: role === 'admin',
    staleTime: 60_000,
  });
  return (id) => {
    if (!id) return 'somebody who has left';
    if (id === own.id) return 'you';
    return members.data?.find((member) => member.user === id)?.email ?? id;
  };
}
