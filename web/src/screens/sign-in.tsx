import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { signIn } from '@/api/session';
import { nextOf } from '@/shell/next';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Front } from './front';

export function SignIn() {
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await signIn(String(form.get('email')), String(form.get('password')));
      client.clear();
      const onward = nextOf(next);
      if (onward) router.history.push(onward);
      else await router.navigate({ to: '/' });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Front
      title="Sign in"
      below={
        <>
          No account yet?{' '}
          <Link to="/sign-up" search={{ next }} className="prose-link">
            Sign up
          </Link>
        </>
      }
    >
      <form onSubmit={submit} className="grid gap-4">
        <Field label="Email" name="email" type="email" autoComplete="username" required />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Link to="/forgot-password" className="prose-link justify-self-start text-[0.9rem]">
          Forgot your password?
        </Link>
        {error !== null && <ProblemNotice error={error} />}
        <Button type="submit" look="main" busy={busy}>
          Sign in
        </Button>
      </form>
    </Front>
  );
}
