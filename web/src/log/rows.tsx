import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Schemas } from '@/api/client';
import { cx } from '@/ui/class';
import { When } from '@/ui/time';
import { useNarrow } from '@/ui/use-narrow';
import { isParked, outcomeText, VerdictBadge } from './verdict';

type Event = Schemas['EventView'];

const COLUMNS = [
  { name: 'When', width: '8.5rem' },
  { name: 'Decision', width: '6.5rem' },
  { name: 'Tool', width: 'minmax(9rem,1.2fr)' },
  { name: 'Server', width: 'minmax(6rem,0.8fr)' },
  { name: 'Identity', width: 'minmax(7rem,1fr)' },
  { name: 'Result', width: 'minmax(9rem,1.4fr)' },
];
const GRID = { gridTemplateColumns: COLUMNS.map(({ width }) => width).join(' ') };
/** A line, and on a phone two. */
const ROW_PX = 44;
const NARROW_ROW_PX = 66;
/** What stands beside the result on a phone: seen as a whole when it is short. */
const BESIDE = 'max-w-[35%] shrink-0';
/** Rows below the last one in view at which older ones are asked for. */
const AHEAD = 20;

type Props = {
  events: Event[];
  open: (id: string) => void;
  more: () => void;
  hasMore: boolean;
  /** Whether the newest rows are in view: what comes in does not push away what somebody reads. */
  onTop: (top: boolean) => void;
};

/** Only the rows in view are in the page, however many are loaded. Arrow keys go from row to row, Enter opens one. */
export function Rows({ events, open, more, hasMore, onTop }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const [current, setCurrent] = useState<string | null>(null);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? NARROW_ROW_PX : ROW_PX),
    getItemKey: (index) => events[index]?.id ?? index,
    overscan: 12,
  });
  // Rows of another height are measured anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height hangs on it
  useEffect(() => rows.measure(), [narrow, rows]);
  const items = rows.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastSeen >= events.length - AHEAD) more();
  }, [lastSeen, events.length, hasMore, more]);
  const stop = events.some((event) => event.id === current) ? current : events[0]?.id;
  const press = (pressed: KeyboardEvent) => {
    const from = events.findIndex((event) => event.id === stop);
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: events.length - 1 }[pressed.key];
    const next = to === undefined ? undefined : events[to];
    if (to === undefined || !next || pressed.target === scroller.current) return;
    pressed.preventDefault();
    setCurrent(next.id);
    rows.scrollToIndex(to);
    focusSoon(scroller.current, next.id);
  };
  return (
    <div
      ref={scroller}
      role="table"
      aria-label="Decisions"
      aria-rowcount={hasMore ? -1 : events.length + 1}
      tabIndex={0}
      onKeyDown={press}
      onScroll={(event) => onTop(event.currentTarget.scrollTop < ROW_PX)}
      className="max-h-[max(24rem,calc(100dvh-14rem))] overflow-auto focus-visible:-outline-offset-2"
    >
      <div
        role="rowgroup"
        className="sticky top-0 z-10 border-y border-line bg-paper max-md:sr-only md:min-w-[52rem]"
      >
        <div
          role="row"
          aria-rowindex={1}
          style={GRID}
          className="grid px-5 py-2 text-[0.85rem] font-medium text-soft"
        >
          {COLUMNS.map(({ name }) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        className="relative max-md:border-t max-md:border-line md:min-w-[52rem]"
        style={{ height: rows.getTotalSize() }}
      >
        {items.map((item) => {
          const event = events[item.index];
          return (
            event && (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className="absolute inset-x-0 border-b border-line/70"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                <Row
                  event={event}
                  narrow={narrow}
                  stop={event.id === stop}
                  open={() => {
                    setCurrent(event.id);
                    open(event.id);
                  }}
                />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

/** The row may be drawn only once it has been scrolled to. */
function focusSoon(scroller: HTMLElement | null, id: string): void {
  const find = () => scroller?.querySelector<HTMLElement>(`[data-event="${CSS.escape(id)}"]`);
  const there = find();
  if (there) there.focus();
  else requestAnimationFrame(() => find()?.focus());
}

type RowProps = { event: Event; narrow: boolean; stop: boolean; open: () => void };

function Row({ event, narrow, stop, open }: RowProps) {
  const name = (
    <span role="cell" className="min-w-0 pr-3">
      <button
        type="button"
        data-event={event.id}
        tabIndex={stop ? 0 : -1}
        onClick={open}
        className="block max-w-full truncate text-left font-mono text-[0.9rem] after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
      >
        {event.tool ?? event.method}
      </button>
    </span>
  );
  const cell = (children: React.ReactNode, className = '') => (
    <span role="cell" className={cx('min-w-0 truncate', className)}>
      {children}
    </span>
  );
  const decision = cell(<VerdictBadge verdict={event.verdict} waits={isParked(event)} />);
  const when = cell(<When at={event.at} />, 'text-soft');
  const server = cell(event.server ?? '–', narrow ? BESIDE : 'pr-3');
  const identity = cell(event.identity_label ?? event.identity, narrow ? BESIDE : 'pr-3');
  const result = cell(event.verdict === 'deny' ? event.message : outcomeText(event), 'text-soft');
  const shape = 'relative h-full text-[0.93rem] hover:bg-well/60';
  if (narrow)
    return (
      <div className={cx(shape, 'grid grid-cols-[minmax(0,1fr)] content-center gap-0.5 px-4')}>
        <div className="flex items-center gap-2 *:last:ml-auto *:last:shrink-0 *:last:text-[0.85rem]">
          {decision}
          {name}
          {when}
        </div>
        <div className="flex gap-2 text-[0.87rem] text-soft">
          {identity}
          {server}
          {result}
        </div>
      </div>
    );
  return (
    <div className={cx(shape, 'grid items-center px-5')} style={GRID}>
      {when}
      {decision}
      {name}
      {server}
      {identity}
      {result}
    </div>
  );
}
