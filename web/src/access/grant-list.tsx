import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { policies } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { CopyIcon } from '@/ui/copy';
import { Confirm } from '@/ui/dialog';
import { Select } from '@/ui/field';
import { Badge } from '@/ui/surface';
import { Table, Td, Th } from '@/ui/table';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';

type Grant = Schemas['GrantView'];

const TONES = { active: 'allow', expired: 'hide', revoked: 'deny' } as const;

export function GrantList({ team, grants }: { team: string; grants: Grant[] }) {
  return (
    <Table
      stacks
      label="Grants"
      head={
        <>
          <Th>Holder</Th>
          <Th>Server</Th>
          <Th>Policy</Th>
          <Th>State</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </>
      }
    >
      {grants.map((grant) => (
        <GrantRow key={grant.id} team={team} grant={grant} />
      ))}
    </Table>
  );
}

function GrantRow({ team, grant }: { team: string; grant: Grant }) {
  const { org } = useOrg();
  const refusal = useRefusal('access', team);
  const holder = grant.identity ? (grant.identity_label ?? grant.identity) : 'the whole team';
  const path = { org, team, grant: grant.id };
  const revoke = useSend(
    () => ask(api.DELETE('/v1/orgs/{org}/teams/{team}/grants/{grant}', { params: { path } })),
    [org, 'teams', team],
  );
  return (
    <tr>
      <Td>
        {grant.identity ? (
          <Link
            to="/o/$org/access/$team/$identity"
            params={{ org, team, identity: grant.identity }}
            className="font-medium underline-offset-4 hover:underline"
          >
            {holder}
          </Link>
        ) : (
          holder
        )}
      </Td>
      <Td>
        <span className="flex items-center gap-1">
          <Link
            to="/o/$org/servers/$server"
            params={{ org, server: grant.server }}
            className="underline-offset-4 hover:underline"
          >
            {grant.server}
          </Link>
          {grant.gateway_url && <CopyIcon text={grant.gateway_url} what="the gateway address" />}
        </span>
      </Td>
      <Td>
        <PolicyOf team={team} grant={grant} />
      </Td>
      <Td>
        <span className="grid justify-items-start gap-0.5">
          <Badge tone={TONES[grant.status]}>{grant.status}</Badge>
          {grant.expires_at && (
            <span className="text-[0.85rem] text-soft">
              {grant.status === 'active' ? 'ends' : 'ended'} <When at={grant.expires_at} />
            </span>
          )}
        </span>
      </Td>
      <Td className="ml-auto text-right">
        <Confirm
          title={`Revoke ${holder}'s access to ${grant.server}?`}
          action="Revoke"
          run={async () => {
            await revoke.mutateAsync(undefined);
            toast.success(`Revoked: ${holder} on ${grant.server}`);
          }}
          trigger={(open) => (
            <Button small look="danger" onClick={open} refusal={refusal}>
              Revoke
            </Button>
          )}
        >
          Its calls are refused from then on. This cannot be taken back, but a new grant can be given at any
          time.
        </Confirm>
      </Td>
    </tr>
  );
}

function PolicyOf({ team, grant }: { team: string; grant: Grant }) {
  const { org } = useOrg();
  const refusal = useRefusal('attach', team);
  const { data = [] } = useQuery(policies(org, grant.server));
  const change = useSend(
    (policy: string | null) =>
      ask(
        api.PATCH('/v1/orgs/{org}/teams/{team}/grants/{grant}', {
          params: { path: { org, team, grant: grant.id } },
          body: { policy },
        }),
      ),
    [org, 'teams', team],
  );
  const known = data.some((policy) => policy.slug === grant.policy);
  return (
    <Select
      label={`Policy of ${grant.identity_label ?? 'the team'} on ${grant.server}`}
      labelHidden
      className="w-36"
      disabled={Boolean(refusal) || change.isPending}
      title={refusal}
      value={grant.policy ?? ''}
      choices={[
        ...(grant.policy && !known ? [{ value: grant.policy, label: grant.policy }] : []),
        ...data.map((policy) => ({ value: policy.slug, label: policy.slug })),
        { value: '', label: 'none: refuse all' },
      ]}
      onChange={(event) =>
        change.mutate(event.target.value || null, {
          onSuccess: () => toast.success('The grant has another policy'),
          onError: (error) => toast.error(problemOf(error).message),
        })
      }
    />
  );
}
