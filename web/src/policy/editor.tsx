import { Link, useBlocker } from '@tanstack/react-router';
import { History as HistoryIcon, Redo2, Undo2 } from 'lucide-react';
import { lazy, Suspense, useMemo, useReducer, useState } from 'react';
import type { Schemas } from '@/api/client';
import { useRefusal } from '@/shell/use-org';
import { Button, IconButton } from '@/ui/button';
import { cx } from '@/ui/class';
import { Badge, Card, CardHead, Page, Skeleton } from '@/ui/surface';
import { EMPTY, read } from './document';
import { begin, reduce } from './history';
import { Problems } from './problems';
import { PublishDialog } from './publish-dialog';
import { StartFrom } from './start-from';
import { ToolTable } from './tool-table';
import { TryCall } from './try-call';
import { useCheck } from './use-check';
import { useUndoKeys } from './use-undo-keys';
import { VersionsDialog } from './versions-dialog';

const JsonEditor = lazy(() => import('./json-editor'));

export type Place = { org: string; server: string; policy: string };
type Props = { place: Place; published: Schemas['PolicyDocumentView'] | null; tools: Schemas['ToolView'][] };

/** One text, seen as a table of tools and as JSON, each a view of the other. */
export function PolicyEditor({ place, published, tools }: Props) {
  const [history, send] = useReducer(reduce, published?.document ?? EMPTY, begin);
  const [view, setView] = useState<'tools' | 'json'>('tools');
  const [open, setOpen] = useState<'publish' | 'versions' | null>(null);
  const check = useCheck(history.text);
  const reading = useMemo(() => read(history.text), [history.text]);
  const refusal = useRefusal('policies');
  const readOnly = refusal !== undefined;
  const changed = history.text !== (published?.document ?? EMPTY);
  const undo = () => send({ type: 'undo' });
  const redo = () => send({ type: 'redo' });
  useUndoKeys(undo, redo);
  useBlocker({
    shouldBlockFn: () => changed && !window.confirm('Leave, and lose the changes that are not published?'),
    enableBeforeUnload: () => changed,
  });
  const ready = check.valid && (changed || !published) && !readOnly;
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
          <Badge>{published ? `version ${published.version}` : 'not published'}</Badge>
          {changed && <Badge tone="hide">changed</Badge>}
        </span>
      }
      lead={refusal}
      actions={
        <>
          <IconButton label="Undo" onClick={undo} disabled={history.past.length === 0}>
            <Undo2 aria-hidden className="size-4" />
          </IconButton>
          <IconButton label="Redo" onClick={redo} disabled={history.future.length === 0}>
            <Redo2 aria-hidden className="size-4" />
          </IconButton>
          {published && (
            <Button onClick={() => setOpen('versions')}>
              <HistoryIcon aria-hidden className="size-4" />
              Versions
            </Button>
          )}
          <Button look="main" disabled={!ready} onClick={() => setOpen('publish')} title={refusal}>
            {published ? 'Review and publish' : 'Publish'}
          </Button>
        </>
      }
    >
      {!published && !changed && <StartFrom tools={tools} use={(text) => send({ type: 'replace', text })} />}
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
            {name === 'tools' ? 'Tools' : 'JSON'}
          </button>
        ))}
      </fieldset>
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]">
        <Card className={cx(view !== 'tools' && 'max-xl:hidden')}>
          <CardHead title="Tools" lead="What happens when an agent calls each." />
          {reading.document ? (
            <ToolTable
              document={reading.document}
              tools={tools}
              readOnly={readOnly}
              choose={(chosen, choice, limit) =>
                send({ type: 'choose', tools: chosen, choice, ...(limit ? { limit } : {}) })
              }
              custom={() => setView('json')}
            />
          ) : (
            <p className="px-5 pb-6 text-soft">
              The JSON cannot be read as it stands; mend it and the table is back.
            </p>
          )}
        </Card>
        <Card className={cx('xl:sticky xl:top-4', view !== 'json' && 'max-xl:hidden')}>
          <CardHead title="JSON" lead="The document itself; both views are always in step." />
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
      <TryCall place={place} text={history.text} tools={tools} />
      {open === 'publish' && (
        <PublishDialog place={place} text={history.text} published={published} close={() => setOpen(null)} />
      )}
      {open === 'versions' && published && (
        <VersionsDialog
          place={place}
          text={history.text}
          current={published.version}
          readOnly={readOnly}
          use={(text) => {
            send({ type: 'replace', text });
            setOpen(null);
          }}
          close={() => setOpen(null)}
        />
      )}
    </Page>
  );
}
