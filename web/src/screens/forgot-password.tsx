import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api, ask } from '@/api/client';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Front } from './front';

export function ForgotPassword() {
  const request = useMutation({
    mutationFn: (email: string) => ask(api.POST('/v1/password-reset', { body: { email } })),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    request.mutate(String(new FormData(event.currentTarget).get('email')));
  };
  return (
    <Front
      title="Set a new password"
      lead="A link to do so is mailed to the address of your account."
      below={
        <Link to="/sign-in" search={{}} className="prose-link">
          Back to signing in
        </Link>
      }
    >
      {request.data ? (
        <p role="status">{request.data.message}</p>
      ) : (
        <form onSubmit={submit} className="grid gap-4">
          <Field label="Email" name="email" type="email" autoComplete="username" required />
          {request.error && <ProblemNotice error={request.error} />}
          <Button type="submit" look="main" busy={request.isPending}>
            Mail me a link
          </Button>
        </form>
      )}
    </Front>
  );
}
