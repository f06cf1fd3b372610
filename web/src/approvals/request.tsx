import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Check, X } from 'lucide-react';
import { useState } from 'react';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/copy';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, Code, Pair, Pairs, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { useKeys } from '@/ui/use-keys';
import { Countdown } from './countdown';
import { DecideDialog, type Decision } from './decide-dialog';
import { approval as one } from './detail';
import type { Detail } from './exact';
import type { Approval } from './queries';
import { STANDING, standsAt, whyNot } from './standing';

/** One request with all that there is to judge. */
export function Request({ id, now }: { id: string; now: number }) {
  const { org } = useOrg();
  const { data, error, refetch } = useQuery(one(org, id));
  return (
    <Card className="grid grid-cols-[minmax(0,1fr)] content-start">
      <div className="px-5 pt-4 lg:hidden">
        <Link
          to="/o/$org/approvals"
          params={{ org }}
          search={(before) => before}
          className="inline-flex items-center gap-1.5 py-1 text-[0.93rem] text-soft hover:text-ink"
        >
          <ArrowLeft aria-hidden className="size-4" />
          All requests
        </Link>
      </div>
      {error && (
        <div className="p-5">
          <ProblemNotice error={error} retry={() => void refetch()} />
        </div>
      )}
      {!error && !data && <Skeleton rows={8} />}
      {data && <Shown detail={data} now={now} />}
    </Card>
  );
}

function Shown({ detail, now }: { detail: Detail; now: number }) {
  const { view, args, call, definition } = detail;
  const status = standsAt(view, now);
  const { tone, word, text } = STANDING[status];
  return (
    <>
      <div className="grid gap-4 px-5 pt-5 pb-4">
        <div className="grid gap-1.5">
          <div className="flex flex-wrap items-center gap-2">
            <h2 className="font-mono text-[1.15rem] break-all">{view.tool}</h2>
            {view.category && <Badge>{view.category}</Badge>}
            <Badge tone={tone}>{word}</Badge>
            {(status === 'pending' || status === 'approved') && (
              <Countdown until={view.expires_at} now={now} />
            )}
          </div>
          <p className="text-soft">{text}</p>
        </div>
        {view.message && <p className="rounded-lg bg-ask-wash p-3 break-words">{view.message}</p>}
        <section aria-label="Arguments" className="grid gap-1.5">
          <h3 className="text-[0.93rem] font-medium">Arguments, exactly as sent</h3>
          {args && <CodeBlock text={args} what="the arguments" />}
          {call && !args && <p className="text-soft">The call has none.</p>}
          {!call && (
            <p className="text-soft">
              They can no longer be read: the key that sealed them is gone. Deny the request, and have the
              call made again.
            </p>
          )}
        </section>
        <Facts view={view} />
        <Said view={view} />
        {definition && (
          <details className="group">
            <summary className="cursor-pointer text-[0.93rem] font-medium">
              Definition of the tool, as it was then
            </summary>
            <div className="mt-2">
              <CodeBlock text={definition} what="the definition" />
            </div>
          </details>
        )}
        {call && (
          <details>
            <summary className="cursor-pointer text-[0.93rem] font-medium">The whole call</summary>
            <div className="mt-2">
              <CodeBlock text={call} what="the call" />
            </div>
          </details>
        )}
      </div>
      <Actions view={view} open={status === 'pending' || status === 'approved'} />
    </>
  );
}

const APPROVERS = {
  admin: 'an admin',
  policy_manager: 'an admin or a policy manager',
  team: 'an admin or a policy manager',
} as const;

function Facts({ view }: { view: Approval }) {
  const { org } = useOrg();
  return (
    <Pairs>
      <Pair name="Who calls">{view.identity_label ?? <Code>{view.identity}</Code>}</Pair>
      <Pair name="Server">
        {view.server ? (
          <Link to="/o/$org/servers/$server" params={{ org, server: view.server }} className="prose-link">
            {view.server}
          </Link>
        ) : (
          'removed since'
        )}
      </Pair>
      <Pair name="Asked by">
        <Code>{view.rule}</Code> of{' '}
        {view.policy && view.server ? (
          <Link
            to="/o/$org/servers/$server/policies/$policy"
            params={{ org, server: view.server, policy: view.policy }}
            className="prose-link"
          >
            {view.policy}
          </Link>
        ) : (
          'a removed policy'
        )}
        , version {view.policy_version}
      </Pair>
      <Pair name="It takes">
        {view.quorum === 2 ? 'two people, each ' : ''}
        {APPROVERS[view.approvers]}
      </Pair>
      <Pair name="Asked">
        <When at={view.created_at} />,{' '}
        <Link to="/o/$org/log" params={{ org }} search={{ event: view.event }} className="prose-link">
          in the log
        </Link>
        {view.used_by && (
          <>
            {' '}
            and used{' '}
            <Link to="/o/$org/log" params={{ org }} search={{ event: view.used_by }} className="prose-link">
              by this call
            </Link>
          </>
        )}
      </Pair>
    </Pairs>
  );
}

function Said({ view }: { view: Approval }) {
  if (view.decisions.length === 0) return null;
  return (
    <ul aria-label="Decisions" className="grid gap-2">
      {view.decisions.map((said) => (
        <li key={`${said.user} ${said.at}`} className="rounded-lg bg-well p-3 text-[0.95rem]">
          <span className="flex flex-wrap items-center gap-2">
            <Badge tone={said.approved ? 'allow' : 'deny'}>{said.approved ? 'Approved' : 'Denied'}</Badge>
            <span className="min-w-0 break-words">{said.email ?? said.user}</span>
            <span className="text-soft">
              <When at={said.at} />
            </span>
          </span>
          {said.reason && <p className="mt-1 break-words">{said.reason}</p>}
        </li>
      ))}
    </ul>
  );
}

/** Always in sight: at the foot of the window where the request is longer than that. */
function Actions({ view, open }: { view: Approval; open: boolean }) {
  const { user, role } = useOrg();
  const refusal = useRefusal('decide');
  const [decision, setDecision] = useState<Decision | null>(null);
  const why = open ? whyNot(view, { user, role, refusal }) : undefined;
  const pending = view.status === 'pending';
  const may = open && !why;
  useKeys({
    ...(may && pending && { a: () => setDecision('approve') }),
    ...(may && { d: () => setDecision('deny') }),
  });
  if (!open) return null;
  return (
    <div className="sticky bottom-0 grid gap-2 rounded-b-xl border-t border-line bg-sheet px-5 py-3">
      {why && <p className="text-[0.93rem] text-soft">{why}</p>}
      <div className="flex flex-wrap gap-2">
        {pending && (
          <Button look="main" className="max-sm:grow" refusal={why} onClick={() => setDecision('approve')}>
            <Check aria-hidden className="size-4" />
            Approve once
          </Button>
        )}
        <Button look="danger" className="max-sm:grow" refusal={why} onClick={() => setDecision('deny')}>
          <X aria-hidden className="size-4" />
          {pending ? 'Deny' : 'Take the approval back'}
        </Button>
      </div>
      <DecideDialog approval={view} decision={decision} close={() => setDecision(null)} />
    </div>
  );
}
