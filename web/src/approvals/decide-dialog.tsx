import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';
import type { Approval } from './queries';

export type Decision = 'approve' | 'deny';

type Props = { approval: Approval; decision: Decision | null; close: () => void };

/** Asks for a reason, so that no key pressed by mistake decides anything. */
export function DecideDialog({ approval, decision, close }: Props) {
  const approves = decision === 'approve';
  return (
    <Dialog
      open={decision !== null}
      onOpenChange={close}
      title={approves ? `Approve ${approval.tool} once?` : `Deny ${approval.tool}?`}
      lead={
        approves
          ? 'Good for this one call with exactly these arguments, until the request ends.'
          : 'The same call stays denied until the request ends, so that nobody is asked again and again.'
      }
    >
      {decision && <DecideForm approval={approval} decision={decision} close={close} />}
    </Dialog>
  );
}

function DecideForm({ approval, decision, close }: Props & { decision: Decision }) {
  const { org } = useOrg();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const approves = decision === 'approve';
  const send = useSend(() => {
    const params = { path: { org, approval: approval.id } };
    const body = { reason: reason.trim() || null };
    return ask(
      approves
        ? api.POST('/v1/orgs/{org}/approvals/{approval}/approve', { params, body })
        : api.POST('/v1/orgs/{org}/approvals/{approval}/deny', { params, body }),
    );
  }, [org, 'approvals']);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(undefined, {
      onSuccess: (after) => {
        toast.success(
          after.status === 'pending'
            ? 'Noted. A second person has to approve as well.'
            : `${approves ? 'Approved' : 'Denied'}: ${after.tool}`,
        );
        close();
      },
      // Somebody else may have been first: what is shown behind the dialog is read anew.
      onError: () => void client.invalidateQueries({ queryKey: [org, 'approvals'] }),
    });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label="Reason"
        autoFocus
        autoComplete="off"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        hint={approves ? 'Optional. Kept with the decision.' : 'Optional. The agent is told it.'}
      />
      {send.error && <ProblemNotice error={send.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={close}>Back</Button>
        <Button type="submit" look={approves ? 'main' : 'danger'} busy={send.isPending}>
          {approves ? 'Approve once' : 'Deny'}
        </Button>
      </div>
    </form>
  );
}
