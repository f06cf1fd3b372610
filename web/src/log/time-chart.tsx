import { type KeyboardEvent, type PointerEvent, useId, useState } from 'react';
import { cx } from '@/ui/class';
import { type Brush, type Bucket, barAt, first, keyed, last, type Span, spanOf, told, totals } from './brush';

/** From the bottom up, in this order. */
const PARTS = [
  { name: 'allowed', label: 'Allowed', colour: 'bg-accent/85' },
  { name: 'parked', label: 'Waiting for approval', colour: 'bg-ask' },
  { name: 'denied', label: 'Denied', colour: 'bg-deny' },
] as const;

type Props = { buckets: Bucket[]; widthS: number; brushed: (span: Span) => void };

/**
 * Calls over time, stacked by outcome. A stretch of it is marked with the pointer, a finger or the arrow keys; what is
 * marked is told below, and a table says it all to those who do not see it.
 */
export function TimeChart({ buckets, widthS, brushed }: Props) {
  const hint = useId();
  const [brush, setBrush] = useState<Brush | null>(null);
  const [dragging, setDragging] = useState(false);
  const [over, setOver] = useState<number | null>(null);
  const bars = buckets.length;
  const most = Math.max(1, ...buckets.map((bar) => bar.allowed + bar.denied + bar.parked));
  const marked = brush && last(brush) < bars ? brush : null;
  const shown = marked ?? (over === null || over >= bars ? null : { anchor: over, at: over });
  const take = (chosen: Brush | null) => {
    const span = chosen && spanOf(buckets, widthS, chosen);
    setBrush(null);
    setOver(null);
    if (span) brushed(span);
  };
  const at = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return barAt((event.clientX - left) / width, bars);
  };
  const press = (event: KeyboardEvent) => {
    const next = keyed(marked, event.key, event.shiftKey, bars);
    if (next) setBrush(next);
    else if ((event.key === 'Enter' || event.key === ' ') && marked) take(marked);
    else if (event.key === 'Escape' && marked) setBrush(null);
    else return;
    event.preventDefault();
  };
  return (
    <div className="grid gap-1.5 px-5 pb-4">
      <div
        role="slider"
        tabIndex={0}
        aria-label="A stretch of time"
        aria-describedby={hint}
        aria-valuemin={1}
        aria-valuemax={Math.max(1, bars)}
        aria-valuenow={(marked?.at ?? bars - 1) + 1}
        aria-valuetext={marked ? describe(buckets, widthS, marked) : 'nothing marked'}
        onKeyDown={press}
        onBlur={() => setBrush(null)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush({ anchor: at(event), at: at(event) });
          setDragging(true);
        }}
        onPointerMove={(event) => {
          setOver(at(event));
          if (dragging && brush) setBrush({ ...brush, at: at(event) });
        }}
        onPointerUp={() => {
          if (dragging) take(brush);
          setDragging(false);
        }}
        onPointerCancel={() => {
          setDragging(false);
          setBrush(null);
        }}
        onPointerLeave={() => setOver(null)}
        className="relative flex h-28 cursor-crosshair touch-pan-y items-end gap-px select-none sm:gap-0.5"
      >
        {buckets.map((bar, index) => (
          <div
            key={bar.at}
            className={cx(
              'pointer-events-none flex h-full flex-1 flex-col-reverse border-b border-line',
              shown && index >= first(shown) && index <= last(shown) && 'bg-accent-wash',
            )}
          >
            {PARTS.map(({ name, colour }) => (
              <div key={name} className={colour} style={{ height: `${(100 * bar[name]) / most}%` }} />
            ))}
          </div>
        ))}
      </div>
      <Axis buckets={buckets} widthS={widthS} />
      <div className="flex min-h-6 flex-wrap items-center justify-between gap-x-5 gap-y-1 text-[0.87rem] text-soft">
        <span aria-hidden>{shown ? describe(buckets, widthS, shown) : told(totals(buckets))}</span>
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {PARTS.map(({ name, label, colour }) => (
            <li key={name} className="flex items-center gap-1.5">
              <span aria-hidden className={cx('size-2.5 rounded-sm', colour)} />
              {label}
            </li>
          ))}
        </ul>
      </div>
      <p id={hint} className="sr-only">
        Arrow keys choose a bar, with Shift several, and Enter shows their calls.
      </p>
      <AsTable buckets={buckets} />
    </div>
  );
}

function Axis({ buckets, widthS }: { buckets: Bucket[]; widthS: number }) {
  const long = buckets.length * widthS > 36 * 3600;
  const label = (bar: Bucket | undefined) => bar && (long ? day(bar.at) : clock(bar.at, widthS < 60));
  return (
    <div aria-hidden className="flex justify-between text-[0.82rem] text-soft tabular-nums">
      <span>{label(buckets[0])}</span>
      <span className="max-sm:hidden">{label(buckets[Math.floor(buckets.length / 3)])}</span>
      <span className="max-sm:hidden">{label(buckets[Math.floor((2 * buckets.length) / 3)])}</span>
      <span>{label(buckets.at(-1))}</span>
    </div>
  );
}

const clock = (at: string | number, seconds: boolean) =>
  new Date(at).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  });
const day = (at: string) =>
  new Date(at).toLocaleString([], { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** A stretch in words: "10:00 to 10:30: 12 allowed, 3 denied". */
function describe(buckets: Bucket[], widthS: number, brush: Brush): string {
  const span = spanOf(buckets, widthS, brush);
  if (!span) return '';
  const counts = told(totals(buckets.slice(first(brush), last(brush) + 1)));
  return `${day(span.after)} to ${clock(span.before, widthS < 60)}: ${counts}`;
}

function AsTable({ buckets }: { buckets: Bucket[] }) {
  const some = buckets.filter((bar) => bar.allowed + bar.denied + bar.parked > 0);
  return (
    <div className="sr-only">
      <table>
        <caption>Calls over time</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {PARTS.map(({ name, label }) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {some.map((bar) => (
            <tr key={bar.at}>
              <td>{new Date(bar.at).toLocaleString()}</td>
              {PARTS.map(({ name }) => (
                <td key={name}>{bar[name]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
