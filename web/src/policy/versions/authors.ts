import { useSuspenseQuery } from '@tanstack/react-query';
import type { Schemas } from '@/api/client';
import { me } from '@/api/queries';

type Authored = Pick<Schemas['PolicyVersionView'], 'author' | 'author_email'>;

/** What to call whoever published a version. */
export function useAuthors(): (version: Authored | undefined) => string {
  const own = useSuspenseQuery(me).data.user;
  return (version) => {
    if (version?.author === own.id) return 'you';
    return version?.author_email ?? 'somebody who has left';
  };
}
