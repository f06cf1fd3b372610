import { useQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { problemOf } from '@/api/problem';
import { ROLES, useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead } from '@/ui/surface';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';
import { type Invitation, invitations } from './queries';

/** Invitations that have not been answered; nothing when there are none. */
export function InvitationList() {
  const { org } = useOrg();
  const list = useQuery(invitations(org));
  if (list.error) return <ProblemNotice error={list.error} retry={() => void list.refetch()} />;
  if (!list.data?.length) return null;
  return (
    <Card>
      <CardHead title={`Invited (${list.data.length})`} lead="Not answered yet." />
      <ul aria-label="Invitations" className="divide-y divide-line border-t border-line">
        {list.data.map((one) => (
          <Row key={one.id} invitation={one} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ invitation }: { invitation: Invitation }) {
  const { org } = useOrg();
  const refusal = useRefusal('members');
  const revoke = useSend(
    () =>
      ask(
        api.DELETE('/v1/orgs/{org}/invitations/{invitation}', {
          params: { path: { org, invitation: invitation.id } },
        }),
      ),
    invitations(org).queryKey,
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
      <span className="grid min-w-0 grow basis-52">
        <span className="font-medium break-words">{invitation.email}</span>
        <span className="text-[0.88rem] text-soft">
          sent <When at={invitation.created_at} />, ends <When at={invitation.expires_at} />
        </span>
      </span>
      <Badge>
        {invitation.team ? `${invitation.team}: ` : ''}
        {ROLES[invitation.role]}
      </Badge>
      <Button
        small
        look="danger"
        refusal={refusal}
        busy={revoke.isPending}
        onClick={() =>
          revoke.mutate(undefined, {
            onSuccess: () => toast.success(`The invitation to ${invitation.email} is taken back`),
            onError: (error) => toast.error(problemOf(error).message),
          })
        }
      >
        Take back
      </Button>
    </li>
  );
}
