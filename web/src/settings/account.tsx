import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { problemOf } from '@/api/problem';
import { me } from '@/api/queries';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead, Pair, Pairs } from '@/ui/surface';
import { When } from '@/ui/time';

/** The caller's own account: address and password. */
export function Account() {
  const { user } = useSuspenseQuery(me).data;
  const [open, setOpen] = useState<'password' | 'email' | null>(null);
  const mail = useMutation({ mutationFn: () => ask(api.POST('/v1/me/verification')) });
  const again = () =>
    mail.mutate(undefined, {
      onSuccess: () => toast.success(`A mail to ${user.email} is on its way`),
      onError: (error) => toast.error(problemOf(error).message),
    });
  return (
    <Card>
      <CardHead title="Your account">
        <span className="flex flex-wrap gap-2">
          <Button small onClick={() => setOpen('email')}>
            Change address
          </Button>
          <Button small onClick={() => setOpen('password')}>
            Change password
          </Button>
        </span>
      </CardHead>
      <div className="px-5 pb-5">
        <Pairs>
          <Pair name="Email">
            <span className="flex flex-wrap items-center gap-2">
              {user.email}
              {user.email_verified_at ? (
                <Badge tone="allow">confirmed</Badge>
              ) : (
                <>
                  <Badge tone="hide">not confirmed</Badge>
                  <Button small look="quiet" busy={mail.isPending} onClick={again}>
                    Mail the link again
                  </Button>
                </>
              )}
            </span>
          </Pair>
          <Pair name="Since">
            <When at={user.created_at} />
          </Pair>
        </Pairs>
      </div>
      <Dialog
        open={open === 'password'}
        onOpenChange={() => setOpen(null)}
        title="Change your password"
        lead="All your other sign-ins end."
      >
        <ChangePassword done={() => setOpen(null)} />
      </Dialog>
      <Dialog
        open={open === 'email'}
        onOpenChange={() => setOpen(null)}
        title="Change your address"
        lead="Links go to the old and the new mailbox; the address changes when both have been opened."
      >
        <ChangeEmail done={() => setOpen(null)} />
      </Dialog>
    </Card>
  );
}

function ChangePassword({ done }: { done: () => void }) {
  const change = useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) =>
      ask(api.PUT('/v1/me/password', { body })),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { current_password: String(form.get('current')), new_password: String(form.get('next')) };
    change.mutate(body, {
      onSuccess: () => {
        toast.success('Your password is changed');
        done();
      },
    });
  };
  const fault = change.error ? problemOf(change.error).field('/new_password') : undefined;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label="Password until now"
        name="current"
        type="password"
        autoComplete="current-password"
        required
      />
      <Field
        label="New password"
        name="next"
        type="password"
        autoComplete="new-password"
        minLength={12}
        required
        error={fault}
      />
      {change.error && !fault && <ProblemNotice error={change.error} />}
      <Button type="submit" look="main" busy={change.isPending}>
        Change password
      </Button>
    </form>
  );
}

function ChangeEmail({ done }: { done: () => void }) {
  const change = useMutation({
    mutationFn: (body: { email: string; password: string }) => ask(api.POST('/v1/me/email', { body })),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change.mutate(
      { email: String(form.get('email')), password: String(form.get('password')) },
      {
        onSuccess: () => {
          toast.success('Two mails are on their way');
          done();
        },
      },
    );
  };
  const fault = change.error ? problemOf(change.error).field('/email') : undefined;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="New address" name="email" type="email" autoComplete="email" required error={fault} />
      <Field label="Your password" name="password" type="password" autoComplete="current-password" required />
      {change.error && !fault && <ProblemNotice error={change.error} />}
      <Button type="submit" look="main" busy={change.isPending}>
        Send the links
      </Button>
    </form>
  );
}
