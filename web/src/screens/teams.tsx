import { NewTeam } from '@/people/new-team';
import { TeamList } from '@/people/team-list';
import { useRefusal } from '@/shell/use-org';
import { Page } from '@/ui/surface';

export function Teams() {
  return (
    <Page
      title="Teams"
      lead="Each has gateway addresses, identities and grants of its own. Servers and policies are shared by all."
      refusal={useRefusal('teams')}
    >
      <TeamList />
      <NewTeam />
    </Page>
  );
}
