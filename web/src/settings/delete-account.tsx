import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { problemOf } from '@/api/problem';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';

/** Ends the caller's account; signing in again takes that back. */
export function DeleteAccount() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const send = useMutation({
    mutationFn: (password: string) => ask(api.POST('/v1/me/deletion', { body: { password } })),
    onSuccess: async ({ delete_at }) => {
      client.clear();
      toast.success(
        `Your account will be deleted on ${new Date(delete_at).toLocaleDateString()}. Signing in before then keeps it.`,
      );
      await navigate({ to: '/sign-in', search: {} });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    send.mutate(String(new FormData(event.currentTarget).get('password')));
  };
  const fault = send.error ? problemOf(send.error).field('/password') : undefined;
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Delete your account
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Delete your account?"
        lead="All your sign-ins end now. Signing in within 14 days takes it back; then it is erased, with the organisations that nobody else is in. Those refuse every call from now on."
      >
        <form onSubmit={submit} className="grid gap-4">
          <Field
            label="Your password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            error={fault}
          />
          {send.error && !fault && <ProblemNotice error={send.error} />}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Keep</Button>
            <Button type="submit" look="danger" busy={send.isPending}>
              Delete
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
