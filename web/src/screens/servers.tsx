import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { servers } from '@/api/queries';
import { AddServer } from '@/servers/add-server';
import { ServerState, Unaccepted } from '@/servers/state';
import { UseSample } from '@/servers/use-sample';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Card, Empty, Page, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';

export function Servers() {
  const { org } = useOrg();
  const list = useQuery(servers(org));
  const refusal = useRefusal('servers');
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const add = (
    <Button look="main" onClick={() => setAdding(true)} refusal={refusal}>
      <Plus aria-hidden className="size-4" />
      Add a server
    </Button>
  );
  return (
    <Page
      title="Servers"
      lead="The MCP servers that your agents reach through the gateway."
      actions={list.data?.length ? add : undefined}
      refusal={refusal}
    >
      {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      <Card>
        {list.isPending && <Skeleton rows={4} />}
        {list.data?.length === 0 && (
          <Empty title="No servers yet" action={add}>
            Register the address of an MCP server. Its tools are listed at once, and nothing reaches it until
            a policy and a grant say so.
          </Empty>
        )}
        {list.data && list.data.length > 0 && (
          <ul className="divide-y divide-line">
            {list.data.map((server) => (
              <li key={server.id}>
                <Link
                  to="/o/$org/servers/$server"
                  params={{ org, server: server.slug }}
                  className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-4 hover:bg-well/60 focus-visible:-outline-offset-2"
                >
                  <span className="grid min-w-0 grow basis-60">
                    <span className="truncate font-medium">{server.name}</span>
                    <span className="truncate font-mono text-[0.85rem] text-soft">{server.url}</span>
                  </span>
                  {server.discovery && (
                    <span className="text-[0.87rem] text-soft">
                      Listed <When at={server.discovery.at} />
                    </span>
                  )}
                  <ServerState server={server} />
                  <Unaccepted server={server} />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Dialog
        open={adding}
        onOpenChange={setAdding}
        title="Add a server"
        lead="It is connected to while you wait, and registered if it answers as an MCP server does."
      >
        <UseSample
          done={(server) =>
            void navigate({ to: '/o/$org/servers/$server', params: { org, server: server.slug } })
          }
        />
        <AddServer
          done={(server) =>
            void navigate({ to: '/o/$org/servers/$server', params: { org, server: server.slug } })
          }
        />
      </Dialog>
    </Page>
  );
}
