import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api, ask } from '@/api/client';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/surface';
import { Front } from './front';
import { mailedToken } from './mailed-token';

/** A token works once: a page that is drawn twice sends it once. */
let sent: string | null = null;

export function VerifyEmail() {
  const token = mailedToken();
  const verify = useMutation({
    mutationFn: (body: { token: string }) => ask(api.POST('/v1/verify-email', { body })),
  });
  const { mutate } = verify;
  useEffect(() => {
    if (!token || sent === token) return;
    sent = token;
    mutate({ token });
  }, [token, mutate]);
  return (
    <Front title="Confirm your address">
      {!token && <p>Open the link from the mail; it carries what is needed here.</p>}
      {token && !verify.isSuccess && !verify.isError && <Skeleton rows={1} />}
      {verify.isSuccess && <p role="status">Your address is confirmed.</p>}
      {verify.isError && <ProblemNotice error={verify.error} />}
      <Button asChild look="main">
        <Link to="/">To the console</Link>
      </Button>
    </Front>
  );
}
