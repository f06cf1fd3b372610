import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { GrantList } from '@/access/grant-list';
import { IdentityActions } from '@/access/identity-actions';
import { TokenList } from '@/access/token-list';
import { grants, identities } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead, Empty, Page, Skeleton } from '@/ui/surface';
import { NotFound } from './not-found';

export function Identity() {
  const { org } = useOrg();
  const { team, identity: id } = useParams({ from: '/inside/o/$org/access/$team/$identity' });
  const refusal = useRefusal('access', team);
  const people = useQuery(identities(org, team));
  const granted = useQuery(grants(org, team));
  const identity = people.data?.find((one) => one.id === id);
  if (people.error)
    return (
      <Page title="Identity">
        <ProblemNotice error={people.error} retry={() => void people.refetch()} />
      </Page>
    );
  if (people.isPending) return <Skeleton rows={6} />;
  if (!identity) return <NotFound />;
  const held = granted.data?.filter((grant) => grant.identity === id || grant.identity === null) ?? [];
  return (
    <Page
      above={
        <Link
          to="/o/$org/access"
          params={{ org }}
          search={{ team }}
          className="text-[0.93rem] text-soft hover:text-ink"
        >
          Access / {team} /
        </Link>
      }
      title={
        <span className="flex flex-wrap items-center gap-3">
          {identity.label}
          <Badge>{identity.kind}</Badge>
          {!identity.enabled && <Badge tone="hide">Switched off</Badge>}
        </span>
      }
      lead={identity.email ?? undefined}
      refusal={refusal}
      actions={
        <>
          <Button asChild>
            <Link to="/o/$org/log" params={{ org }} search={{ identity: id }}>
              Its calls
            </Link>
          </Button>
          <IdentityActions team={team} identity={identity} />
        </>
      }
    >
      <Card>
        <TokenList team={team} identity={identity} servers={held.map((grant) => grant.server)} />
      </Card>
      <Card>
        <CardHead title="Grants" lead="What it may use; those of the whole team are among them." />
        {granted.isPending && <Skeleton rows={2} />}
        {granted.data && held.length === 0 && (
          <Empty title="It may use nothing">Give it access to a server from the list of identities.</Empty>
        )}
        {held.length > 0 && <GrantList team={team} grants={held} />}
      </Card>
    </Page>
  );
}
