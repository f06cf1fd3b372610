import type { Schemas } from '@/api/client';
import { bars } from './summary';

const BARS = 48;

/** Bars for the eye, and the same in a table for everybody else. */
export function Histogram({ events }: { events: Schemas['EventView'][] }) {
  const list = bars(events, BARS, Date.now());
  const most = Math.max(1, ...list.map((bar) => bar.allowed + bar.denied));
  const first = list[0];
  return (
    <div className="grid gap-1.5 px-5 pb-4">
      <div aria-hidden className="flex h-28 items-end gap-px sm:gap-0.5">
        {list.map((bar) => (
          <div
            key={bar.from}
            title={`${new Date(bar.from).toLocaleTimeString()}: ${bar.allowed} allowed, ${bar.denied} denied`}
            className="flex h-full flex-1 flex-col justify-end border-b border-line"
          >
            <div className="rounded-t-sm bg-deny" style={{ height: `${(100 * bar.denied) / most}%` }} />
            <div className="bg-accent/80" style={{ height: `${(100 * bar.allowed) / most}%` }} />
          </div>
        ))}
      </div>
      <div aria-hidden className="flex justify-between text-[0.82rem] text-soft">
        <span>{first ? new Date(first.from).toLocaleString() : ''}</span>
        <span>now</span>
      </div>
      <table className="sr-only">
        <caption>Calls over time</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Allowed</th>
            <th scope="col">Denied</th>
          </tr>
        </thead>
        <tbody>
          {list
            .filter((bar) => bar.allowed + bar.denied > 0)
            .map((bar) => (
              <tr key={bar.from}>
                <td>{new Date(bar.from).toLocaleString()}</td>
                <td>{bar.allowed}</td>
                <td>{bar.denied}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
