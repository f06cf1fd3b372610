/** How a request stands, and what somebody may do about it. */
import type { Schemas } from '@/api/client';
import type { Tone } from '@/ui/surface';
import type { Approval } from './queries';

type Status = Schemas['ApprovalStatus'];

export const STANDING: Record<Status, { tone: Tone; word: string; text: string }> = {
  pending: { tone: 'ask', word: 'Waiting', text: 'Nobody has decided yet.' },
  approved: { tone: 'allow', word: 'Approved', text: 'The call passes when the agent makes it again, once.' },
  denied: {
    tone: 'deny',
    word: 'Denied',
    text: 'The same call stays denied until the request would have ended.',
  },
  used: { tone: 'plain', word: 'Used', text: 'It was approved, and a call has used it.' },
  expired: {
    tone: 'hide',
    word: 'Expired',
    text: 'Its time has passed. When the call is made again, approval is asked anew.',
  },
  unfit: {
    tone: 'hide',
    word: 'No longer fits',
    text: 'The policy, the grant or the tool has changed since. When the call is made again, approval is asked anew.',
  },
};

/** The stream does not tell of expiry: the request says when. */
export function standsAt(approval: Pick<Approval, 'status' | 'expires_at'>, now: number): Status {
  const open = approval.status === 'pending' || approval.status === 'approved';
  return open && Date.parse(approval.expires_at) <= now ? 'expired' : approval.status;
}

/** Those that nobody has decided on and that have not ended. */
export function waiting(list: Approval[] | undefined, now: number): Approval[] {
  return list?.filter((one) => standsAt(one, now) === 'pending') ?? [];
}

type Caller = { user: string; role: Schemas['Role'] | null; refusal: string | undefined };

/** Why this caller may not decide on a request that is open; nothing when they may. */
export function whyNot(approval: Approval, { user, role, refusal }: Caller): string | undefined {
  if (refusal) return refusal;
  if (approval.own)
    return 'The call was made by an identity with your address. Nobody decides on their own: somebody else has to.';
  if (approval.approvers === 'admin' && role !== 'admin') return 'The policy leaves this decision to admins.';
  if (approval.status === 'pending' && approval.decisions.some((said) => said.user === user))
    return 'You have approved it. The policy asks for two people, and nobody counts twice.';
  return approval.may_decide ? undefined : 'You may not decide on this one.';
}

/** "4:05", "1 h 12 min", "3 days". */
export function left(until: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** The request one step on in a list; its first, or last, when the one at hand is not in it. */
export function step(list: Approval[], from: string | undefined, by: 1 | -1): Approval | undefined {
  const at = list.findIndex((one) => one.id === from);
  if (at < 0) return by === 1 ? list[0] : list.at(-1);
  return list[Math.min(list.length - 1, Math.max(0, at + by))];
}
