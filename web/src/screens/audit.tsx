import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChangeFilterBar } from '@/audit/change-filter-bar';
import { ChangeRow } from '@/audit/change-row';
import { readChangeFilters } from '@/audit/filters';
import { changes } from '@/audit/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Card, Empty, Page, Skeleton } from '@/ui/surface';

/** Who changed what: what people did, where the log says what agents did. */
export function Audit() {
  const { org } = useOrg();
  const refusal = useRefusal('audit');
  const filters = useSearch({ from: '/inside/o/$org/audit' });
  const navigate = useNavigate({ from: '/o/$org/audit' });
  const pages = useInfiniteQuery({ ...changes(org, filters), enabled: !refusal });
  const list = pages.data?.pages.flatMap((page) => page.changes) ?? [];
  return (
    <Page
      title="Audit of changes"
      lead="What people changed, with what was there before and after. What agents did is in the log."
      refusal={refusal}
    >
      {!refusal && (
        <Card>
          <ChangeFilterBar
            filters={filters}
            change={(part) =>
              void navigate({ search: (before) => readChangeFilters({ ...before, ...part }), replace: true })
            }
            clear={() => void navigate({ search: {} })}
          />
          {pages.error && (
            <div className="p-5">
              <ProblemNotice error={pages.error} retry={() => void pages.refetch()} />
            </div>
          )}
          {pages.isPending && <Skeleton rows={6} />}
          {pages.data && list.length === 0 && (
            <Empty title={Object.keys(filters).length > 0 ? 'Nothing fits these filters' : 'No changes yet'}>
              Each server, policy, grant, token, member and setting that somebody makes, changes or removes is
              written down here.
            </Empty>
          )}
          <ul aria-label="Changes" className="divide-y divide-line">
            {list.map((change, index) => (
              <ChangeRow key={`${change.at} ${change.subject} ${index}`} change={change} />
            ))}
          </ul>
          {pages.hasNextPage && (
            <div className="flex justify-center border-t border-line p-4">
              <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                Load older
              </Button>
            </div>
          )}
        </Card>
      )}
    </Page>
  );
}
