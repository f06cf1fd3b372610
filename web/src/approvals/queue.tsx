import { Link } from '@tanstack/react-router';
import { useOrg } from '@/shell/use-org';
import { cx } from '@/ui/class';
import { Badge } from '@/ui/surface';
import { When } from '@/ui/time';
import { Countdown } from './countdown';
import type { Approval } from './queries';
import { STANDING, standsAt } from './standing';

type Props = { list: Approval[]; open: string | undefined; now: number };

export function Queue({ list, open, now }: Props) {
  const { org } = useOrg();
  return (
    <ul aria-label="Requests" className="divide-y divide-line">
      {list.map((one) => {
        const status = standsAt(one, now);
        const { tone, word } = STANDING[status];
        return (
          <li key={one.id}>
            <Link
              to="/o/$org/approvals/$approval"
              params={{ org, approval: one.id }}
              search={(before) => before}
              aria-current={one.id === open || undefined}
              className={cx(
                'grid gap-1 border-l-3 px-4 py-3 hover:bg-well/60 focus-visible:-outline-offset-2',
                one.id === open ? 'border-accent bg-well' : 'border-transparent',
              )}
            >
              <span className="flex items-center gap-2">
                <span className="min-w-0 truncate font-mono text-[0.95rem] font-medium">{one.tool}</span>
                {one.category && <Badge>{one.category}</Badge>}
                <span className="ml-auto">
                  {status === 'pending' ? (
                    <Countdown until={one.expires_at} now={now} />
                  ) : (
                    <Badge tone={tone}>{word}</Badge>
                  )}
                </span>
              </span>
              <span className="flex flex-wrap gap-x-3 text-[0.9rem] text-soft">
                <span className="min-w-0 truncate">
                  {one.identity_label ?? one.identity} → {one.server ?? 'a removed server'}
                </span>
                {one.own && <Badge tone="hide">Your own</Badge>}
                <span className="ml-auto">
                  <When at={one.created_at} />
                </span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
