import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Pause, Play } from 'lucide-react';
import { useCallback, useState } from 'react';
import { EventDrawer } from '@/log/drawer';
import { csv, download, ndjson } from '@/log/export';
import { FilterBar } from '@/log/filter-bar';
import { count, type Filters, readFilters } from '@/log/filters';
import { Rows } from '@/log/rows';
import { useEvents } from '@/log/use-events';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Card, Empty, Page, Skeleton } from '@/ui/surface';

export function Log() {
  const { org } = useOrg();
  const filters = useSearch({ from: '/inside/o/$org/log' });
  const navigate = useNavigate({ from: '/o/$org/log' });
  const [live, setLive] = useState(true);
  const { events, pages, error } = useEvents(org, filters, live);
  const { fetchNextPage, isFetchingNextPage, hasNextPage } = pages;
  const change = (part: Partial<Filters>) =>
    void navigate({ search: (before) => readFilters({ ...before, ...part }), replace: true });
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const name = `policylayer-log-${new Date().toISOString().slice(0, 10)}`;
  return (
    <Page
      wide
      title="Log"
      lead="Every decision of the gateway, on disk before the call went on. Argument values are never kept."
      actions={
        <>
          <Button onClick={() => setLive(!live)} aria-pressed={live}>
            {live ? <Pause aria-hidden className="size-4" /> : <Play aria-hidden className="size-4" />}
            {live ? 'Live' : 'Paused'}
          </Button>
          <Button
            disabled={events.length === 0}
            onClick={() => download(`${name}.csv`, 'text/csv', csv(events))}
          >
            <Download aria-hidden className="size-4" />
            CSV
          </Button>
          <Button
            disabled={events.length === 0}
            onClick={() => download(`${name}.ndjson`, 'application/x-ndjson', ndjson(events))}
          >
            <Download aria-hidden className="size-4" />
            NDJSON
          </Button>
        </>
      }
    >
      {error && <ProblemNotice error={error} retry={() => void pages.refetch()} />}
      <Card>
        <FilterBar filters={filters} change={change} clear={() => void navigate({ search: {} })} />
        {pages.isPending && <Skeleton rows={6} />}
        {!pages.isPending && events.length === 0 && <Nothing filtered={count(filters) > 0} org={org} />}
        {events.length > 0 && (
          <>
            <Rows events={events} open={(event) => change({ event })} more={more} hasMore={hasNextPage} />
            <p className="border-t border-line px-5 py-2.5 text-[0.87rem] text-soft" aria-live="off">
              {events.length} loaded{hasNextPage ? '; scroll for older ones' : ', which is all'}
            </p>
          </>
        )}
      </Card>
      <EventDrawer
        event={events.find((event) => event.id === filters.event)}
        close={() => change({ event: undefined })}
      />
    </Page>
  );
}

function Nothing({ filtered, org }: { filtered: boolean; org: string }) {
  if (filtered)
    return (
      <Empty title="Nothing fits these filters">
        Widen the time or clear a filter. New calls appear here as they happen.
      </Empty>
    );
  return (
    <Empty
      title="No calls yet"
      action={
        <Button asChild look="main">
          <Link to="/o/$org/start" params={{ org }} search={{}}>
            Connect a client
          </Link>
        </Button>
      }
    >
      As soon as an agent calls a tool through the gateway, the decision is here, whichever way it went.
    </Empty>
  );
}
