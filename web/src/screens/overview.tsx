import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Hand } from 'lucide-react';
import type { ReactNode } from 'react';
import { recentEvents, servers } from '@/api/queries';
import { useWaiting } from '@/approvals/use-waiting';
import { Histogram } from '@/log/histogram';
import { summary } from '@/log/summary';
import { VerdictBadge } from '@/log/verdict';
import { limitsReached } from '@/overview/limits';
import { LimitsCard } from '@/overview/limits-card';
import { Unconfirmed } from '@/shell/unconfirmed';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Card, CardHead, Empty, Page, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';

/** The newest decisions that the figures are made of; the API gives at most so many at once. */
const LOOKED_AT = 200;

export function Overview() {
  const { org } = useOrg();
  const list = useQuery(servers(org));
  const events = useQuery(recentEvents(org, { limit: LOOKED_AT }, 5000));
  const found = summary(events.data ?? []);
  const nothing = list.data?.length === 0 || events.data?.length === 0;
  return (
    <Page title="Overview" lead="What your agents have been doing.">
      <Unconfirmed />
      {(events.error ?? list.error) && (
        <ProblemNotice error={events.error ?? list.error} retry={() => void events.refetch()} />
      )}
      <Waiting org={org} />
      {nothing && <Welcome org={org} hasServers={(list.data?.length ?? 0) > 0} />}
      {events.isPending && (
        <Card>
          <Skeleton rows={5} />
        </Card>
      )}
      {events.data && events.data.length > 0 && (
        <>
          <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
            <Figure name="Calls" value={String(found.calls)} note={found.span} />
            <Figure
              name="Denied"
              value={String(found.denied)}
              note={found.calls ? `${Math.round((100 * found.denied) / found.calls)} % of them` : ''}
            />
            <Figure name="Identities" value={String(found.identities)} note="that called" />
            <Figure name="Servers" value={String(list.data?.length ?? '–')} note="registered" />
          </div>
          <Card>
            <CardHead title="Calls over time" lead={`The last ${found.calls} decisions`} />
            <Histogram events={events.data} />
          </Card>
          <LimitsCard limits={limitsReached(events.data)} />
          <div className="grid gap-6 lg:grid-cols-2">
            <Card>
              <CardHead title="Most called" />
              <ol className="grid gap-2.5 px-5 pb-5">
                {found.tools.map(({ name, count, denied }) => (
                  <li key={name} className="grid gap-1">
                    <span className="flex justify-between gap-3">
                      <Link
                        to="/o/$org/log"
                        params={{ org }}
                        search={{ tool: name }}
                        className="truncate font-mono text-[0.92rem] underline-offset-4 hover:underline"
                      >
                        {name}
                      </Link>
                      <span className="text-[0.9rem] whitespace-nowrap text-soft">
                        {count}
                        {denied > 0 && `, ${denied} denied`}
                      </span>
                    </span>
                    <span aria-hidden className="flex h-1.5 overflow-hidden rounded-full bg-well">
                      <span
                        className="bg-accent"
                        style={{ width: `${(100 * (count - denied)) / (found.tools[0]?.count ?? 1)}%` }}
                      />
                      <span
                        className="bg-deny"
                        style={{ width: `${(100 * denied) / (found.tools[0]?.count ?? 1)}%` }}
                      />
                    </span>
                  </li>
                ))}
              </ol>
            </Card>
            <Card>
              <CardHead title="Last denials">
                <Button asChild small look="quiet">
                  <Link to="/o/$org/log" params={{ org }} search={{ verdict: 'deny' }}>
                    All denials
                  </Link>
                </Button>
              </CardHead>
              {found.denials.length === 0 && <p className="px-5 pb-5 text-soft">None among these calls.</p>}
              <ul className="divide-y divide-line">
                {found.denials.map((event) => (
                  <li key={event.id}>
                    <Link
                      to="/o/$org/log"
                      params={{ org }}
                      search={{ verdict: 'deny', event: event.id }}
                      className="grid gap-0.5 px-5 py-2.5 hover:bg-well/60 focus-visible:-outline-offset-2"
                    >
                      <span className="flex items-center gap-2">
                        <VerdictBadge verdict={event.verdict} />
                        <span className="truncate font-mono text-[0.92rem]">
                          {event.tool ?? event.method}
                        </span>
                        <span className="ml-auto text-[0.88rem] text-soft">
                          <When at={event.at} />
                        </span>
                      </span>
                      <span className="truncate text-[0.9rem] text-soft">
                        {event.identity_label ?? event.identity}: {event.message}
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            </Card>
          </div>
        </>
      )}
    </Page>
  );
}

/** Calls that somebody has to decide on; nothing when there are none. */
function Waiting({ org }: { org: string }) {
  const count = useWaiting();
  if (!count) return null;
  return (
    <Link
      to="/o/$org/approvals"
      params={{ org }}
      search={{}}
      className="flex items-center gap-3 rounded-xl border border-ask/40 bg-ask-wash px-4 py-3 hover:border-ask"
    >
      <Hand aria-hidden className="size-4 text-ask" />
      <span className="font-medium">
        {count === 1 ? 'One call waits' : `${count} calls wait`} for approval
      </span>
      <span className="ml-auto text-ask">Decide</span>
    </Link>
  );
}

function Figure({ name, value, note }: { name: string; value: string; note: ReactNode }) {
  return (
    <Card className="grid gap-0.5 p-4">
      <span className="text-[0.9rem] text-soft">{name}</span>
      <span className="text-[1.7rem] leading-tight font-semibold tabular-nums">{value}</span>
      <span className="text-[0.85rem] text-soft">{note}</span>
    </Card>
  );
}

function Welcome({ org, hasServers }: { org: string; hasServers: boolean }) {
  return (
    <Card>
      <Empty
        title={hasServers ? 'Waiting for the first call' : 'Put your first server under a policy'}
        action={
          <Button asChild look="main">
            <Link to="/o/$org/start" params={{ org }} search={{}}>
              {hasServers ? 'Go on setting up' : 'Get started'}
            </Link>
          </Button>
        }
      >
        {hasServers
          ? 'Once an agent calls a tool through the gateway, its decisions are shown here.'
          : 'Four steps and about five minutes: register an MCP server, choose what agents may do, give one of them access, and watch its first call arrive.'}
      </Empty>
    </Card>
  );
}
