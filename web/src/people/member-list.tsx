import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { ROLES, useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';
import { type Member, members } from './queries';
import { RolesDialog } from './roles-dialog';

export function MemberList() {
  const { org } = useOrg();
  const list = useQuery(members(org));
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Card>
      <CardHead title={list.data ? `Members (${list.data.length})` : 'Members'} />
      {list.isPending && <Skeleton rows={3} />}
      {list.error && (
        <div className="p-5">
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.data && (
        <ul aria-label="Members" className="divide-y divide-line border-t border-line">
          {list.data.map((member) => (
            <Row key={member.user} member={member} edit={() => setOpen(member.user)} />
          ))}
        </ul>
      )}
      <RolesDialog member={list.data?.find((one) => one.user === open)} close={() => setOpen(null)} />
    </Card>
  );
}

function Row({ member, edit }: { member: Member; edit: () => void }) {
  const { org, user } = useOrg();
  const refusal = useRefusal('members');
  const remove = useSend(
    () => ask(api.DELETE('/v1/orgs/{org}/members/{user}', { params: { path: { org, user: member.user } } })),
    members(org).queryKey,
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
      <span className="grid min-w-0 grow basis-52">
        <span className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 font-medium break-words">{member.email}</span>
          {member.user === user && <Badge>You</Badge>}
        </span>
        <span className="text-[0.88rem] text-soft">
          joined <When at={member.since} />
        </span>
      </span>
      <span className="flex flex-wrap gap-1.5">
        {member.role && (
          <Badge tone={member.role === 'admin' ? 'limit' : 'plain'}>{ROLES[member.role]}</Badge>
        )}
        {member.teams.map((on) => (
          <Badge key={on.team}>
            {on.team}: {ROLES[on.role]}
          </Badge>
        ))}
      </span>
      <span className="flex gap-2">
        <Button small refusal={refusal} onClick={edit}>
          Roles
        </Button>
        {member.user !== user && (
          <Confirm
            title={`Remove ${member.email}?`}
            action="Remove"
            run={async () => {
              await remove.mutateAsync(undefined);
              toast.success(`${member.email} is no member any more`);
            }}
            trigger={(open) => (
              <Button small look="danger" refusal={refusal} onClick={open}>
                Remove
              </Button>
            )}
          >
            They see nothing of this organisation from the next request on. Identities and tokens are not
            theirs alone: revoke those that they used under Access.
          </Confirm>
        )}
      </span>
    </li>
  );
}
