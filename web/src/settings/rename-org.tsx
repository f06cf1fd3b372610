import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { org as orgQuery } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';

/** Its name for people. The one in addresses stays: agents hang on it. */
export function RenameOrg({ place }: { place: Schemas['OrgView'] }) {
  const { org } = useOrg();
  const refusal = useRefusal('settings');
  const [open, setOpen] = useState(false);
  const send = useSend(
    (name: string) => ask(api.PATCH('/v1/orgs/{org}', { params: { path: { org } }, body: { name } })),
    orgQuery(org).queryKey,
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    send.mutate(name, {
      onSuccess: () => {
        toast.success(`It is called ${name} now`);
        setOpen(false);
      },
    });
  };
  const fault = send.error ? problemOf(send.error).field('/name') : undefined;
  return (
    <>
      <Button small refusal={refusal} onClick={() => setOpen(true)}>
        Rename
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Rename the organisation"
        lead={`The name in addresses stays ${place.slug}, so that agents keep finding it.`}
      >
        <form onSubmit={submit} className="grid gap-4">
          <Field label="Name" name="name" required maxLength={100} defaultValue={place.name} error={fault} />
          {send.error && !fault && <ProblemNotice error={send.error} />}
          <Button type="submit" look="main" busy={send.isPending}>
            Rename
          </Button>
        </form>
      </Dialog>
    </>
  );
}
