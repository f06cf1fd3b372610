import { useSuspenseQuery } from '@tanstack/react-query';
import { me } from '@/api/queries';
import { useSignOut } from '@/shell/use-sign-out';
import { Button } from '@/ui/button';
import { Front } from './front';

export function NoOrg() {
  const { user } = useSuspenseQuery(me).data;
  const signOut = useSignOut();
  return (
    <Front title="You belong to no organisation">
      <p>
        You are signed in as {user.email}. Ask an admin of an organisation to invite this address; the link in
        the mail leads there.
      </p>
      <Button onClick={signOut}>Sign out</Button>
    </Front>
  );
}
