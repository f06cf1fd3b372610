import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/dialog';

/** Ends an organisation: its gateways refuse at once, and it can be restored for a while. */
export function DeleteOrg() {
  const { org } = useOrg();
  const refusal = useRefusal('settings');
  const client = useQueryClient();
  return (
    <Confirm
      title={`Delete ${org}?`}
      typed={org}
      action="Delete the organisation"
      run={async () => {
        await ask(api.DELETE('/v1/orgs/{org}', { params: { path: { org } } }));
        await client.invalidateQueries();
        toast.success(`${org} will be deleted`);
      }}
      trigger={(open) => (
        <Button look="danger" refusal={refusal} onClick={open}>
          Delete {org}
        </Button>
      )}
    >
      From now on every call through it is refused. For 14 days it can be looked at, and any admin can restore
      it as it was. Then it is erased with all that belongs to it, the log and the audit of changes included.
    </Confirm>
  );
}
