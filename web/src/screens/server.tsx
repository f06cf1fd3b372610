import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { problemOf } from '@/api/problem';
import { server as serverQuery } from '@/api/queries';
import { Definitions } from '@/servers/definitions';
import { PolicyList } from '@/servers/policy-list';
import { ServerActions } from '@/servers/server-actions';
import { ServerState } from '@/servers/state';
import { ToolList } from '@/servers/tool-list';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { CopyIcon } from '@/ui/copy';
import { ProblemNotice } from '@/ui/problem';
import { Card, Code, Page, Pair, Pairs, Skeleton } from '@/ui/surface';
import { Switch } from '@/ui/switch';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';

export function Server() {
  const { org } = useOrg();
  const { server: slug } = useParams({ from: '/inside/o/$org/servers/$server' });
  const { data: server, error, refetch } = useQuery(serverQuery(org, slug));
  const refusal = useRefusal('servers');
  const discover = useSend(
    () =>
      ask(api.POST('/v1/orgs/{org}/servers/{server}/discover', { params: { path: { org, server: slug } } })),
    [org, 'servers'],
  );
  const pin = useSend(
    (pinned: boolean) =>
      ask(
        api.PATCH('/v1/orgs/{org}/servers/{server}', {
          params: { path: { org, server: slug } },
          body: { pinned, discover: false },
        }),
      ),
    [org, 'servers'],
  );
  const look = () =>
    discover.mutate(undefined, {
      onSuccess: (found) =>
        toast.success(
          found.added + found.changed + found.gone === 0
            ? 'Listed; nothing has changed'
            : `Listed: ${found.added} new, ${found.changed} changed, ${found.gone} gone`,
        ),
      onError: (failure) => toast.error(problemOf(failure).message),
    });
  if (error) {
    return (
      <Page title={slug}>
        <ProblemNotice error={error} retry={() => void refetch()} />
      </Page>
    );
  }
  if (!server) return <Skeleton rows={6} />;
  return (
    <Page
      above={
        <Link to="/o/$org/servers" params={{ org }} className="text-[0.93rem] text-soft hover:text-ink">
          Servers /
        </Link>
      }
      title={server.name}
      refusal={refusal}
      actions={
        <>
          <Button onClick={look} busy={discover.isPending} refusal={refusal}>
            {!discover.isPending && <RefreshCw aria-hidden className="size-4" />}
            List tools again
          </Button>
          <ServerActions server={server} />
        </>
      }
    >
      <Card className="p-5">
        <Pairs>
          <Pair name="State">
            <ServerState server={server} />
            {server.discovery_error && (
              <p className="mt-1 text-[0.93rem] text-deny">{server.discovery_error}</p>
            )}
          </Pair>
          <Pair name="Address">
            <span className="flex items-center gap-1">
              <Code>{server.url}</Code>
              <CopyIcon text={server.url} what="the address" />
            </span>
          </Pair>
          <Pair name="Name in addresses">
            <Code>{server.slug}</Code>
          </Pair>
          {server.discovery && (
            <Pair name="Speaks">
              MCP {server.discovery.protocol_version} ({server.discovery.era}), listed{' '}
              <When at={server.discovery.at} />
            </Pair>
          )}
          <Pair name="Headers sent">
            {server.header_names.length === 0 ? (
              <span className="text-soft">none</span>
            ) : (
              <span className="flex flex-wrap gap-1.5">
                {server.header_names.map((name) => (
                  <Code key={name}>{name}</Code>
                ))}
              </span>
            )}
          </Pair>
        </Pairs>
        <div className="mt-5 border-t border-line pt-5">
          <Switch
            label="Pin definitions"
            hint="A tool whose definition changes, or that is new, is neither listed nor called until an admin has looked at it and accepted it."
            checked={server.pinned}
            busy={pin.isPending}
            refusal={refusal}
            onChange={(pinned) =>
              pin.mutate(pinned, { onError: (failure) => toast.error(problemOf(failure).message) })
            }
          />
        </div>
      </Card>
      {server.unaccepted > 0 && <Definitions org={org} server={server} />}
      <PolicyList org={org} server={slug} />
      <ToolList org={org} server={slug} />
    </Page>
  );
}
