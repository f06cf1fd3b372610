import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { me } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Confirm, Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';

/** Renames a team for people, or removes one that holds nothing. */
export function TeamActions({ team }: { team: Schemas['TeamView'] }) {
  const { org } = useOrg();
  const refusal = useRefusal('teams');
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const path = { org, team: team.slug };
  const rename = useSend(
    (name: string) => ask(api.PATCH('/v1/orgs/{org}/teams/{team}', { params: { path }, body: { name } })),
    [org, 'teams'],
  );
  const remove = useSend(
    () => ask(api.DELETE('/v1/orgs/{org}/teams/{team}', { params: { path } })),
    [org, 'teams'],
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    rename.mutate(name, { onSuccess: () => setOpen(false) });
  };
  const fault = rename.error ? problemOf(rename.error).field('/name') : undefined;
  return (
    <span className="flex gap-2">
      <Button small refusal={refusal} onClick={() => setOpen(true)}>
        Rename
      </Button>
      <Confirm
        title={`Remove the team ${team.name}?`}
        action="Remove"
        run={async () => {
          await remove.mutateAsync(undefined);
          await client.invalidateQueries({ queryKey: me.queryKey });
          toast.success(`The team ${team.name} is gone`);
        }}
        trigger={(show) => (
          <Button small look="danger" refusal={refusal} onClick={show}>
            Remove
          </Button>
        )}
      >
        Only a team without identities and grants can go. Roles on it and invitations to it end; the log keeps
        what happened.
      </Confirm>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Rename ${team.name}`}
        lead={`The name in addresses stays ${team.slug}, so that agents keep finding it.`}
      >
        <form onSubmit={submit} className="grid gap-4">
          <Field label="Name" name="name" required maxLength={100} defaultValue={team.name} error={fault} />
          {rename.error && !fault && <ProblemNotice error={rename.error} />}
          <Button type="submit" look="main" busy={rename.isPending}>
            Rename
          </Button>
        </form>
      </Dialog>
    </span>
  );
}
