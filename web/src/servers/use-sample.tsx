import { useQuery } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import { installation } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';

/** Registers the server that comes with the installation; nothing where none does. */
export function UseSample({ done }: { done: (server: Schemas['ServerView']) => void }) {
  const { org } = useOrg();
  const refusal = useRefusal('servers');
  const offered = useQuery(installation).data?.sample_server;
  const add = useSend(
    () => ask(api.POST('/v1/orgs/{org}/sample-server', { params: { path: { org } } })),
    [org, 'servers'],
  );
  if (!offered) return null;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-line bg-well p-4">
        <p className="min-w-0 grow basis-64">
          <span className="font-medium">Nothing at hand?</span>{' '}
          <span className="text-soft">
            A made-up bookshop with tools of every kind comes along; nothing it does is real.
          </span>
        </p>
        <Button
          refusal={refusal}
          busy={add.isPending}
          onClick={() => add.mutate(undefined, { onSuccess: done })}
        >
          Use the sample server
        </Button>
      </div>
      {add.error && <ProblemNotice error={add.error} />}
    </div>
  );
}
