import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { tools } from '@/api/queries';
import { useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { usePortion } from '@/ui/portion';
import { Badge, Card, CardHead, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';
import { DefinitionBox } from './definition-box';
import { definitionText } from './definition-text';

const DiffView = lazy(() => import('@/policy/versions/diff-view'));

/** Definitions shown at once: each has an editor of its own for what changed. */
const PORTION = 20;

type Tool = Schemas['ToolView'];

/** Tools whose definition nobody has accepted: what it was, what it is, and accepting it. */
export function Definitions({ org, server }: { org: string; server: Schemas['ServerView'] }) {
  const refusal = useRefusal('servers');
  const list = useQuery(tools(org, server.slug));
  const accept = useSend(
    (seen: Tool[]) =>
      ask(
        api.POST('/v1/orgs/{org}/servers/{server}/accept-definitions', {
          params: { path: { org, server: server.slug } },
          body: { tools: seen.map(({ name, hash }) => ({ name, hash })) },
        }),
      ),
    [org, 'servers'],
  );
  const waiting = list.data?.filter((tool) => tool.state !== 'accepted') ?? [];
  const { part, more } = usePortion(waiting, { size: PORTION, searchable: false });
  if (waiting.length === 0) return null;
  const take = (seen: Tool[]) =>
    accept.mutate(seen, {
      onSuccess: () => toast.success(seen.length === 1 ? `${seen[0]?.name} is accepted` : 'All are accepted'),
      onError: (failure) => {
        toast.error(problemOf(failure).message);
        void list.refetch();
      },
    });
  return (
    <Card>
      <CardHead
        title={`Definitions to look at (${waiting.length})`}
        lead={
          server.pinned
            ? 'These tools are neither listed to agents nor called until somebody accepts them.'
            : 'Agents see and call these as they are now. Pin definitions to hold such changes back.'
        }
      >
        {waiting.length > 1 && (
          <Button onClick={() => take(waiting)} busy={accept.isPending} refusal={refusal}>
            Accept all
          </Button>
        )}
      </CardHead>
      <ul className="divide-y divide-line border-t border-line">
        {part.map((tool) => (
          <li key={tool.name}>
            <Waiting
              tool={tool}
              action={
                <Button
                  onClick={() => take([tool])}
                  busy={accept.isPending}
                  refusal={refusal}
                  aria-label={`Accept ${tool.name}`}
                >
                  Accept
                </Button>
              }
            />
          </li>
        ))}
      </ul>
      {more}
    </Card>
  );
}

function Waiting({ tool, action }: { tool: Tool; action: ReactNode }) {
  return (
    <div className="grid gap-3 px-5 py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="font-mono text-[0.93rem] font-medium break-all">{tool.name}</span>
        <Badge tone={tool.state === 'new' ? 'limit' : 'deny'}>
          {tool.state === 'new' ? 'New' : 'Changed'}
        </Badge>
        <span className="grow text-[0.87rem] text-soft">
          since <When at={tool.changed_at} />
        </span>
        {action}
      </div>
      {tool.accepted ? (
        <Suspense fallback={<Skeleton rows={3} />}>
          <DiffView
            before={definitionText(tool.accepted.definition)}
            after={definitionText(tool.definition)}
            label={`What changed in ${tool.name}`}
          />
        </Suspense>
      ) : (
        <DefinitionBox tool={tool} />
      )}
    </div>
  );
}
