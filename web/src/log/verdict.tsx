import { Ban, Check, Hand } from 'lucide-react';
import type { Schemas } from '@/api/client';
import { Badge } from '@/ui/surface';

/** How a call was decided. A refusal that an approval could lift waits for people. */
export function VerdictBadge({ verdict, waits }: { verdict: Schemas['Verdict']; waits?: boolean }) {
  if (verdict === 'allow')
    return (
      <Badge tone="allow">
        <Check aria-hidden className="size-3.5" />
        Allowed
      </Badge>
    );
  if (waits)
    return (
      <Badge tone="ask">
        <Hand aria-hidden className="size-3.5" />
        Asked
      </Badge>
    );
  return (
    <Badge tone="deny">
      <Ban aria-hidden className="size-3.5" />
      Denied
    </Badge>
  );
}

type Told = Pick<Schemas['EventView'], 'verdict' | 'outcome' | 'approval'>;

/** Whether the call was refused until people approve it. */
export function isParked({ verdict, approval }: Told): boolean {
  return verdict === 'deny' && Boolean(approval);
}

/** What became of a call, in a few words. */
export function outcomeText(event: Told): string {
  if (isParked(event)) return 'not forwarded; people were asked';
  if (event.verdict === 'deny') return 'not forwarded';
  if (!event.outcome) return 'no outcome known';
  const { end, status, latency_us } = event.outcome;
  const time = duration(latency_us);
  if (end === 'not_sent') return 'could not be sent';
  if (end === 'broken') return `broke off after ${time}`;
  return `${status ?? 'answered'} in ${time}`;
}

/** Microseconds as milliseconds, as finely as is worth reading. */
export function duration(us: number): string {
  return us < 10_000 ? `${(us / 1000).toFixed(1)} ms` : `${Math.round(us / 1000)} ms`;
}
