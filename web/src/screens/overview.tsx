import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Hand } from 'lucide-react';
import { recentEvents, servers } from '@/api/queries';
import { useWaiting } from '@/approvals/use-waiting';
import { totals } from '@/log/brush';
import { TimeChart } from '@/log/time-chart';
import { Figures } from '@/overview/figures';
import { LastDenials } from '@/overview/last-denials';
import { LimitsCard } from '@/overview/limits-card';
import { beginning, lately, SPANS } from '@/overview/spans';
import { TopTools } from '@/overview/top-tools';
import { Unconfirmed } from '@/shell/unconfirmed';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Card, CardHead, Empty, Page, Skeleton } from '@/ui/surface';
import { Toggle } from '@/ui/toggle';

/** Refusals that are shown. */
const DENIALS = 5;

export function Overview() {
  const { org } = useOrg();
  const { over = 'day' } = useSearch({ from: '/inside/o/$org/' });
  const navigate = useNavigate({ from: '/o/$org/' });
  const span = SPANS.find((one) => one.value === over) ?? SPANS[1];
  const list = useQuery(servers(org));
  const events = useQuery(recentEvents(org, { limit: 1 }, 5000));
  const denials = useQuery(recentEvents(org, { limit: DENIALS, verdict: 'deny' }, 5000));
  const chart = useQuery(lately(org, span.minutes));
  const nothing = list.data?.length === 0 || events.data?.length === 0;
  const after = chart.data?.buckets[0]?.at ?? beginning(span.minutes, Date.now());
  const error = events.error ?? denials.error ?? list.error ?? chart.error;
  return (
    <Page title="Overview" lead="What your agents have been doing.">
      <Unconfirmed />
      {error && (
        <ProblemNotice
          error={error}
          retry={() =>
            void Promise.all([events.refetch(), denials.refetch(), list.refetch(), chart.refetch()])
          }
        />
      )}
      <Waiting org={org} />
      {nothing && <Welcome org={org} hasServers={(list.data?.length ?? 0) > 0} />}
      {events.isPending && !events.error && (
        <Card>
          <Skeleton rows={5} />
        </Card>
      )}
      {events.data && events.data.length > 0 && (
        <>
          <Figures
            org={org}
            counts={chart.data && totals(chart.data.buckets)}
            words={span.words}
            after={after}
          />
          <Card>
            <CardHead title="Calls over time" lead="Mark a stretch of it to see its calls.">
              <Toggle
                label="Time"
                value={span.value}
                choices={[...SPANS]}
                onChange={(value) =>
                  void navigate({ search: value === 'day' ? {} : { over: value }, replace: true })
                }
              />
            </CardHead>
            {chart.data ? (
              <TimeChart
                buckets={chart.data.buckets}
                widthS={chart.data.width_s}
                brushed={(search) => void navigate({ to: '/o/$org/log', params: { org }, search })}
              />
            ) : (
              !chart.error && <Skeleton rows={3} />
            )}
          </Card>
          <LimitsCard />
          <div className="grid items-start gap-6 lg:grid-cols-2">
            <TopTools minutes={span.minutes} words={span.words} after={after} />
            <LastDenials denials={denials.data ?? []} />
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
