import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { problemOf } from '@/api/problem';
import { signOut } from '@/api/session';

/** Ends this sign-in, forgets what was read, and leads to the form. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await signOut();
      client.clear();
      await navigate({ to: '/sign-in', search: {} });
    } catch (error) {
      toast.error(problemOf(error).message);
    }
  };
}
