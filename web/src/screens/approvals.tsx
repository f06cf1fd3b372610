import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { approvals } from '@/approvals/queries';
import { Queue } from '@/approvals/queue';
import { Request } from '@/approvals/request';
import { step, waiting } from '@/approvals/standing';
import { useLive } from '@/approvals/watch';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { cx } from '@/ui/class';
import { Kbd } from '@/ui/kbd';
import { ProblemNotice } from '@/ui/problem';
import { Card, Code, Empty, Page, Skeleton } from '@/ui/surface';
import { Toggle } from '@/ui/toggle';
import { useKeys } from '@/ui/use-keys';
import { useNow } from '@/ui/use-now';

/** Calls that wait for a person: the queue, and beside it the one that the address names. */
export function Approvals() {
  const { org } = useOrg();
  const refusal = useRefusal('approvals');
  const { approval: open } = useParams({ strict: false });
  const { show = 'waiting' } = useSearch({ from: '/inside/o/$org/approvals' });
  const navigate = useNavigate();
  const live = useLive();
  const now = useNow(1000);
  const list = useQuery({ ...approvals(org, show), enabled: !refusal });
  const shown = show === 'waiting' ? waiting(list.data, now) : (list.data ?? []);
  const go = (by: 1 | -1) => () => {
    const next = step(shown, open, by);
    if (next)
      void navigate({
        to: '/o/$org/approvals/$approval',
        params: { org, approval: next.id },
        search: { show },
      });
  };
  useKeys({ j: go(1), k: go(-1) });
  if (refusal)
    return (
      <Page title="Approvals" refusal={refusal}>
        {null}
      </Page>
    );
  return (
    <Page
      wide
      title="Approvals"
      lead="Calls that a policy leaves to people. An approval is good for one call, exactly as it was made."
      actions={
        <span role="status" className="flex items-center gap-2 text-[0.9rem] text-soft">
          <span aria-hidden className={cx('size-2 rounded-full', live ? 'bg-accent' : 'bg-edge')} />
          {live ? 'Live' : 'Connecting…'}
        </span>
      }
    >
      {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      <div
        className={cx(
          'grid grid-cols-[minmax(0,1fr)] items-start gap-5',
          (open || shown.length > 0) && 'lg:grid-cols-[23rem_minmax(0,1fr)]',
        )}
      >
        <Card className={cx('overflow-hidden', open && 'max-lg:hidden')}>
          <div className="flex items-center justify-between gap-2 border-b border-line px-4 py-2.5">
            <Toggle
              label="Which requests"
              value={show}
              choices={[
                { value: 'waiting', label: 'Waiting' },
                { value: 'all', label: 'All' },
              ]}
              onChange={(value) =>
                void navigate({ to: '.', search: (before) => ({ ...before, show: value }), replace: true })
              }
            />
            <span className="text-[0.85rem] text-soft max-lg:hidden">
              <Kbd>j</Kbd> <Kbd>k</Kbd> move
            </span>
          </div>
          {list.isPending && <Skeleton rows={5} />}
          {list.data && shown.length === 0 && <Nothing org={org} show={show} />}
          {shown.length > 0 && <Queue list={shown} open={open} now={now} />}
        </Card>
        {open ? (
          <Request key={open} id={open} now={now} />
        ) : (
          shown.length > 0 && (
            <Card className="max-lg:hidden">
              <Empty title="Choose a request">
                <Kbd>j</Kbd> and <Kbd>k</Kbd> move through the queue, <Kbd>a</Kbd> approves and <Kbd>d</Kbd>{' '}
                denies what is open. Both ask before they do.
              </Empty>
            </Card>
          )
        )}
      </div>
    </Page>
  );
}

function Nothing({ org, show }: { org: string; show: 'waiting' | 'all' }) {
  return (
    <Empty
      title={show === 'waiting' ? 'Nothing waits' : 'No requests yet'}
      action={
        <Button asChild>
          <Link to="/o/$org/servers" params={{ org }}>
            To the policies
          </Link>
        </Button>
      }
    >
      A tool whose rule says <Code>"action": "require_approval"</Code> is parked here when an agent calls it,
      with its exact arguments, until somebody decides.
    </Empty>
  );
}
