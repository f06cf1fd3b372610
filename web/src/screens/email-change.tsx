import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ask } from '@/api/client';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Front } from './front';
import { mailedToken } from './mailed-token';

export function EmailChange() {
  const token = mailedToken();
  const confirm = useMutation({
    mutationFn: (body: { token: string }) => ask(api.POST('/v1/email-change', { body })),
  });
  return (
    <Front title="Change of address" lead="Both mailboxes, the old and the new, have to agree.">
      {!token && <p>Open the link from the mail; it carries what is needed here.</p>}
      {token && !confirm.data && (
        <Button look="main" busy={confirm.isPending} onClick={() => confirm.mutate({ token })}>
          Confirm the change
        </Button>
      )}
      {confirm.error && <ProblemNotice error={confirm.error} />}
      {confirm.data && (
        <p role="status">
          {confirm.data.status === 'changed'
            ? 'Your address has changed. Sign in with the new one from now on.'
            : 'Confirmed from here. The address changes once the link in the other mailbox is opened too.'}
        </p>
      )}
      <Button asChild>
        <Link to="/">To the console</Link>
      </Button>
    </Front>
  );
}
