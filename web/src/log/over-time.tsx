import { useQuery } from '@tanstack/react-query';
import { ZoomOut } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/surface';
import { wider } from './brush';
import { type Filters, queryOf } from './filters';
import { histogram } from './queries';
import { TimeChart } from './time-chart';

/** How often the chart of a live log is drawn anew; a search reads much for it. */
const LIVE_MS = 5_000;
const SEARCH_MS = 30_000;

type Props = { org: string; filters: Filters; live: boolean; change: (part: Partial<Filters>) => void };

/** How many calls came out how, over the time of the filters, and ways into less of it and more. */
export function OverTime({ org, filters, live, change }: Props) {
  const query = useMemo(() => queryOf(filters), [filters]);
  const chart = useQuery(histogram(org, query, live && (filters.text ? SEARCH_MS : LIVE_MS)));
  const zoomed = filters.after !== undefined || filters.before !== undefined;
  return (
    <div>
      <div className="flex min-h-8 items-center justify-between gap-3 px-5 pb-2 text-[0.87rem] text-soft">
        <span>{zoomed ? 'Calls over this time' : 'Calls of the last 24 hours'}</span>
        {zoomed && (
          <Button
            small
            look="quiet"
            onClick={() => change({ after: undefined, before: undefined, ...wider(filters, Date.now()) })}
          >
            <ZoomOut aria-hidden className="size-4" />
            Zoom out
          </Button>
        )}
      </div>
      {chart.error && (
        <div className="px-5 pb-4">
          <ProblemNotice error={chart.error} retry={() => void chart.refetch()} />
        </div>
      )}
      {chart.isPending && <Skeleton rows={3} />}
      {chart.data && <TimeChart buckets={chart.data.buckets} widthS={chart.data.width_s} brushed={change} />}
      {chart.data?.searched_to && (
        <p className="px-5 pb-3 text-[0.87rem] text-soft">
          A search counts no further back than {new Date(chart.data.searched_to).toLocaleString()}. Narrow the
          time to count earlier calls.
        </p>
      )}
    </div>
  );
}
