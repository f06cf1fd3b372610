import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { me } from '@/api/queries';
import { restore, signIn } from '@/api/session';
import { ROLES } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { Front } from './front';
import { mailedToken } from './mailed-token';

/** Where the link of an invitation leads: join with a new account, or with the one that the address has. */
export function Invitation() {
  const token = mailedToken();
  const shown = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => ask(api.POST('/v1/invitations/show', { body: { token: token ?? '' } })),
    enabled: token !== null,
    // Answered once, it is gone: what is on the page then is what was agreed to.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const place = shown.data?.team
    ? `the team ${shown.data.team} of ${shown.data.org_name}`
    : shown.data?.org_name;
  return (
    <Front title={place ? `Join ${place}` : 'Invitation'}>
      {!token && <p>Open the link from the mail; it carries what is needed here.</p>}
      {token && shown.isPending && <Skeleton rows={3} />}
      {shown.error && <ProblemNotice error={shown.error} />}
      {token && shown.data && <Answer token={token} invitation={shown.data} />}
    </Front>
  );
}

type Props = { token: string; invitation: Schemas['ReceivedInvitationView'] };

function Answer({ token, invitation }: Props) {
  const { email, has_account, org, role, expires_at } = invitation;
  const client = useQueryClient();
  const navigate = useNavigate();
  // Who is signed in here already; nobody, and no fault, when nobody is.
  const caller = useQuery({
    queryKey: ['invitation', 'caller'],
    queryFn: async () => ((await restore()) ? (await client.fetchQuery(me)).user.email : null),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const here = caller.data?.toLowerCase() === email.toLowerCase();
  const accept = useMutation({
    mutationFn: async (password: string) => {
      if (!has_account) await ask(api.POST('/v1/invitations/join', { body: { token, password } }));
      if (!here) await signIn(email, password);
      if (has_account) await ask(api.POST('/v1/invitations/accept', { body: { token } }));
      client.clear();
      await navigate({ to: '/o/$org', params: { org } });
    },
  });
  const decline = useMutation({
    mutationFn: () => ask(api.POST('/v1/invitations/decline', { body: { token } })),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    accept.mutate(String(new FormData(event.currentTarget).get('password') ?? ''));
  };
  if (decline.isSuccess)
    return (
      <>
        <p role="status">You have said no. Nothing else was changed.</p>
        <Button asChild>
          <Link to="/">To the console</Link>
        </Button>
      </>
    );
  if (caller.isPending) return <Skeleton rows={3} />;
  const fault = accept.error ? problemOf(accept.error).field('/password') : undefined;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <p>
        {email} was invited as <strong className="font-semibold">{ROLES[role]}</strong>. The invitation ends{' '}
        <When at={expires_at} />.
      </p>
      {caller.data && !here && (
        <p className="text-[0.93rem] text-soft">
          This browser is signed in as {caller.data}. Going on signs it in as {email} instead.
        </p>
      )}
      {!here && (
        <>
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <Field
            label={has_account ? `Password of ${email}` : 'Choose a password'}
            name="password"
            type="password"
            autoComplete={has_account ? 'current-password' : 'new-password'}
            required
            {...(!has_account && { minLength: 12 })}
            {...(!has_account && {
              hint: '12 characters or more. A few unrelated words are easy to remember.',
            })}
            error={fault}
          />
        </>
      )}
      {accept.error && !fault && <ProblemNotice error={accept.error} />}
      {decline.error && <ProblemNotice error={decline.error} />}
      <div className="grid gap-2">
        <Button type="submit" look="main" busy={accept.isPending}>
          {here ? 'Accept' : has_account ? 'Sign in and accept' : 'Create account and join'}
        </Button>
        <Button look="quiet" busy={decline.isPending} onClick={() => decline.mutate()}>
          No, thank you
        </Button>
      </div>
    </form>
  );
}
