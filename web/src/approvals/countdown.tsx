import { Timer } from 'lucide-react';
import { cx } from '@/ui/class';
import { left } from './standing';

const SHORT_MS = 120_000;

/** How long a request still waits. */
export function Countdown({ until, now }: { until: string; now: number }) {
  const short = Date.parse(until) - now < SHORT_MS;
  return (
    <span
      role="timer"
      title={`Until ${new Date(until).toLocaleString()}`}
      className={cx(
        'inline-flex items-center gap-1 text-[0.9rem] whitespace-nowrap tabular-nums',
        short ? 'font-semibold text-deny' : 'text-soft',
      )}
    >
      <Timer aria-hidden className="size-3.5" />
      <span className="sr-only">Ends in </span>
      {left(until, now)}
    </span>
  );
}
