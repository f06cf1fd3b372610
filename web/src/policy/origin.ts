/** Where somebody comes from who opens the editor with something in hand, as the address says. */
import { readWanted } from '@/servers/wanted';

export type Origin = {
  /** A recorded call, and what it is to become. */
  event?: string | undefined;
  as?: 'test' | 'allow' | undefined;
  /** A tool of the catalogue whose recommended rule is to be put in. */
  catalog?: string | undefined;
  tool?: string | undefined;
};

export function readOrigin(search: Record<string, unknown>): Origin {
  const { catalog, tool } = readWanted(search);
  const origin: Origin = { catalog, tool };
  if (typeof search.event === 'string' && search.event) origin.event = search.event;
  if (search.as === 'test' || search.as === 'allow') origin.as = search.as;
  return origin;
}
