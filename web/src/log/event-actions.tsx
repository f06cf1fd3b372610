import { Link } from '@tanstack/react-router';
import { FlaskConical, ShieldCheck } from 'lucide-react';
import type { Schemas } from '@/api/client';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';

type Event = Schemas['EventView'];

/** What follows from a decision: a test that keeps it so, or a draft that changes it. */
export function EventActions({ event }: { event: Event }) {
  const { org } = useOrg();
  const refusal = useRefusal('policies');
  const { server, policy, tool, verdict } = event;
  if (!server || !policy || !tool || event.method !== 'tools/call') return null;
  return (
    <div className="flex flex-wrap gap-2">
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
    </div>
  );
}

/** Ways from one decision to others that have something in common with it. */
export function OthersLikeIt({ event }: { event: Event }) {
  const { org } = useOrg();
  const { tool, rule, identity } = event;
  return (
    <div className="flex flex-wrap gap-2 border-t border-line pt-4">
      {tool && (
        <Button asChild small>
          <Link to="/o/$org/log" params={{ org }} search={{ tool }}>
            Calls of this tool
          </Link>
        </Button>
      )}
      <Button asChild small>
        <Link to="/o/$org/log" params={{ org }} search={{ identity }}>
          Calls of this identity
        </Link>
      </Button>
      {rule && (
        <Button asChild small>
          <Link to="/o/$org/log" params={{ org }} search={{ rule }}>
            Decisions of this rule
          </Link>
        </Button>
      )}
    </div>
  );
}
