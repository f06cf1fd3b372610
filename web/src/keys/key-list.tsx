import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, Empty, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';
import { type Key, keys, SCOPES } from './queries';

export function KeyList({ add }: { add: ReactNode }) {
  const { org } = useOrg();
  const pages = useInfiniteQuery(keys(org));
  const list = pages.data?.pages.flatMap((page) => page.keys) ?? [];
  return (
    <Card>
      {pages.isPending && <Skeleton rows={3} />}
      {pages.error && (
        <div className="p-5">
          <ProblemNotice error={pages.error} retry={() => void pages.refetch()} />
        </div>
      )}
      {pages.data && list.length === 0 && (
        <Empty title="No keys yet" action={add}>
          A program that sets things up, such as a pipeline that publishes policies, proves itself by a key.
          It works in this organisation alone, and never does more than the one who made it may.
        </Empty>
      )}
      <ul aria-label="API keys" className="divide-y divide-line">
        {list.map((key) => (
          <Row key={key.id} held={key} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className="flex justify-center border-t border-line p-4">
          <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Load older
          </Button>
        </div>
      )}
    </Card>
  );
}

function stateOf(key: Key): { word: string; tone: 'allow' | 'deny' | 'hide' } {
  if (key.revoked_at) return { word: 'revoked', tone: 'deny' };
  if (key.expires_at && Date.parse(key.expires_at) <= Date.now()) return { word: 'expired', tone: 'hide' };
  return { word: 'active', tone: 'allow' };
}

function Row({ held }: { held: Key }) {
  const { org } = useOrg();
  const refusal = useRefusal('keys');
  const { word, tone } = stateOf(held);
  const revoke = useSend(
    () => ask(api.DELETE('/v1/orgs/{org}/keys/{key}', { params: { path: { org, key: held.id } } })),
    keys(org).queryKey,
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
      <span className="grid min-w-0 grow basis-60 gap-0.5">
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-words">{held.name}</span>
          <span className="font-mono text-[0.85rem] text-soft">plk_…{held.last4}</span>
          <Badge tone={tone}>{word}</Badge>
        </span>
        <span className="text-[0.88rem] text-soft">
          made <When at={held.created_at} /> by {held.created_by_email ?? held.created_by},{' '}
          {held.last_used_at ? (
            <>
              used <When at={held.last_used_at} />
            </>
          ) : (
            'never used'
          )}
          {word === 'active' && held.expires_at && (
            <>
              , ends <When at={held.expires_at} />
            </>
          )}
        </span>
      </span>
      <span className="flex flex-wrap gap-1.5">
        {held.scopes.map((scope) => (
          <Badge key={scope}>{SCOPES.find(({ value }) => value === scope)?.label ?? scope}</Badge>
        ))}
      </span>
      {word === 'active' && (
        <Confirm
          title={`Revoke the key ${held.name}?`}
          action="Revoke"
          run={async () => {
            await revoke.mutateAsync(undefined);
            toast.success(`The key ${held.name} is revoked`);
          }}
          trigger={(open) => (
            <Button small look="danger" refusal={refusal} onClick={open}>
              Revoke
            </Button>
          )}
        >
          Whatever uses it is refused from the next request on. This cannot be taken back.
        </Confirm>
      )}
    </li>
  );
}
