import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { problemOf } from '@/api/problem';
import { me } from '@/api/queries';
import { Button } from '@/ui/button';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';
import { useOrg, useRefusal } from './use-org';

/** On every screen of an organisation that is going to be deleted: since when nothing passes, and the way back. */
export function OrgEnding() {
  const { org } = useOrg();
  const ends = useSuspenseQuery(me).data.memberships.find((place) => place.org === org)?.delete_at;
  const refusal = useRefusal('settings');
  const client = useQueryClient();
  const restore = useSend(
    () => ask(api.POST('/v1/orgs/{org}/restore', { params: { path: { org } } })),
    me.queryKey,
  );
  if (!ends) return null;
  const keep = () =>
    restore.mutate(undefined, {
      onSuccess: () => {
        toast.success(`${org} is as it was`);
        void client.invalidateQueries();
      },
      onError: (error) => toast.error(problemOf(error).message),
    });
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 border-b border-deny/40 bg-deny-wash px-4 py-3 sm:px-8"
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-deny" />
      <p className="grow">
        This organisation will be deleted <When at={ends} />. Every call is refused, and nothing here can be
        changed.
      </p>
      <Button small refusal={refusal} busy={restore.isPending} onClick={keep}>
        Restore it
      </Button>
    </div>
  );
}
