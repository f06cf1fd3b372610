import { useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker, useNavigate } from '@tanstack/react-router';
import { FileInput, History as HistoryIcon, Redo2, Undo2, WrapText } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useReducer, useState } from 'react';
import type { Schemas } from '@/api/client';
import { policy as policyQuery } from '@/api/queries';
import { useRefusal } from '@/shell/use-org';
import { Button, IconButton } from '@/ui/button';
import { cx } from '@/ui/class';
import { Badge, Card, CardHead, Page, Skeleton } from '@/ui/surface';
import { pretty } from './cases/case-text';
import { type Change, EMPTY, read } from './document';
import { begin, draftOf, reduce } from './history';
import { NextStep } from './next-step';
import { Overtaken } from './overtaken';
import { Problems } from './problems';
import type { Place, Published } from './publish';
import { type Seed, startOf } from './seed';
import { StartFrom } from './start-from';
import { StartNote } from './start-note';
import { useCheck } from './use-check';
import { useUndoKeys } from './use-undo-keys';
import { PublishDialog } from './versions/publish-dialog';
import { VersionsDialog } from './versions/versions-dialog';
import { Visual } from './visual';
import { Workbench } from './workbench';

const JsonEditor = lazy(() => import('./json-editor'));

type Props = {
  place: Place;
  published: Schemas['PolicyDocumentView'] | null;
  tools: Schemas['ToolView'][];
  seed?: Seed | undefined;
};

/** What is published, as a starting point. */
export function publishedOf(view: Schemas['PolicyDocumentView'] | null): Published {
  return { version: view?.version ?? 0, text: view?.document ?? EMPTY, cases: view?.cases ?? '' };
}

/** One text, seen as a table of tools and as JSON, each a view of the other. */
export function PolicyEditor({ place, published, tools, seed }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate({ from: '/o/$org/servers/$server/policies/$policy' });
  // What the draft was made from. It stays while somebody else publishes, so that nothing of theirs is lost unseen.
  const [base, setBase] = useState(() => publishedOf(published));
  const [start] = useState(() => startOf(base, tools, seed));
  const [history, send] = useReducer(reduce, start.draft, (draft) =>
    reduce(begin(draftOf(base)), { type: 'replace', ...draft }),
  );
  const [view, setView] = useState<'tools' | 'json'>('tools');
  const [open, setOpen] = useState<'publish' | 'versions' | 'start' | 'merge' | null>(null);
  // The version that was published over here; what the address came with is spent then.
  const [over, setOver] = useState<number | null>(null);
  const draft = draftOf(history);
  const check = useCheck(draft);
  const reading = useMemo(() => read(history.text), [history.text]);
  const laidOut = useMemo(() => pretty(history.text), [history.text]);
  const refusal = useRefusal('policies');
  const readOnly = refusal !== undefined;
  const changed = history.text !== base.text || history.cases !== base.cases;
  const undo = () => send({ type: 'undo' });
  const redo = () => send({ type: 'redo' });
  const edit = (changes: Change[], run?: string) => send({ type: 'edit', changes, run });
  useUndoKeys(undo, redo);
  useBlocker({
    shouldBlockFn: () => changed && !window.confirm('Leave, and lose the changes that are not published?'),
    enableBeforeUnload: () => changed,
  });
  const spent = over !== null && !changed;
  useEffect(() => {
    if (spent) void navigate({ search: {}, replace: true });
  }, [spent, navigate]);
  const ready = check.valid && (changed || base.version === 0) && !readOnly;
  const newer = published && published.version > base.version ? published : null;
  const red = check.cases.filter((one) => !one.passed).map((one) => one.name);
  const why =
    red.length > 0
      ? `A version is not published while test cases fail: ${red.join(', ')}`
      : changed || base.version === 0
        ? undefined
        : 'Nothing has changed';
  return (
    <Page
      wide
      above={
        <Link
          to="/o/$org/servers/$server"
          params={{ org: place.org, server: place.server }}
          className="text-[0.93rem] text-soft hover:text-ink"
        >
          Servers / {place.server} /
        </Link>
      }
      title={
        <span className="flex flex-wrap items-center gap-3">
          Policy {place.policy}
          <Badge>{base.version > 0 ? `version ${base.version}` : 'not published'}</Badge>
          {changed && <Badge tone="hide">changed</Badge>}
        </span>
      }
      refusal={refusal}
      actions={
        <>
          <IconButton label="Undo" onClick={undo} disabled={history.past.length === 0}>
            <Undo2 aria-hidden className="size-4" />
          </IconButton>
          <IconButton label="Redo" onClick={redo} disabled={history.future.length === 0}>
            <Redo2 aria-hidden className="size-4" />
          </IconButton>
          {base.version > 0 && (
            <>
              <Button onClick={() => setOpen('start')} refusal={refusal}>
                <FileInput aria-hidden className="size-4" />
                Start over
              </Button>
              <Button onClick={() => setOpen('versions')}>
                <HistoryIcon aria-hidden className="size-4" />
                Versions
              </Button>
            </>
          )}
          <Button
            look="main"
            disabled={!ready || newer !== null}
            onClick={() => setOpen('publish')}
            refusal={refusal}
            title={newer ? `Version ${newer.version} has to be taken in first` : why}
          >
            {base.version > 0 ? 'Review and publish' : 'Publish'}
          </Button>
        </>
      }
    >
      {(open === 'start' || (base.version === 0 && !changed)) && (
        <StartFrom
          place={place}
          tools={tools}
          asDialog={open === 'start'}
          use={(text) => {
            send({ type: 'replace', text });
            setOpen(null);
          }}
          close={() => setOpen(null)}
        />
      )}
      {newer && (
        <Overtaken
          base={base}
          draft={draft}
          changed={changed}
          newer={newer}
          place={place}
          merging={open === 'merge'}
          setMerging={(on) => setOpen(on ? 'merge' : null)}
          use={(merged, theirs) => {
            setBase(theirs);
            send({ type: 'replace', ...merged });
            setOpen(null);
          }}
        />
      )}
      {start.note && over === null && (
        <StartNote
          note={start.note}
          undo={history.past.length === 1 && changed ? undo : undefined}
          look="try-the-draft"
          all={start.offersAll && !readOnly ? () => setOpen('start') : undefined}
        />
      )}
      {over === 0 && <NextStep org={place.org} server={place.server} />}
      <Problems check={check} fault={reading.fault} />
      <fieldset className="inline-flex w-fit gap-1 rounded-lg border border-line bg-well p-1 xl:hidden">
        <legend className="sr-only">View</legend>
        {(['tools', 'json'] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={view === name}
            onClick={() => setView(name)}
            className={cx(
              'min-h-8 rounded-md px-4 font-medium',
              view === name ? 'bg-sheet shadow-lift' : 'text-soft',
            )}
          >
            {name === 'tools' ? 'Rules' : 'JSON'}
          </button>
        ))}
      </fieldset>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)]">
        <Card className={cx(view !== 'tools' && 'max-xl:hidden')}>
          {reading.document ? (
            <Visual
              text={history.text}
              document={reading.document}
              tools={tools}
              readOnly={readOnly}
              opened={start.opened}
              choose={(chosen, choice, limit) =>
                send({ type: 'choose', tools: chosen, choice, ...(limit ? { limit } : {}) })
              }
              edit={edit}
            />
          ) : (
            <p className="p-5 text-soft">
              The JSON cannot be read as it stands; mend it and the table is back.
            </p>
          )}
        </Card>
        <Card className={cx('xl:sticky xl:top-4', view !== 'json' && 'max-xl:hidden')}>
          <CardHead title="JSON" lead="The document itself; both views are always in step.">
            {!readOnly && reading.document && laidOut !== history.text && (
              <Button small look="quiet" onClick={() => send({ type: 'replace', text: laidOut })}>
                <WrapText aria-hidden className="size-4" />
                Lay out
              </Button>
            )}
          </CardHead>
          <div className="max-h-[75vh] overflow-auto border-t border-line">
            <Suspense fallback={<Skeleton rows={8} />}>
              <JsonEditor
                text={history.text}
                onChange={(text) => send({ type: 'type', text })}
                onUndo={undo}
                onRedo={redo}
                problems={check.problems}
                readOnly={readOnly}
              />
            </Suspense>
          </div>
        </Card>
      </div>
      <Workbench
        place={place}
        draft={draft}
        tools={tools}
        check={check}
        refusal={refusal}
        setCases={(cases) => send({ type: 'cases', cases })}
        firstCall={start.call}
        firstTab={start.tab}
      />
      {open === 'publish' && (
        <PublishDialog
          place={place}
          draft={draft}
          base={base}
          done={(version) => {
            setOver(base.version);
            setBase({ ...draft, version });
            setOpen(null);
          }}
          overtaken={() => {
            void client.invalidateQueries({
              queryKey: policyQuery(place.org, place.server, place.policy).queryKey,
            });
            setOpen('merge');
          }}
          close={() => setOpen(null)}
        />
      )}
      {open === 'versions' && base.version > 0 && (
        <VersionsDialog
          place={place}
          draft={draft}
          base={base}
          readOnly={readOnly}
          use={(old) => {
            send({ type: 'replace', ...old });
            setOpen(null);
          }}
          rolledBack={(version, old) => {
            setBase({ ...old, version });
            send({ type: 'replace', ...old });
            setOpen(null);
          }}
          close={() => setOpen(null)}
        />
      )}
    </Page>
  );
}
