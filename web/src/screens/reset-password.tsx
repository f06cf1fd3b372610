import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api, ask } from '@/api/client';
import { problemOf } from '@/api/problem';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Front } from './front';
import { mailedToken } from './mailed-token';

export function ResetPassword() {
  const token = mailedToken();
  const reset = useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      ask(api.POST('/v1/password-reset/complete', { body })),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (token) reset.mutate({ token, password: String(new FormData(event.currentTarget).get('password')) });
  };
  const fault = reset.error ? problemOf(reset.error).field('/password') : undefined;
  if (!token) {
    return (
      <Front title="Choose a new password">
        <p>Open the link from the mail; it carries what is needed here.</p>
        <Button asChild>
          <Link to="/forgot-password">Ask for another link</Link>
        </Button>
      </Front>
    );
  }
  if (reset.isSuccess) {
    return (
      <Front title="Your password is set">
        <p role="status">Every sign-in of your account has ended. Sign in with the new password.</p>
        <Button asChild look="main">
          <Link to="/sign-in" search={{}}>
            Sign in
          </Link>
        </Button>
      </Front>
    );
  }
  return (
    <Front title="Choose a new password">
      <form onSubmit={submit} className="grid gap-4">
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          required
          hint="12 characters or more."
          error={fault}
        />
        {reset.error && !fault && <ProblemNotice error={reset.error} />}
        <Button type="submit" look="main" busy={reset.isPending}>
          Set the password
        </Button>
      </form>
    </Front>
  );
}
