import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { teams } from '@/api/queries';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Field, Select } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';
import { invitations } from './queries';
import { DUTIES, RoleSelect } from './role-select';

/** Whom to invite, as what, and where. */
export function InviteForm({ done }: { done: () => void }) {
  const { org } = useOrg();
  const { data: places = [] } = useQuery(teams(org));
  const [role, setRole] = useState<Schemas['Role']>('viewer');
  const send = useSend(
    (body: Schemas['CreateInvitationBody']) =>
      ask(api.POST('/v1/orgs/{org}/invitations', { params: { path: { org } }, body })),
    invitations(org).queryKey,
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { email: String(form.get('email')).trim(), role, team: String(form.get('team')) || null };
    send.mutate(body, {
      onSuccess: (sent) => {
        toast.success(`An invitation to ${sent.email} is on its way`);
        done();
      },
    });
  };
  const fault = send.error ? problemOf(send.error).field('/email') : undefined;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label="Email"
        name="email"
        type="email"
        autoComplete="off"
        required
        maxLength={254}
        error={fault}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <RoleSelect
          label="Role"
          value={role}
          hint={DUTIES[role]}
          onChange={(next) => next && setRole(next)}
        />
        <Select
          label="Where"
          name="team"
          choices={[
            { value: '', label: 'The whole organisation' },
            ...places.map((team) => ({ value: team.slug, label: `Team ${team.name} only` })),
          ]}
        />
      </div>
      {send.error && !fault && <ProblemNotice error={send.error} />}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-[0.88rem] text-soft">The link in the mail works for seven days, once.</p>
        <Button type="submit" look="main" busy={send.isPending}>
          Send the invitation
        </Button>
      </div>
    </form>
  );
}
