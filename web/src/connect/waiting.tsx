import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { recentEvents } from '@/api/queries';
import { VerdictBadge } from '@/log/verdict';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';

const EVERY_MS = 1200;

type Props = { org: string; identity: string; since?: string };

/** Turns green with the first call of an identity. */
export function Waiting({ org, identity, since }: Props) {
  const events = useQuery(
    recentEvents(org, { identity, limit: 1, ...(since ? { after: since } : {}) }, EVERY_MS),
  );
  const first = events.data?.[0];
  if (events.error) return <ProblemNotice error={events.error} retry={() => void events.refetch()} />;
  return (
    <div
      role="status"
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border p-4 ${first ? 'border-allow/50 bg-allow-wash' : 'border-line bg-well'}`}
    >
      {first ? (
        <>
          <CircleCheck aria-hidden className="size-5 text-allow" />
          <span className="font-medium">The first call is here</span>
          <VerdictBadge verdict={first.verdict} />
          <span className="font-mono text-[0.9rem] break-all">{first.tool ?? first.method}</span>
          <Button asChild small className="ml-auto">
            <Link to="/o/$org/log" params={{ org }} search={{ identity, event: first.id }}>
              Open the decision
            </Link>
          </Button>
        </>
      ) : (
        <>
          <span aria-hidden className="relative flex size-3">
            <span className="absolute inline-flex size-full animate-ping rounded-full bg-accent opacity-60" />
            <span className="relative inline-flex size-3 rounded-full bg-accent" />
          </span>
          <span className="font-medium">Waiting for the first call</span>
          <span className="text-[0.93rem] text-soft">
            Ask your agent to use a tool; this turns green by itself.
          </span>
        </>
      )}
    </div>
  );
}
