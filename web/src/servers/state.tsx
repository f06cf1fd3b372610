import type { Schemas } from '@/api/client';
import { Badge } from '@/ui/surface';

/** How many tools wait to be looked at, where any do. */
export function Unaccepted({ server }: { server: Schemas['ServerView'] }) {
  if (server.unaccepted === 0) return null;
  const tools = server.unaccepted === 1 ? '1 definition' : `${server.unaccepted} definitions`;
  return <Badge tone={server.pinned ? 'deny' : 'limit'}>{tools} to look at</Badge>;
}

/** How a server is, in one word. */
export function ServerState({ server }: { server: Schemas['ServerView'] }) {
  if (!server.enabled) return <Badge tone="hide">Switched off</Badge>;
  if (server.discovery_error)
    return (
      <Badge tone="deny" title={server.discovery_error}>
        Not answering
      </Badge>
    );
  if (server.discovery) return <Badge tone="allow">Connected</Badge>;
  return <Badge>Not looked at yet</Badge>;
}
