import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { InvitationList } from '@/people/invitation-list';
import { InviteForm } from '@/people/invite-form';
import { MemberList } from '@/people/member-list';
import { useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Page } from '@/ui/surface';

/** Who belongs to the organisation, and as what. */
export function Members() {
  const refusal = useRefusal('members');
  const [inviting, setInviting] = useState(false);
  return (
    <Page
      title="Members"
      lead="People who can sign in here. Agents and machines are identities, under Access."
      refusal={refusal}
      actions={
        <Button look="main" refusal={refusal} onClick={() => setInviting(true)}>
          <UserPlus aria-hidden className="size-4" />
          Invite
        </Button>
      }
    >
      {!refusal && (
        <>
          <MemberList />
          <InvitationList />
        </>
      )}
      <Dialog
        open={inviting}
        onOpenChange={setInviting}
        title="Invite somebody"
        lead="They get a mail with a link. Whether the address has an account makes no difference."
      >
        <InviteForm done={() => setInviting(false)} />
      </Dialog>
    </Page>
  );
}
