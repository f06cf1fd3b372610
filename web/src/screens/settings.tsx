import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { me, org as orgQuery, teams } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { CopyIcon } from '@/ui/copy';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead, Code, Page, Pair, Pairs, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';
import { Account } from './account';
import { SignIns } from './sign-ins';

const ROLES = { admin: 'Admin', policy_manager: 'Policy manager', viewer: 'Viewer' } as const;

export function Settings() {
  const { org } = useOrg();
  const place = useQuery(orgQuery(org));
  return (
    <Page title="Settings">
      <Card>
        <CardHead title="Organisation" />
        {place.error && (
          <div className="p-5">
            <ProblemNotice error={place.error} />
          </div>
        )}
        {place.isPending && <Skeleton rows={3} />}
        {place.data && (
          <div className="px-5 pb-5">
            <Pairs>
              <Pair name="Name">{place.data.name}</Pair>
              <Pair name="Name in addresses">
                <Code>{place.data.slug}</Code>
              </Pair>
              <Pair name="Your role">
                {place.data.role ? ROLES[place.data.role] : 'On single teams only'}
              </Pair>
              <Pair name="Since">
                <When at={place.data.created_at} />
              </Pair>
              <Pair name="Gateways go on alone">
                up to {place.data.max_staleness_s} seconds without word from the control plane, then they
                refuse
              </Pair>
            </Pairs>
          </div>
        )}
      </Card>
      <Teams />
      <Account />
      <SignIns />
    </Page>
  );
}

function Teams() {
  const { org } = useOrg();
  const list = useQuery(teams(org));
  const refusal = useRefusal('settings');
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
      <CardHead title="Teams" lead="Each has gateway addresses, identities and grants of its own." />
      {list.isPending && <Skeleton rows={2} />}
      {list.error && (
        <div className="p-5">
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.data && (
        <ul className="divide-y divide-line border-y border-line">
          {list.data.map((team) => (
            <li key={team.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3">
              <span className="grow font-medium">{team.name}</span>
              {!team.enabled && <Badge tone="hide">Switched off</Badge>}
              <span className="flex min-w-0 items-center gap-1">
                <Code>{team.gateway_url}</Code>
                <CopyIcon text={team.gateway_url} what={`the gateway address of ${team.name}`} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3 p-5">
        <Field
          label="New team"
          placeholder="Payments"
          required
          maxLength={100}
          value={name}
          disabled={Boolean(refusal)}
          hint={refusal}
          error={problem?.field('/name') ?? problem?.field('/slug')}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={add.isPending} disabled={Boolean(refusal) || name.trim() === ''}>
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
