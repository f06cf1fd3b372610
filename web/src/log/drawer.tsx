import { Link } from '@tanstack/react-router';
import type { Schemas } from '@/api/client';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { CopyIcon } from '@/ui/copy';
import { Dialog } from '@/ui/dialog';
import { Code, Pair, Pairs } from '@/ui/surface';
import { outcomeText, VerdictBadge } from './verdict';

type Event = Schemas['EventView'];

/** One decision in full. What explains it further has its place below the pairs. */
export function EventDrawer({ event, close }: { event: Event | undefined; close: () => void }) {
  return (
    <Dialog
      open={event !== undefined}
      onOpenChange={close}
      side
      title={event?.tool ?? event?.method ?? 'Decision'}
      lead={event ? new Date(event.at).toLocaleString() : undefined}
    >
      {event && <Details event={event} />}
    </Dialog>
  );
}

function Details({ event }: { event: Event }) {
  const { org } = useOrg();
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <VerdictBadge verdict={event.verdict} />
        <span className="text-soft">{outcomeText(event)}</span>
      </div>
      {event.message && <p className="rounded-lg bg-deny-wash p-3 break-words">{event.message}</p>}
      {event.unchecked && (
        <p className="rounded-lg bg-hide-wash p-3 text-hide">
          A limit could not be checked at that moment, and its rule says to go on without.
        </p>
      )}
      <Pairs>
        <Pair name="Identity">
          {event.identity_label ?? 'removed'} <Code>{event.identity}</Code>
        </Pair>
        <Pair name="Server">{event.server ?? <span className="text-soft">none of the caller's</span>}</Pair>
        <Pair name="Method">
          <Code>{event.method}</Code>
        </Pair>
        <Pair name="Arguments given">
          {event.arguments.length === 0 ? (
            <span className="text-soft">none</span>
          ) : (
            <span className="flex flex-wrap gap-1.5">
              {event.arguments.map((name) => (
                <Code key={name}>{name}</Code>
              ))}
            </span>
          )}
          <p className="mt-1 text-[0.87rem] text-soft">Names only; values are never kept.</p>
        </Pair>
        {event.rule && (
          <Pair name="Rule">
            <Code>{event.rule}</Code>
          </Pair>
        )}
        {event.policy && (
          <Pair name="Policy">
            {event.policy}, version {event.policy_version}
          </Pair>
        )}
        <Pair name="Grant">
          {event.grant ? <Code>{event.grant}</Code> : <span className="text-soft">none</span>}
        </Pair>
        <Pair name="Token">
          <Code>{event.token}</Code>
        </Pair>
        <Pair name="Gateway">
          <Code>{event.node}</Code>
        </Pair>
        <Pair name="Request id">
          <span className="flex items-center gap-1">
            <Code>{event.id}</Code>
            <CopyIcon text={event.id} what="the request id" />
          </span>
        </Pair>
      </Pairs>
      <div className="flex flex-wrap gap-2">
        {event.server && event.policy && (
          <Button asChild small>
            <Link
              to="/o/$org/servers/$server/policies/$policy"
              params={{ org, server: event.server, policy: event.policy }}
            >
              Open the policy
            </Link>
          </Button>
        )}
        {event.tool && (
          <Button asChild small>
            <Link to="/o/$org/log" params={{ org }} search={{ tool: event.tool }}>
              All calls of this tool
            </Link>
          </Button>
        )}
        {event.rule && (
          <Button asChild small>
            <Link to="/o/$org/log" params={{ org }} search={{ rule: event.rule }}>
              All decisions of this rule
            </Link>
          </Button>
        )}
      </div>
    </>
  );
}
