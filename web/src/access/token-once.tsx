import { KeyRound } from 'lucide-react';
import { VARIABLE } from '@/connect/clients';
import { CopyButton } from '@/ui/copy';

/** A token, the one time that it can be seen. */
export function TokenOnce({ token }: { token: string }) {
  return (
    <div className="grid gap-3 rounded-xl border border-hide/40 bg-hide-wash p-4">
      <p className="flex items-center gap-2 font-medium">
        <KeyRound aria-hidden className="size-4" />
        This is the only time that the token is shown
      </p>
      <code className="rounded-lg bg-sheet px-3 py-2 font-mono text-[0.9rem] break-all">{token}</code>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={token}>Copy token</CopyButton>
        <CopyButton text={`export ${VARIABLE}='${token}'`}>Copy as export</CopyButton>
      </div>
    </div>
  );
}
