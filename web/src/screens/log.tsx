import { useNavigate, useSearch } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { EventDrawer } from '@/log/drawer';
import { ExportMenu } from '@/log/export-menu';
import { FilterBar } from '@/log/filter-bar';
import { count, type Filters, queryOf, reachesNow, readFilters } from '@/log/filters';
import { Nothing } from '@/log/nothing';
import { OverTime } from '@/log/over-time';
import { Rows } from '@/log/rows';
import { useEvents } from '@/log/use-events';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Card, Page, Skeleton } from '@/ui/surface';
import { useKeys } from '@/ui/use-keys';

export function Log() {
  const { org } = useOrg();
  const filters = useSearch({ from: '/inside/o/$org/log' });
  const navigate = useNavigate({ from: '/o/$org/log' });
  const query = useMemo(() => queryOf(filters), [filters]);
  const [wanted, setWanted] = useState(true);
  const [onTop, setOnTop] = useState(true);
  const [exportError, setExportError] = useState<unknown>(null);
  const search = useRef<HTMLInputElement>(null);
  const endless = reachesNow(filters, Date.now());
  const live = wanted && onTop && endless;
  const { events, pages, barren, error } = useEvents(org, filters, live);
  const { fetchNextPage, isFetchingNextPage, hasNextPage } = pages;
  const change = (part: Partial<Filters>) =>
    void navigate({ search: (before) => readFilters({ ...before, ...part }), replace: true });
  const clear = () => void navigate({ search: {}, replace: true });
  const more = useCallback(() => {
    if (!isFetchingNextPage && !barren) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage, barren]);
  useKeys({ '/': () => search.current?.focus() });
  const seeking = pages.isPending || (events.length === 0 && hasNextPage && !barren);
  return (
    <Page
      wide
      title="Log"
      lead="Every decision of the gateway, on disk before the call went on."
      actions={
        <>
          <Button
            onClick={() => setWanted(!wanted)}
            aria-pressed={wanted}
            disabled={!endless}
            title={endless ? undefined : 'The time that is shown is over; nothing can come in'}
          >
            {live ? <Pause aria-hidden className="size-4" /> : <Play aria-hidden className="size-4" />}
            {!wanted || !endless ? 'Paused' : onTop ? 'Live' : 'Live at the top'}
          </Button>
          <ExportMenu org={org} query={query} narrowed={count(filters) > 0} failed={setExportError} />
        </>
      }
    >
      {exportError !== null && <ProblemNotice error={exportError} />}
      <Card>
        <FilterBar
          filters={filters}
          change={change}
          clear={clear}
          who={events.find((event) => event.identity === filters.identity)?.identity_label ?? undefined}
          search={search}
        />
        <OverTime org={org} filters={filters} live={live} change={change} />
        {error && (
          <div className="px-5 pb-4">
            <ProblemNotice error={error} retry={() => void pages.refetch()} />
          </div>
        )}
        {seeking && !error && <Skeleton rows={6} />}
        {events.length === 0 && !seeking && !error && (
          <Nothing org={org} filtered={count(filters) > 0} further={hasNextPage} clear={clear} />
        )}
        {events.length > 0 && (
          <Rows
            events={events}
            open={(event) => change({ event })}
            more={more}
            hasMore={hasNextPage}
            onTop={setOnTop}
          />
        )}
        {(events.length > 0 || barren) && (
          <p className="flex min-h-12 flex-wrap items-center gap-3 border-t border-line px-5 py-2 text-[0.87rem] text-soft">
            {events.length.toLocaleString('en')} loaded
            {!hasNextPage ? ', which is all' : barren ? '' : '; scroll for older ones'}
            {hasNextPage && barren && (
              <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Search further back
              </Button>
            )}
          </p>
        )}
      </Card>
      <EventDrawer id={filters.event} events={events} open={(event) => change({ event })} />
    </Page>
  );
}
