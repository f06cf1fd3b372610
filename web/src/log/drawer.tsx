import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronUp } from 'lucide-react';
import type { Schemas } from '@/api/client';
import { countedIn } from '@/overview/limits';
import { useOrg, useRefusal } from '@/shell/use-org';
import { IconButton } from '@/ui/button';
import { cx } from '@/ui/class';
import { CopyIcon } from '@/ui/copy';
import { Dialog } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Code, Pair, Pairs, Skeleton } from '@/ui/surface';
import { recordedCall } from './detail';
import { EventActions, OthersLikeIt } from './event-actions';
import { Explanation } from './explanation';
import { duration, isParked, outcomeText, VerdictBadge } from './verdict';

type Event = Schemas['EventView'];

type Props = {
  /** The event that the address names; it need not be among the rows. */
  id: string | undefined;
  events: Event[];
  open: (id: string | undefined) => void;
};

/** One decision in full: what was decided, how that came about, and what can be done about it. */
export function EventDrawer({ id, events, open }: Props) {
  const { org } = useOrg();
  const mayRead = useRefusal('policies') === undefined;
  const index = events.findIndex((event) => event.id === id);
  const detail = useQuery({ ...recordedCall(org, id ?? '', mayRead), enabled: id !== undefined });
  const event = index >= 0 ? events[index] : detail.data;
  const newer = index > 0 ? events[index - 1] : undefined;
  const older = index >= 0 ? events[index + 1] : undefined;
  return (
    <Dialog
      open={id !== undefined}
      onOpenChange={() => open(undefined)}
      side
      title={event?.tool ?? event?.method ?? 'Decision'}
      lead={event ? new Date(event.at).toLocaleString() : undefined}
      aside={
        <span className="flex">
          <IconButton label="Newer" disabled={!newer} onClick={() => open(newer?.id)}>
            <ChevronUp aria-hidden className="size-4" />
          </IconButton>
          <IconButton label="Older" disabled={!older} onClick={() => open(older?.id)}>
            <ChevronDown aria-hidden className="size-4" />
          </IconButton>
        </span>
      }
    >
      {!event && detail.error && <ProblemNotice error={detail.error} retry={() => void detail.refetch()} />}
      {!event && !detail.error && <Skeleton rows={6} />}
      {event && (
        <>
          <Decision event={event} />
          <EventActions event={event} />
          <Explanation org={org} event={event.id} />
          <Counters taken={event.taken} />
          <Facts event={event} />
          <OthersLikeIt event={event} />
        </>
      )}
    </Dialog>
  );
}

function Decision({ event }: { event: Event }) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <VerdictBadge verdict={event.verdict} waits={isParked(event)} />
        <span className="text-soft">{outcomeText(event)}</span>
      </div>
      {event.message && (
        <p
          className={cx(
            'rounded-lg p-3 [overflow-wrap:anywhere]',
            isParked(event) ? 'bg-ask-wash' : 'bg-deny-wash',
          )}
        >
          {event.message}
        </p>
      )}
      {event.unchecked && (
        <p className="rounded-lg bg-hide-wash p-3 text-hide">
          A limit could not be checked at that moment, and its rule says to go on without.
        </p>
      )}
    </>
  );
}

/** What the call took from limits, and how they stood. */
function Counters({ taken }: { taken: Event['taken'] }) {
  if (taken.length === 0) return null;
  return (
    <section aria-label="Counters" className="grid gap-1.5">
      <h3 className="font-medium">Counters</h3>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {taken.map((one, index) => (
          <li key={index} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-3 py-2">
            <span className="font-mono text-[0.92rem] break-all">{one.counter}</span>
            <span className="grow text-[0.9rem] text-soft">
              {countedIn(one)}, for the {one.scope}
            </span>
            <span className="tabular-nums">
              {one.after == null ? `${one.amount} taken` : `${one.before} → ${one.after} of ${one.max}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ event }: { event: Event }) {
  const { org } = useOrg();
  const none = (what: string) => <span className="text-soft">{what}</span>;
  return (
    <Pairs>
      {event.rule && (
        <Pair name="Rule">
          <Code>{event.rule}</Code>
        </Pair>
      )}
      <Pair name="Policy">
        {event.policy && event.server ? (
          <Link
            to="/o/$org/servers/$server/policies/$policy"
            params={{ org, server: event.server, policy: event.policy }}
            className="prose-link"
          >
            {event.policy}, version {event.policy_version}
          </Link>
        ) : (
          none('none in force')
        )}
      </Pair>
      <Pair name="Identity">
        {event.identity_label ?? 'removed'} <Code>{event.identity}</Code>
      </Pair>
      <Pair name="Server">{event.server ?? none('none of the caller’s')}</Pair>
      <Pair name="Method">
        <Code>{event.method}</Code>
      </Pair>
      {event.category && <Pair name="Class">{event.category}</Pair>}
      {event.client && (
        <Pair name="Client">
          {event.client.name} {event.client.version}
        </Pair>
      )}
      {event.session && (
        <Pair name="Session">
          <Code>{event.session}</Code>
        </Pair>
      )}
      <Pair name="Arguments given">
        {event.arguments.length === 0 ? (
          none('none')
        ) : (
          <span className="flex flex-wrap gap-1.5">
            {event.arguments.map((name) => (
              <Code key={name}>{name}</Code>
            ))}
          </span>
        )}
      </Pair>
      {event.approval && (
        <Pair name="Approval">
          <Link
            to="/o/$org/approvals/$approval"
            params={{ org, approval: event.approval }}
            className="prose-link"
          >
            {event.verdict === 'deny' ? 'What it waits for' : 'What let it pass'}
          </Link>
        </Pair>
      )}
      <Pair name="Decided">
        <time dateTime={event.at}>{new Date(event.at).toISOString()}</time>
      </Pair>
      {event.outcome && <Pair name="Upstream took">{duration(event.outcome.latency_us)}</Pair>}
      <Pair name="Grant">{event.grant ? <Code>{event.grant}</Code> : none('none')}</Pair>
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
  );
}
