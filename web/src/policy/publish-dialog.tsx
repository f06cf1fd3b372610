import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { toast } from 'sonner';
import type { Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { policy as policyQuery } from '@/api/queries';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/surface';
import { useSend } from '@/ui/use-send';
import type { Place } from './editor';
import { publish } from './publish';

const DiffView = lazy(() => import('./diff-view'));

type Props = {
  place: Place;
  text: string;
  published: Schemas['PolicyDocumentView'] | null;
  close: () => void;
};

/** What changes, before it rules. If somebody was faster, what changes in theirs. */
export function PublishDialog({ place, text, published, close }: Props) {
  const client = useQueryClient();
  const [overtaken, setOvertaken] = useState(false);
  const version = published?.version ?? 0;
  const send = useSend(() => publish(place, text, version), [place.org, 'servers', place.server]);
  const go = () =>
    send.mutate(undefined, {
      onSuccess: (policy) => {
        toast.success(`Version ${policy.version} rules now`);
        close();
      },
      onError: (error) => {
        if (problemOf(error).code !== 'conflict') return;
        setOvertaken(true);
        send.reset();
        void client.invalidateQueries({
          queryKey: policyQuery(place.org, place.server, place.policy).queryKey,
        });
      },
    });
  return (
    <Dialog
      open
      onOpenChange={close}
      wide
      title={published ? `Publish version ${version + 1}` : 'Publish the first version'}
      lead="It rules at once wherever a grant names this policy."
    >
      {overtaken && (
        <p role="alert" className="rounded-lg bg-hide-wash p-3 text-hide">
          Somebody published version {version} while you were writing. Below is what your document changes in
          theirs. Publish it over theirs, or go back and take their changes in.
        </p>
      )}
      <Suspense fallback={<Skeleton rows={5} />}>
        <DiffView before={published?.document ?? ''} after={text} label="What changes" />
      </Suspense>
      {send.error && <ProblemNotice error={send.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={close}>Back</Button>
        <Button look="main" busy={send.isPending} onClick={go}>
          {overtaken ? 'Publish over theirs' : 'Publish'}
        </Button>
      </div>
    </Dialog>
  );
}
