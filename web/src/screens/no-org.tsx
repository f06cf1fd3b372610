import { Empty } from '@/ui/surface';

export function NoOrg() {
  return (
    <Empty title="You belong to no organisation">
      Ask an admin of one to let you in. Accounts that sign up themselves have an organisation from the start.
    </Empty>
  );
}
