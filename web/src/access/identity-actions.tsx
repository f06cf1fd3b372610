import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/dialog';
import { useSend } from '@/ui/use-send';

export function IdentityActions({ team, identity }: { team: string; identity: Schemas['IdentityView'] }) {
  const { org } = useOrg();
  const navigate = useNavigate();
  const refusal = useRefusal('access', team);
  const path = { org, team, identity: identity.id };
  const change = useSend(
    (enabled: boolean) =>
      ask(
        api.PATCH('/v1/orgs/{org}/teams/{team}/identities/{identity}', {
          params: { path },
          body: { enabled },
        }),
      ),
    [org, 'teams', team],
  );
  const remove = useSend(
    () => ask(api.DELETE('/v1/orgs/{org}/teams/{team}/identities/{identity}', { params: { path } })),
    [org, 'teams', team],
  );
  return (
    <>
      <Button
        busy={change.isPending}
        refusal={refusal}
        onClick={() =>
          change.mutate(!identity.enabled, {
            onSuccess: (now) => toast.success(`${now.label} is switched ${now.enabled ? 'on' : 'off'}`),
            onError: (error) => toast.error(problemOf(error).message),
          })
        }
      >
        {identity.enabled ? 'Switch off' : 'Switch on'}
      </Button>
      <Confirm
        title={`Remove ${identity.label}?`}
        typed={identity.label}
        action="Remove for good"
        run={async () => {
          await remove.mutateAsync(undefined);
          await navigate({ to: '/o/$org/access', params: { org }, search: { team } });
        }}
        trigger={(open) => (
          <Button look="danger" onClick={open} refusal={refusal}>
            Remove
          </Button>
        )}
      >
        Its tokens and grants end. The log keeps what it did.
      </Confirm>
    </>
  );
}
