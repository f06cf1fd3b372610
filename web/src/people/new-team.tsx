import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { me } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Card } from '@/ui/surface';
import { useSend } from '@/ui/use-send';

export function NewTeam() {
  const { org } = useOrg();
  const refusal = useRefusal('teams');
  const client = useQueryClient();
  const [name, setName] = useState('');
  const add = useSend(
    (body: Schemas['CreateTeamBody']) =>
      ask(api.POST('/v1/orgs/{org}/teams', { params: { path: { org } }, body })),
    [org, 'teams'],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { name: name.trim() },
      {
        onSuccess: () => {
          setName('');
          void client.invalidateQueries({ queryKey: me.queryKey });
        },
      },
    );
  };
  const problem = add.error ? problemOf(add.error) : null;
  return (
    <Card>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3 p-5">
        <Field
          label="New team"
          placeholder="Payments"
          required
          maxLength={100}
          value={name}
          disabled={Boolean(refusal)}
          error={problem?.field('/name') ?? problem?.field('/slug')}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={add.isPending} refusal={refusal} disabled={name.trim() === ''}>
          Add team
        </Button>
        {problem && !problem.items.length && (
          <div className="basis-full">
            <ProblemNotice error={problem} />
          </div>
        )}
      </form>
    </Card>
  );
}
