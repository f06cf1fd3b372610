/** Limits and how full they are, in words and in percent. */
import type { Schemas } from '@/api/client';

type Limit = Pick<Schemas['LimitView'], 'scope' | 'identity' | 'server' | 'team' | 'keyed'>;

/** What a limit is counted for: "alice on orders, for one key". */
export function countedFor({ scope, identity, server, team, keyed }: Limit): string {
  const who = identity ?? (team ? `team ${team}` : undefined);
  const what = {
    grant: [who ?? 'a grant', server && `on ${server}`].filter(Boolean).join(' '),
    session: `one session of ${identity ?? 'an identity'}`,
    identity: identity ?? 'an identity',
    team: who ?? 'a team',
    server: server ?? 'a server',
    org: 'everybody',
  }[scope];
  return keyed ? `${what}, for one key` : what;
}

/** The span that it counts in: "per day", "in any day". */
export function countedIn({ window, rolling }: Pick<Schemas['LimitView'], 'window' | 'rolling'>): string {
  return `${rolling ? 'in any' : 'per'} ${window}`;
}

/** How full it is, from 0 to 100. Amounts are decimals as text; for a bar they need not be exact. */
export function share({ used, max }: Pick<Schemas['LimitView'], 'used' | 'max'>): number {
  return Math.min(100, (100 * Number(used)) / Number(max) || 0);
}
