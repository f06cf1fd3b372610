import { Account } from '@/settings/account';
import { DeleteAccount } from '@/settings/delete-account';
import { DeleteOrg } from '@/settings/delete-org';
import { LeaveOrg } from '@/settings/leave-org';
import { OrgCard } from '@/settings/org-card';
import { SignIns } from '@/settings/sign-ins';
import { useRefusal } from '@/shell/use-org';
import { Card, CardHead, Page } from '@/ui/surface';

export function Settings() {
  return (
    <Page title="Settings" refusal={useRefusal('settings')}>
      <OrgCard />
      <Account />
      <SignIns />
      <Card>
        <CardHead title="Leave and delete" lead="Each of these asks first." />
        <div className="flex flex-wrap gap-2 px-5 pb-5">
          <LeaveOrg />
          <DeleteOrg />
          <DeleteAccount />
        </div>
      </Card>
    </Page>
  );
}
