import { Ban, Check } from 'lucide-react';
import type { Schemas } from '@/api/client';
import { Badge } from '@/ui/surface';

export function VerdictBadge({ verdict }: { verdict: Schemas['Verdict'] }) {
  return verdict === 'allow' ? (
    <Badge tone="allow">
      <Check aria-hidden className="size-3.5" />
      Allowed
    </Badge>
  ) : (
    <Badge tone="deny">
      <Ban aria-hidden className="size-3.5" />
      Denied
    </Badge>
  );
}

/** What became of a call, in a few words. */
export function outcomeText(event: Pick<Schemas['EventView'], 'verdict' | 'outcome'>): string {
  if (event.verdict === 'deny') return 'not forwarded';
  if (!event.outcome) return 'no outcome known';
  const { end, status, latency_us } = event.outcome;
  const time =
    latency_us < 10_000 ? `${(latency_us / 1000).toFixed(1)} ms` : `${Math.round(latency_us / 1000)} ms`;
  if (end === 'not_sent') return 'could not be sent';
  if (end === 'broken') return `broke off after ${time}`;
  return `${status ?? 'answered'} in ${time}`;
}
