import { Account } from '@/settings/account';
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
        <CardHead title="Leave" lead="What has an end is under its own button, and asks first." />
        <div className="flex flex-wrap gap-2 px-5 pb-5">
          <LeaveOrg />
        </div>
      </Card>
    </Page>
  );
}
