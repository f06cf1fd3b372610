import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { version as versionQuery, versions } from '@/api/queries';
import { Button } from '@/ui/button';
import { cx } from '@/ui/class';
import { Dialog } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import type { Place } from './editor';

const DiffView = lazy(() => import('./diff-view'));

type Props = {
  place: Place;
  text: string;
  current: number;
  readOnly: boolean;
  use: (text: string) => void;
  close: () => void;
};

/** Every version ever published. Going back is publishing an old one again. */
export function VersionsDialog({ place, text, current, readOnly, use, close }: Props) {
  const { org, server, policy } = place;
  const list = useQuery(versions(org, server, policy));
  const [picked, setPicked] = useState(current);
  const old = useQuery(versionQuery(org, server, policy, picked));
  const document = old.data?.document;
  return (
    <Dialog
      open
      onOpenChange={close}
      wide
      title="Versions"
      lead="Going back is publishing an old version again."
    >
      {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      <div className="grid gap-4 md:grid-cols-[13rem_minmax(0,1fr)]">
        <ul className="grid max-h-[55vh] content-start gap-1 overflow-y-auto">
          {list.isPending && <Skeleton rows={3} />}
          {list.data?.map((one) => (
            <li key={one.version}>
              <button
                type="button"
                aria-pressed={picked === one.version}
                onClick={() => setPicked(one.version)}
                className={cx(
                  'flex w-full items-center gap-2 rounded-lg px-3 py-2 text-left hover:bg-well focus-visible:-outline-offset-2',
                  picked === one.version && 'bg-well font-medium',
                )}
              >
                Version {one.version}
                {one.version === current && <Badge tone="allow">rules</Badge>}
                <span className="ml-auto text-[0.85rem] text-soft">
                  <When at={one.created_at} />
                </span>
              </button>
            </li>
          ))}
        </ul>
        <div className="grid min-w-0 content-start gap-3">
          <p className="text-[0.93rem] text-soft">
            What loading version {picked} would change in the editor:
          </p>
          {old.error && <ProblemNotice error={old.error} />}
          {typeof document === 'string' ? (
            <Suspense fallback={<Skeleton rows={5} />}>
              {document === text ? (
                <p className="rounded-lg bg-well p-4">Nothing: it is what the editor has.</p>
              ) : (
                <DiffView before={text} after={document} label={`Version ${picked}`} />
              )}
            </Suspense>
          ) : (
            <Skeleton rows={4} />
          )}
          <div className="flex justify-end">
            <Button
              look="main"
              disabled={readOnly || typeof document !== 'string' || document === text}
              onClick={() => typeof document === 'string' && use(document)}
            >
              Load into the editor
            </Button>
          </div>
        </div>
      </div>
    </Dialog>
  );
}
