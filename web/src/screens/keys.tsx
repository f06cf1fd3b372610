import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { KeyList } from '@/keys/key-list';
import { NewKey } from '@/keys/new-key';
import { useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { CodeBlock, CopyButton } from '@/ui/copy';
import { Dialog } from '@/ui/dialog';
import { Page } from '@/ui/surface';

/** Keys by which programs use the API. */
export function Keys() {
  const refusal = useRefusal('keys');
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Schemas['MintedKeyView'] | null>(null);
  const add = (
    <Button look="main" refusal={refusal} onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      New key
    </Button>
  );
  const close = () => {
    setAdding(false);
    setMade(null);
  };
  return (
    <Page
      title="API keys"
      lead="For programs that set things up. Agents that call tools have identities and tokens, under Access."
      refusal={refusal}
      actions={add}
    >
      {!refusal && <KeyList add={add} />}
      <Dialog open={adding} onOpenChange={close} title={made ? `The key ${made.name}` : 'New API key'}>
        {made ? <Once secret={made.secret} /> : <NewKey done={setMade} />}
      </Dialog>
    </Page>
  );
}

/** A key, the one time that it can be seen, and how it is used. */
function Once({ secret }: { secret: string }) {
  const address = `${window.location.origin}/v1/me`;
  return (
    <>
      <div className="grid gap-3 rounded-xl border border-hide/40 bg-hide-wash p-4">
        <p className="flex items-center gap-2 font-medium">
          <KeyRound aria-hidden className="size-4" />
          This is the only time that the key is shown
        </p>
        <code className="rounded-lg bg-sheet px-3 py-2 font-mono text-[0.9rem] break-all">{secret}</code>
        <div>
          <CopyButton text={secret}>Copy key</CopyButton>
        </div>
      </div>
      <CodeBlock
        what="a first request"
        text={`curl -H "Authorization: Bearer $POLICYLAYER_API_KEY" \\\n  ${address.replace(/\/me$/, '/orgs/…/servers')}`}
      />
    </>
  );
}
