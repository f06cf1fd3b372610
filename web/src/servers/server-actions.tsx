import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/dialog';
import { useSend } from '@/ui/use-send';

/** The kill switch, and taking a server away. */
export function ServerActions({ server }: { server: Schemas['ServerView'] }) {
  const { org } = useOrg();
  const navigate = useNavigate();
  const refusal = useRefusal('servers');
  const path = { org, server: server.slug };
  const change = useSend(
    (body: Schemas['UpdateServerBody']) =>
      ask(api.PATCH('/v1/orgs/{org}/servers/{server}', { params: { path }, body })),
    [org, 'servers'],
  );
  const remove = useSend(
    () => ask(api.DELETE('/v1/orgs/{org}/servers/{server}', { params: { path } })),
    [org],
  );
  return (
    <>
      {server.enabled ? (
        <Confirm
          title={`Switch ${server.name} off?`}
          action="Switch off"
          run={async () => {
            await change.mutateAsync({ enabled: false, discover: false });
            toast.success(`${server.name} is switched off`);
          }}
          trigger={(open) => (
            <Button look="danger" onClick={open} refusal={refusal}>
              Switch off
            </Button>
          )}
        >
          Every call to it is refused from the moment gateways hear of it, which takes about a second. Grants
          and policies stay as they are.
        </Confirm>
      ) : (
        <Button
          busy={change.isPending}
          onClick={() => change.mutate({ enabled: true, discover: false })}
          refusal={refusal}
        >
          Switch on
        </Button>
      )}
      <Confirm
        title={`Remove ${server.name}?`}
        typed={server.slug}
        action="Remove for good"
        run={async () => {
          await remove.mutateAsync();
          await navigate({ to: '/o/$org/servers', params: { org } });
        }}
        trigger={(open) => (
          <Button look="quiet" onClick={open} refusal={refusal}>
            Remove
          </Button>
        )}
      >
        Its policies and grants go with it, and agents that use it are refused. The log keeps what happened.
      </Confirm>
    </>
  );
}
