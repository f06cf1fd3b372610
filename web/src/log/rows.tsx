import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Schemas } from '@/api/client';
import { When } from '@/ui/time';
import { outcomeText, VerdictBadge } from './verdict';

type Event = Schemas['EventView'];

const COLUMNS =
  'grid grid-cols-[8.5rem_6.5rem_minmax(9rem,1.2fr)_minmax(7rem,1fr)_minmax(7rem,1fr)_minmax(9rem,1.4fr)]';
const ROW_PX = 44;

type Props = {
  events: Event[];
  open: (id: string) => void;
  more: () => void;
  hasMore: boolean;
};

/** Only the rows in view are in the page, however many are loaded. */
export function Rows({ events, open, more, hasMore }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => events[index]?.id ?? index,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= events.length - 20) more();
  }, [last, events.length, hasMore, more]);
  return (
    <div
      ref={scroller}
      role="table"
      aria-label="Decisions"
      aria-rowcount={hasMore ? -1 : events.length + 1}
      tabIndex={0}
      className="max-h-[calc(100dvh-19rem)] min-h-80 overflow-auto"
    >
      <div role="rowgroup" className="sticky top-0 z-10 min-w-[56rem] border-b border-line bg-paper">
        <div
          role="row"
          aria-rowindex={1}
          className={`${COLUMNS} px-5 py-2 text-[0.85rem] font-medium text-soft`}
        >
          {['When', 'Decision', 'Tool', 'Server', 'Identity', 'Result'].map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="relative min-w-[56rem]" style={{ height: rows.getTotalSize() }}>
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
                <Row event={event} open={open} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function Row({ event, open }: { event: Event; open: (id: string) => void }) {
  return (
    <div className={`${COLUMNS} relative h-full items-center px-5 text-[0.93rem] hover:bg-well/60`}>
      <span role="cell" className="text-soft">
        <When at={event.at} />
      </span>
      <span role="cell">
        <VerdictBadge verdict={event.verdict} />
      </span>
      <span role="cell" className="min-w-0 pr-3">
        <button
          type="button"
          onClick={() => open(event.id)}
          className="block max-w-full truncate text-left font-mono text-[0.9rem] after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {event.tool ?? event.method}
        </button>
      </span>
      <span role="cell" className="truncate pr-3">
        {event.server ?? '–'}
      </span>
      <span role="cell" className="truncate pr-3">
        {event.identity_label ?? event.identity}
      </span>
      <span role="cell" className="truncate text-soft">
        {event.verdict === 'deny' ? event.message : outcomeText(event)}
      </span>
    </div>
  );
}
