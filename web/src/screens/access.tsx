import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Access as Given } from '@/access/grant-access';
import { GrantList } from '@/access/grant-list';
import { NewAccess } from '@/access/new-access';
import { TokenOnce } from '@/access/token-once';
import { grants, identities } from '@/api/queries';
import { ConnectPanel } from '@/connect/connect-panel';
import { Waiting } from '@/connect/waiting';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Select } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead, Empty, Page, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';

export function Access() {
  const { org, teams } = useOrg();
  const search = useSearch({ from: '/inside/o/$org/access' });
  const navigate = useNavigate({ from: '/o/$org/access' });
  const team = search.team ?? teams[0] ?? 'default';
  const people = useQuery(identities(org, team));
  const granted = useQuery(grants(org, team));
  const refusal = useRefusal('access', team);
  const [adding, setAdding] = useState(false);
  const [given, setGiven] = useState<Given | null>(null);
  const add = (
    <Button look="main" onClick={() => setAdding(true)} refusal={refusal}>
      <Plus aria-hidden className="size-4" />
      Give access
    </Button>
  );
  const close = () => {
    setAdding(false);
    setGiven(null);
  };
  return (
    <Page
      title="Access"
      lead="Who may call which server, under which policy."
      refusal={refusal}
      actions={
        <>
          {teams.length > 1 && (
            <Select
              label="Team"
              labelHidden
              value={team}
              choices={teams.map((name) => ({ value: name, label: name }))}
              onChange={(event) => void navigate({ search: { team: event.target.value } })}
            />
          )}
          {people.data?.length ? add : null}
        </>
      }
    >
      {people.error && <ProblemNotice error={people.error} retry={() => void people.refetch()} />}
      <Card>
        <CardHead title="Identities" lead="Each person, agent and machine has its own." />
        {people.isPending && <Skeleton />}
        {people.data?.length === 0 && (
          <Empty title="Nobody has access yet" action={add}>
            Name who will call, such as alice-laptop or ci-runner, and you get a token and an address to paste
            into the client.
          </Empty>
        )}
        {people.data && people.data.length > 0 && (
          <ul className="divide-y divide-line border-t border-line">
            {people.data.map((identity) => (
              <li key={identity.id}>
                <Link
                  to="/o/$org/access/$team/$identity"
                  params={{ org, team, identity: identity.id }}
                  className="flex flex-wrap items-center gap-3 px-5 py-3.5 hover:bg-well/60 focus-visible:-outline-offset-2"
                >
                  <span className="grow font-medium">{identity.label}</span>
                  {!identity.enabled && <Badge tone="hide">Switched off</Badge>}
                  <Badge>{identity.kind}</Badge>
                  <span className="text-[0.9rem] text-soft">
                    since <When at={identity.created_at} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Card>
      {granted.error && <ProblemNotice error={granted.error} retry={() => void granted.refetch()} />}
      {granted.data && granted.data.length > 0 && (
        <Card>
          <CardHead
            title="Grants"
            lead="Revoking takes effect as soon as gateways hear of it, which takes about a second."
          />
          <GrantList team={team} grants={granted.data} />
        </Card>
      )}
      <Dialog
        open={adding}
        onOpenChange={close}
        title={given ? `${given.identity.label} has access` : 'Give access'}
        wide
      >
        {given ? (
          <>
            <TokenOnce token={given.token} />
            <ConnectPanel server={given.server} url={given.url} token={given.token} />
            <Waiting org={org} identity={given.identity.id} />
          </>
        ) : (
          <NewAccess team={team} done={setGiven} />
        )}
      </Dialog>
    </Page>
  );
}
