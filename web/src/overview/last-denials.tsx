import { Link } from '@tanstack/react-router';
import type { Schemas } from '@/api/client';
import { isParked, VerdictBadge } from '@/log/verdict';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/surface';
import { When } from '@/ui/time';

/** What was refused last, each leading to how that came about. */
export function LastDenials({ denials }: { denials: Schemas['EventView'][] }) {
  const { org } = useOrg();
  return (
    <Card>
      <CardHead title="Last refused">
        <Button asChild small look="quiet">
          <Link to="/o/$org/log" params={{ org }} search={{ verdict: 'deny' }}>
            All refused
          </Link>
        </Button>
      </CardHead>
      {denials.length === 0 && (
        <p className="px-5 pb-5 text-soft">None so far: agents get by with what they may do.</p>
      )}
      <ul className="divide-y divide-line">
        {denials.map((event) => (
          <li key={event.id}>
            <Link
              to="/o/$org/log"
              params={{ org }}
              search={{ verdict: 'deny', event: event.id }}
              className="grid gap-0.5 px-5 py-2.5 hover:bg-well/60 focus-visible:-outline-offset-2"
            >
              <span className="flex items-center gap-2">
                <VerdictBadge verdict={event.verdict} waits={isParked(event)} />
                <span className="truncate font-mono text-[0.92rem]">{event.tool ?? event.method}</span>
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
  );
}
