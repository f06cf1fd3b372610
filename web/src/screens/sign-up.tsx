import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api, ask } from '@/api/client';
import { problemOf } from '@/api/problem';
import { me } from '@/api/queries';
import { signIn } from '@/api/session';
import { nextOf } from '@/shell/next';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Front } from './front';

export function SignUp() {
  const { next } = useSearch({ from: '/sign-up' });
  const router = useRouter();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { email: String(form.get('email')), password: String(form.get('password')) };
    setBusy(true);
    setError(null);
    try {
      await ask(api.POST('/v1/signup', { body }));
      await signIn(body.email, body.password);
      client.clear();
      const { memberships } = await client.fetchQuery(me);
      const org = memberships[0]?.org;
      const onward = nextOf(next);
      if (onward) router.history.push(onward);
      else if (org) await navigate({ to: '/o/$org/start', params: { org }, search: {} });
      else await navigate({ to: '/' });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const problem = error === null ? null : problemOf(error);
  const fields = { email: problem?.field('/email'), password: problem?.field('/password') };
  return (
    <Front
      title="Create your account"
      lead="You get an organisation and a first team at once. No card, no sales call."
      below={
        <>
          Have an account?{' '}
          <Link to="/sign-in" search={{ next }} className="prose-link">
            Sign in
          </Link>
        </>
      }
    >
      <form onSubmit={submit} className="grid gap-4">
        <Field
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          required
          error={fields.email}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          required
          hint="12 characters or more. A few unrelated words are easy to remember."
          error={fields.password}
        />
        {problem?.code === 'invalid_credentials' ? (
          <ProblemNotice
            error={{
              ...problem,
              detail: 'There is an account for this address already. Sign in with its password.',
            }}
          />
        ) : (
          problem && !fields.email && !fields.password && <ProblemNotice error={problem} />
        )}
        <Button type="submit" look="main" busy={busy}>
          Create account
        </Button>
      </form>
    </Front>
  );
}
