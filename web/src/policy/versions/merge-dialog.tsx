import { lazy, Suspense, useMemo, useState } from 'react';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Code, Skeleton } from '@/ui/surface';
import { byName, fromNames, pretty } from '../cases/case-text';
import { pointerOf } from '../document';
import type { Draft } from '../history';
import type { Published } from '../publish';
import { type Conflict, merge, settle } from './merge';

const DiffView = lazy(() => import('./diff-view'));

type Props = {
  base: Published;
  mine: Draft;
  theirs: Published;
  by: string;
  use: (merged: Draft) => void;
  close: () => void;
};

type Side = 'mine' | 'theirs';

/** Somebody published meanwhile: their version with my changes put in, and where both changed the same, a choice. */
export function MergeDialog({ base, mine, theirs, by, use, close }: Props) {
  const [sides, setSides] = useState<Record<string, Side>>({});
  const found = useMemo(
    () => ({
      text: merge(base.text, mine.text, theirs.text),
      // Two people's cases are told apart by their names, not by their places in the list.
      cases: merge(byName(base.cases), byName(mine.cases), byName(theirs.cases)),
    }),
    [base, mine, theirs],
  );
  const conflicts = [
    ...found.text.conflicts.map((conflict) => ({ key: `policy ${pointerOf(conflict.path)}`, conflict })),
    ...found.cases.conflicts.map((conflict) => ({ key: `cases ${pointerOf(conflict.path)}`, conflict })),
  ];
  const open = conflicts.filter(({ key }) => sides[key] === undefined).length;
  const chosen = (of: Conflict[]) =>
    conflicts
      .filter(({ key, conflict }) => sides[key] === 'mine' && of.includes(conflict))
      .map(({ conflict }) => conflict);
  const text = settle(found.text, chosen(found.text.conflicts));
  const named = settle(found.cases, chosen(found.cases.conflicts));
  const cases = named === byName(theirs.cases) ? theirs.cases : fromNames(named);
  const taken = [...found.text.taken, ...found.cases.taken];
  return (
    <Dialog
      open
      onOpenChange={close}
      wide
      title="Merge"
      lead={`Version ${theirs.version} was published by ${by} while you were writing.`}
    >
      <p role="alert" className="rounded-lg bg-hide-wash p-3 text-hide">
        Nothing of theirs is lost: your changes are put into their version.{' '}
        {conflicts.length === 0
          ? 'You changed different things.'
          : `You both changed ${conflicts.length === 1 ? 'one thing' : `${conflicts.length} things`}: choose below.`}
      </p>
      {taken.length > 0 && (
        <p className="flex flex-wrap items-center gap-1.5 text-[0.93rem]">
          Of yours are kept:
          {taken.map((path) => (
            <Code key={pointerOf(path)}>{pointerOf(path) || 'the whole document'}</Code>
          ))}
        </p>
      )}
      {conflicts.map(({ key, conflict }) => (
        <fieldset key={key} className="grid min-w-0 gap-2 rounded-xl border border-line p-3">
          <legend className="px-1 text-[0.93rem] font-medium">
            <Code>{pointerOf(conflict.path) || 'the whole document'}</Code>
          </legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {(['mine', 'theirs'] as const).map((side) => (
              <label
                key={side}
                className="grid min-w-0 cursor-pointer content-start gap-1.5 rounded-lg border border-line p-2.5 has-checked:border-accent has-checked:bg-accent-wash"
              >
                <span className="flex items-center gap-2 font-medium">
                  <input
                    type="radio"
                    name={key}
                    className="size-4 accent-accent"
                    checked={sides[key] === side}
                    onChange={() => setSides({ ...sides, [key]: side })}
                  />
                  {side === 'mine' ? 'Yours' : 'Theirs'}
                </span>
                <Value spelled={conflict[side]} />
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <h3 className="font-semibold">What the merge changes in version {theirs.version}</h3>
      <Suspense fallback={<Skeleton rows={4} />}>
        {text === theirs.text && cases === theirs.cases ? (
          <p className="rounded-lg bg-well p-4">Nothing.</p>
        ) : (
          <>
            {text !== theirs.text && <DiffView before={theirs.text} after={text} label="The merge" />}
            {cases !== theirs.cases && (
              <DiffView before={theirs.cases} after={cases} label="The merge of the test cases" />
            )}
          </>
        )}
      </Suspense>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={close}>Back</Button>
        <Button onClick={() => use(theirs)}>Drop mine, take theirs</Button>
        <Button look="main" disabled={open > 0} onClick={() => use({ text, cases })}>
          {open > 0 ? `${open} to choose` : 'Take the merge'}
        </Button>
      </div>
    </Dialog>
  );
}

function Value({ spelled }: { spelled: string | undefined }) {
  if (spelled === undefined) return <span className="text-[0.9rem] text-soft">taken out</span>;
  const shown = pretty(spelled);
  return (
    <pre className="max-h-40 overflow-auto font-mono text-[0.85rem] whitespace-pre-wrap [overflow-wrap:anywhere]">
      {shown.length > 2000 ? `${shown.slice(0, 2000)}…` : shown}
    </pre>
  );
}
