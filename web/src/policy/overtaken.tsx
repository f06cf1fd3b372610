import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@/api/client';
import { versions } from '@/api/queries';
import { Button } from '@/ui/button';
import type { Draft } from './history';
import type { Place, Published } from './publish';
import { useAuthors } from './versions/authors';
import { MergeDialog } from './versions/merge-dialog';

type Props = {
  place: Place;
  base: Published;
  draft: Draft;
  changed: boolean;
  newer: Schemas['PolicyDocumentView'];
  merging: boolean;
  setMerging: (on: boolean) => void;
  use: (merged: Draft, theirs: Published) => void;
};

/** Said as soon as it is known that somebody else has published; nothing is taken over unseen. */
export function Overtaken({ place, base, draft, changed, newer, merging, setMerging, use }: Props) {
  const list = useQuery(versions(place.org, place.server, place.policy));
  const author = useAuthors();
  const theirs: Published = { version: newer.version, text: newer.document, cases: newer.cases ?? '' };
  const by = author(list.data?.find((one) => one.version === newer.version));
  const who = list.isPending ? 'somebody' : by;
  return (
    <>
      <div
        role="alert"
        className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-hide/40 bg-hide-wash p-4 text-hide"
      >
        <p>
          Version {newer.version} was published by {who === 'you' ? 'you, elsewhere,' : who}{' '}
          {changed ? 'while you were writing.' : 'since you opened this page.'}
        </p>
        {changed ? (
          <Button onClick={() => setMerging(true)}>Merge it with yours</Button>
        ) : (
          <Button onClick={() => use(theirs, theirs)}>Show it</Button>
        )}
      </div>
      {merging && changed && (
        <MergeDialog
          base={base}
          mine={draft}
          theirs={theirs}
          by={who}
          use={(merged) => use(merged, theirs)}
          close={() => setMerging(false)}
        />
      )}
    </>
  );
}
