import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { servers } from '@/api/queries';
import { useWaiting } from '@/approvals/use-waiting';
import type { Counts } from '@/log/brush';
import { Card } from '@/ui/surface';

type Props = { org: string; counts: Counts | undefined; words: string; after: string };

/** The numbers of a time, each leading to what it counts. */
export function Figures({ org, counts, words, after }: Props) {
  const waiting = useWaiting();
  const list = useQuery(servers(org));
  const calls = counts && counts.allowed + counts.denied + counts.parked;
  const log = { to: '/o/$org/log', params: { org } } as const;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure name="Calls" value={calls} note={`in ${words}`} link={{ ...log, search: { after } }} />
      <Figure
        name="Denied"
        value={counts?.denied}
        note={share(counts?.denied, calls)}
        link={{ ...log, search: { outcome: 'denied', after } }}
      />
      <Figure
        name="Waiting for approval"
        value={waiting}
        note={counts?.parked ? `${counts.parked.toLocaleString('en')} asked for in ${words}` : 'right now'}
        link={{ to: '/o/$org/approvals', params: { org }, search: {} }}
      />
      <Figure
        name="Servers"
        value={list.data?.length}
        note="registered"
        link={{ to: '/o/$org/servers', params: { org } }}
      />
    </div>
  );
}

/** "3 % of them". */
function share(part: number | undefined, whole: number | undefined): string {
  if (!part || !whole) return 'of them';
  const percent = (100 * part) / whole;
  return `${percent < 1 ? 'less than 1' : Math.round(percent)} % of them`;
}

type FigureProps = { name: string; value: number | undefined; note: ReactNode; link: LinkProps };

function Figure({ name, value, note, link }: FigureProps) {
  return (
    <Card className="relative grid content-start gap-0.5 p-4 hover:border-edge">
      <Link
        {...link}
        className="text-[0.9rem] text-soft after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent"
      >
        {name}
      </Link>
      <span className="text-[1.7rem] leading-tight font-semibold tabular-nums">
        {value === undefined ? '–' : value.toLocaleString('en')}
      </span>
      <span className="text-[0.85rem] text-soft">{note}</span>
    </Card>
  );
}
