import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { policies, servers } from '@/api/queries';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Field, Select } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Code } from '@/ui/surface';
import { type Access, grantAccess, KINDS } from './grant-access';

type Props = { team: string; server?: string; done: (access: Access) => void };

/** Identity, grant and token in one go: who may use which server, under which policy. */
export function NewAccess({ team, server: fixed, done }: Props) {
  const { org } = useOrg();
  const client = useQueryClient();
  const { data: allServers = [] } = useQuery(servers(org));
  const [picked, setPicked] = useState('');
  const server = fixed ?? (picked || allServers[0]?.slug) ?? '';
  const { data: allPolicies = [] } = useQuery({ ...policies(org, server), enabled: server !== '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get('days'));
    setBusy(true);
    setError(null);
    try {
      const access = await grantAccess({
        org,
        team,
        server,
        label: String(form.get('label')).trim(),
        kind: KINDS.find(({ value }) => value === form.get('kind'))?.value ?? 'agent',
        policy: String(form.get('policy')) || null,
        expiresAt: days > 0 ? new Date(Date.now() + days * 86_400_000).toISOString() : null,
      });
      done(access);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: [org, 'teams'] });
    }
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Who will call"
          name="label"
          required
          maxLength={100}
          placeholder="alice-laptop"
          hint="Shown in the log. One for each person and machine."
        />
        <Select label="Kind" name="kind" choices={KINDS} defaultValue="agent" />
        {!fixed && (
          <Select
            label="Server"
            value={server}
            choices={allServers.map((one) => ({ value: one.slug, label: one.name }))}
            onChange={(event) => setPicked(event.target.value)}
          />
        )}
        <Select
          label="Policy"
          name="policy"
          key={allPolicies.map((policy) => policy.slug).join()}
          choices={[
            ...allPolicies.map((policy) => ({ value: policy.slug, label: policy.slug })),
            { value: '', label: 'None: every call is refused' },
          ]}
        />
        <Select
          label="Ends"
          name="days"
          choices={[
            { value: '0', label: 'Never, until revoked' },
            { value: '7', label: 'After 7 days' },
            { value: '30', label: 'After 30 days' },
            { value: '90', label: 'After 90 days' },
          ]}
        />
      </div>
      {error !== null && <ProblemNotice error={error} />}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-[0.88rem] text-soft">
          In the team <Code>{team}</Code>. The token is shown once.
        </p>
        <Button type="submit" look="main" busy={busy} disabled={server === ''}>
          Give access
        </Button>
      </div>
    </form>
  );
}
