import { Link } from '@tanstack/react-router';
import { FlaskConical, ShieldCheck } from 'lucide-react';
import type { Schemas } from '@/api/client';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';

type Event = Schemas['EventView'];

/** What follows from a decision: a test that keeps it so, a draft that changes it, or others like it. */
export function EventActions({ event }: { event: Event }) {
  const { org } = useOrg();
  const refusal = useRefusal('policies');
  const { server, policy, tool, rule, verdict } = event;
  const judged = server && policy && tool && event.method === 'tools/call';
  return (
    <div className="flex flex-wrap gap-2">
      {judged && (
        <>
          <Button asChild small refusal={refusal}>
            <Link
              to="/o/$org/servers/$server/policies/$policy"
              params={{ org, server, policy }}
              search={{ event: event.id, as: 'test' }}
            >
              <FlaskConical aria-hidden className="size-4" />
              Add as test
            </Link>
          </Button>
          {verdict === 'deny' && (
            <Button asChild small refusal={refusal}>
              <Link
                to="/o/$org/servers/$server/policies/$policy"
                params={{ org, server, policy }}
                search={{ event: event.id, as: 'allow' }}
              >
                <ShieldCheck aria-hidden className="size-4" />
                Allow this
              </Link>
            </Button>
          )}
        </>
      )}
      {tool && (
        <Button asChild small look="quiet">
          <Link to="/o/$org/log" params={{ org }} search={{ tool }}>
            Calls of this tool
          </Link>
        </Button>
      )}
      <Button asChild small look="quiet">
        <Link to="/o/$org/log" params={{ org }} search={{ identity: event.identity }}>
          Calls of this identity
        </Link>
      </Button>
      {rule && (
        <Button asChild small look="quiet">
          <Link to="/o/$org/log" params={{ org }} search={{ rule }}>
            Decisions of this rule
          </Link>
        </Button>
      )}
    </div>
  );
}
