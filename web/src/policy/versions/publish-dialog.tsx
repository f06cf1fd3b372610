import { lazy, Suspense } from 'react';
import { toast } from 'sonner';
import { problemOf } from '@/api/problem';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/surface';
import { useSend } from '@/ui/use-send';
import type { Draft } from '../history';
import { type Place, type Published, publish } from '../publish';

const DiffView = lazy(() => import('./diff-view'));

type Props = {
  place: Place;
  draft: Draft;
  base: Published;
  done: (version: number) => void;
  /** Somebody else was faster. */
  overtaken: () => void;
  close: () => void;
};

/** What changes, before it rules. */
export function PublishDialog({ place, draft, base, done, overtaken, close }: Props) {
  const send = useSend(() => publish(place, draft, base), [place.org, 'servers', place.server]);
  const go = () =>
    send.mutate(undefined, {
      onSuccess: (policy) => {
        toast.success(`Version ${policy.version} rules now`);
        done(policy.version);
      },
      onError: (error) => {
        if (problemOf(error).code === 'conflict') overtaken();
      },
    });
  return (
    <Dialog
      open
      onOpenChange={close}
      wide
      title={base.version > 0 ? `Publish version ${base.version + 1}` : 'Publish the first version'}
      lead="It rules at once wherever a grant names this policy."
    >
      <Suspense fallback={<Skeleton rows={5} />}>
        {(draft.text !== base.text || base.version === 0) && (
          <DiffView before={base.version > 0 ? base.text : ''} after={draft.text} label="What changes" />
        )}
        {draft.cases !== base.cases && (
          <>
            <h3 className="font-semibold">Test cases</h3>
            <DiffView before={base.cases} after={draft.cases} label="What changes in the test cases" />
          </>
        )}
      </Suspense>
      {send.error && <ProblemNotice error={send.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={close}>Back</Button>
        <Button look="main" busy={send.isPending} onClick={go}>
          Publish
        </Button>
      </div>
    </Dialog>
  );
}
