import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { api, ask } from '@/api/client';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/dialog';

/** Everybody may leave; the last admin is held back by the server, which says so. */
export function LeaveOrg() {
  const { org, user } = useOrg();
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <Confirm
      title={`Leave ${org}?`}
      action="Leave"
      run={async () => {
        await ask(api.DELETE('/v1/orgs/{org}/members/{user}', { params: { path: { org, user } } }));
        client.clear();
        toast.success(`You have left ${org}`);
        await navigate({ to: '/' });
      }}
      trigger={(open) => (
        <Button look="danger" onClick={open}>
          Leave {org}
        </Button>
      )}
    >
      You see nothing of it any more from then on. To come back, you have to be invited again.
    </Confirm>
  );
}
