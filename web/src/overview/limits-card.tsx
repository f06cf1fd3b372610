import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@/api/client';
import { useOrg } from '@/shell/use-org';
import { cx } from '@/ui/class';
import { Card, CardHead } from '@/ui/surface';
import { When } from '@/ui/time';
import { countedFor, countedIn, share } from './limits';
import { fullLimits } from './spans';

/** The limits nearest to their maximum; nothing when nothing was taken from any. */
export function LimitsCard() {
  const { org } = useOrg();
  const limits = useQuery(fullLimits(org)).data;
  if (!limits || limits.length === 0) return null;
  return (
    <Card>
      <CardHead
        title="Limits nearest to their maximum"
        lead="What was taken in the windows that are open now."
      />
      <ul className="divide-y divide-line border-t border-line">
        {limits.map((limit, index) => (
          <Limit key={index} limit={limit} />
        ))}
      </ul>
    </Card>
  );
}

function Limit({ limit }: { limit: Schemas['LimitView'] }) {
  const part = share(limit);
  return (
    <li className="grid gap-1.5 px-5 py-2.5">
      <span className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="font-mono text-[0.92rem] break-all">{limit.counter}</span>
        <span className="min-w-0 grow text-[0.9rem] text-soft [overflow-wrap:anywhere]">
          {countedFor(limit)}
        </span>
        <span className="text-[0.9rem] whitespace-nowrap tabular-nums">
          {limit.used} of {limit.max} {countedIn(limit)}
        </span>
        {!limit.rolling && (
          <span className="text-[0.9rem] whitespace-nowrap text-soft">
            anew <When at={limit.until} />
          </span>
        )}
      </span>
      <span aria-hidden className="flex h-1.5 overflow-hidden rounded-full bg-well">
        <span
          className={cx(part >= 90 ? 'bg-deny' : part >= 70 ? 'bg-ask' : 'bg-accent')}
          style={{ width: `${part}%` }}
        />
      </span>
    </li>
  );
}
