import { useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { me, teams } from '@/api/queries';
import { ROLES, useOrg } from '@/shell/use-org';
import { Dialog } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/surface';
import { useSend } from '@/ui/use-send';
import { type Member, members } from './queries';
import { DUTIES, RoleSelect } from './role-select';

type Change = { team?: string; role: Schemas['Role'] | null };
type Props = { member: Member | undefined; close: () => void };

/** A member's role in the organisation and on each team. Each choice takes effect as it is made. */
export function RolesDialog({ member, close }: Props) {
  return (
    <Dialog
      open={member !== undefined}
      onOpenChange={close}
      title={`Roles of ${member?.email ?? ''}`}
      lead="Each choice takes effect at once, and is in the audit of changes."
    >
      {member && <Roles member={member} />}
    </Dialog>
  );
}

function Roles({ member }: { member: Member }) {
  const { org, user } = useOrg();
  const client = useQueryClient();
  const list = useQuery(teams(org));
  const change = useSend(async ({ team, role }: Change) => {
    const path = { org, user: member.user };
    const there = team === undefined ? {} : { team };
    if (role)
      await ask(api.PATCH('/v1/orgs/{org}/members/{user}', { params: { path }, body: { role, ...there } }));
    else await ask(api.DELETE('/v1/orgs/{org}/members/{user}', { params: { path, query: there } }));
  }, members(org).queryKey);
  const set = (next: Change) =>
    change.mutate(next, {
      onSuccess: () => {
        const place = next.team ?? 'the organisation';
        toast.success(
          next.role
            ? `${member.email} is ${ROLES[next.role]} in ${place}`
            : `${member.email} is off ${place}`,
        );
        if (member.user === user) void client.invalidateQueries({ queryKey: me.queryKey });
      },
    });
  const on = (team: string) => member.teams.find((one) => one.team === team)?.role ?? null;
  return (
    <>
      <RoleSelect
        label="Throughout the organisation"
        value={member.role ?? null}
        {...(!member.role && { none: 'None: on teams only' })}
        disabled={change.isPending}
        hint={member.role ? DUTIES[member.role] : 'Sees what the teams below share, and nothing else.'}
        onChange={(role) => role && set({ role })}
      />
      {list.isPending && <Skeleton rows={2} />}
      {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <fieldset className="grid gap-3">
          <legend className="mb-2 text-[0.93rem] font-medium">
            On single teams, where it adds to the above
          </legend>
          {list.data.map((team) => (
            <RoleSelect
              key={team.id}
              label={team.name}
              value={on(team.slug)}
              none={member.role ? 'As in the organisation' : 'None'}
              disabled={change.isPending}
              onChange={(role) => set({ team: team.slug, role })}
            />
          ))}
        </fieldset>
      )}
      {change.error && <ProblemNotice error={change.error} />}
    </>
  );
}
