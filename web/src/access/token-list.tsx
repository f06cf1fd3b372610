import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { tokens } from '@/api/queries';
import { ConnectPanel } from '@/connect/connect-panel';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Confirm, Dialog } from '@/ui/dialog';
import { ProblemNotice } from '@/ui/problem';
import { Badge, CardHead, Empty, Skeleton } from '@/ui/surface';
import { Table, Td, Th } from '@/ui/table';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';
import { TokenOnce } from './token-once';

type Token = Schemas['TokenView'];
type Props = { team: string; identity: Schemas['IdentityView']; servers: string[] };

/** Rotating is making a second token, moving the client to it, and revoking the first. */
export function TokenList({ team, identity, servers }: Props) {
  const { org } = useOrg();
  const list = useQuery(tokens(org, team, identity.id));
  const refusal = useRefusal('access', team);
  const [made, setMade] = useState<Schemas['MintedTokenView'] | null>(null);
  const mint = useSend(
    () =>
      ask(
        api.POST('/v1/orgs/{org}/teams/{team}/identities/{identity}/tokens', {
          params: { path: { org, team, identity: identity.id } },
          body: { name: identity.label },
        }),
      ),
    [org, 'teams', team],
  );
  const server = servers[0];
  return (
    <>
      <CardHead
        title="Tokens"
        lead="To rotate, make another, move the client to it, then revoke the old one. Both work meanwhile."
      >
        <Button
          busy={mint.isPending}
          refusal={refusal}
          onClick={() => mint.mutate(undefined, { onSuccess: setMade })}
        >
          New token
        </Button>
      </CardHead>
      {mint.error && (
        <div className="px-5 pb-4">
          <ProblemNotice error={mint.error} />
        </div>
      )}
      {list.isPending && <Skeleton rows={2} />}
      {list.error && (
        <div className="p-5">
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.data?.length === 0 && <Empty title="No tokens">Without one it cannot call anything.</Empty>}
      {list.data && list.data.length > 0 && (
        <Table
          stacks
          label="Tokens"
          head={
            <>
              <Th>Token</Th>
              <Th>State</Th>
              <Th>Last used</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </>
          }
        >
          {list.data.map((token) => (
            <TokenRow
              key={token.id}
              token={token}
              path={{ org, team, identity: identity.id, token: token.id }}
            />
          ))}
        </Table>
      )}
      <Dialog
        open={made !== null}
        onOpenChange={() => setMade(null)}
        title={`A new token for ${identity.label}`}
        wide
      >
        {made && <TokenOnce token={made.token} />}
        {made && server && (
          <ConnectPanel server={server} url={`${made.gateway_url}/${server}`} token={made.token} />
        )}
      </Dialog>
    </>
  );
}

function stateOf(token: Token): { tone: 'allow' | 'deny' | 'hide'; text: string; at: string | null } {
  if (token.revoked_at) return { tone: 'deny', text: 'revoked', at: token.revoked_at };
  if (token.expires_at && Date.parse(token.expires_at) <= Date.now())
    return { tone: 'hide', text: 'expired', at: token.expires_at };
  return { tone: 'allow', text: 'active', at: token.expires_at ?? null };
}

function TokenRow({
  token,
  path,
}: {
  token: Token;
  path: { org: string; team: string; identity: string; token: string };
}) {
  const refusal = useRefusal('access', path.team);
  const revoke = useSend(
    () =>
      ask(
        api.DELETE('/v1/orgs/{org}/teams/{team}/identities/{identity}/tokens/{token}', { params: { path } }),
      ),
    [path.org, 'teams', path.team],
  );
  const state = stateOf(token);
  return (
    <tr>
      <Td>
        <span className="grid">
          <span className="font-medium">{token.name || 'unnamed'}</span>
          <span className="font-mono text-[0.85rem] text-soft">…{token.last4}</span>
        </span>
      </Td>
      <Td>
        <Badge tone={state.tone}>{state.text}</Badge>
        {state.at && (
          <span className="ml-2 text-[0.88rem] text-soft">
            {state.text === 'active' && 'ends '}
            <When at={state.at} />
          </span>
        )}
      </Td>
      <Td>
        {token.last_used_at ? <When at={token.last_used_at} /> : <span className="text-soft">never</span>}
      </Td>
      <Td className="ml-auto text-right">
        {state.text === 'active' && (
          <Confirm
            title={`Revoke the token …${token.last4}?`}
            action="Revoke"
            run={async () => {
              await revoke.mutateAsync(undefined);
              toast.success(`The token …${token.last4} is revoked`);
            }}
            trigger={(open) => (
              <Button small look="danger" onClick={open} refusal={refusal}>
                Revoke
              </Button>
            )}
          >
            Whoever uses it is refused as soon as gateways hear of it, which takes about a second.
          </Confirm>
        )}
      </Td>
    </tr>
  );
}
