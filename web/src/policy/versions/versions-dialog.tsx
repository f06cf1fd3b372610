import { useQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { toast } from 'sonner';
import { version as versionQuery, versions } from '@/api/queries';
import { Button } from '@/ui/button';
import { cx } from '@/ui/class';
import { Dialog } from '@/ui/dialog';
import { Select } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Skeleton } from '@/ui/surface';
import { Tabs } from '@/ui/tabs';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';
import type { Draft } from '../history';
import { type Place, type Published, publish } from '../publish';
import { useAuthors } from './authors';
import { BlameList } from './blame-list';

const DiffView = lazy(() => import('./diff-view'));

type Props = {
  place: Place;
  draft: Draft;
  base: Published;
  readOnly: boolean;
  use: (draft: Draft) => void;
  rolledBack: (version: number, draft: Draft) => void;
  close: () => void;
};

/** Every version ever published: who, when, what changed, and the way back. */
export function VersionsDialog(props: Props) {
  const [tab, setTab] = useState('versions');
  return (
    <Dialog
      open
      onOpenChange={props.close}
      wide
      title="Versions"
      lead="Going back is publishing an old version again; nothing is ever taken out."
    >
      <Tabs
        label="Versions"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'versions', label: 'Versions', content: <List {...props} /> },
          {
            value: 'blame',
            label: 'Who changed what',
            content: <BlameList place={props.place} />,
          },
        ]}
      />
    </Dialog>
  );
}

function List({ place, draft, base, readOnly, use, rolledBack }: Props) {
  const { org, server, policy } = place;
  const list = useQuery(versions(org, server, policy));
  const author = useAuthors();
  const [picked, setPicked] = useState(base.version);
  const [against, setAgainst] = useState<'draft' | 'before'>('draft');
  const old = useQuery(versionQuery(org, server, policy, picked));
  const before = useQuery({ ...versionQuery(org, server, policy, picked - 1), enabled: picked > 1 });
  const document = old.data?.document;
  const text = typeof document === 'string' ? document : undefined;
  const found: Draft | undefined = text === undefined ? undefined : { text, cases: old.data?.cases ?? '' };
  const back = useSend((to: Draft) => publish(place, to, base), [org, 'servers', server]);
  const earlier = picked > 1 ? (before.data?.document ?? undefined) : '';
  const from = against === 'draft' ? draft.text : earlier;
  return (
    <div className="grid gap-4 pt-4 md:grid-cols-[15rem_minmax(0,1fr)]">
      <div className="grid content-start gap-2">
        {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <Skeleton rows={3} />}
        <ul className="grid max-h-[55vh] content-start gap-1 overflow-y-auto">
          {list.data?.map((one) => (
            <li key={one.version}>
              <button
                type="button"
                aria-pressed={picked === one.version}
                onClick={() => setPicked(one.version)}
                className={cx(
                  'grid w-full gap-0.5 rounded-lg px-3 py-2 text-left hover:bg-well focus-visible:-outline-offset-2',
                  picked === one.version && 'bg-well font-medium',
                )}
              >
                <span className="flex items-center gap-2">
                  Version {one.version}
                  {one.version === base.version && <Badge tone="allow">rules</Badge>}
                </span>
                <span className="truncate text-[0.85rem] font-normal text-soft">
                  <When at={one.created_at} /> · {author(one)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className="grid min-w-0 content-start gap-3">
        <Select
          label="Compare"
          labelHidden
          value={against}
          choices={[
            { value: 'draft', label: `What loading version ${picked} would change in the editor` },
            { value: 'before', label: `What version ${picked} changed when it was published` },
          ]}
          onChange={(event) => setAgainst(event.target.value === 'before' ? 'before' : 'draft')}
        />
        {old.error && <ProblemNotice error={old.error} />}
        {from !== undefined && text !== undefined ? (
          <Suspense fallback={<Skeleton rows={5} />}>
            {from === text ? (
              <p className="rounded-lg bg-well p-4">
                {against === 'draft'
                  ? 'Nothing: it is what the editor has.'
                  : 'Nothing in the document; its test cases changed.'}
              </p>
            ) : (
              <DiffView before={from} after={text} label={`Version ${picked}`} />
            )}
          </Suspense>
        ) : (
          <Skeleton rows={4} />
        )}
        {back.error && <ProblemNotice error={back.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button
            disabled={readOnly || !found || (found.text === draft.text && found.cases === draft.cases)}
            onClick={() => found && use(found)}
          >
            Load into the editor
          </Button>
          <Button
            look="main"
            busy={back.isPending}
            disabled={readOnly || !found || picked === base.version}
            onClick={() =>
              found &&
              back.mutate(found, {
                onSuccess: (policy) => {
                  toast.success(`Version ${policy.version} rules now, which is version ${picked} again`);
                  rolledBack(policy.version, found);
                },
              })
            }
          >
            {!back.isPending && <Undo2 aria-hidden className="size-4" />}
            Roll back to version {picked}
          </Button>
        </div>
      </div>
    </div>
  );
}
