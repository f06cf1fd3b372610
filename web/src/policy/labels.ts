import type { Tone } from '@/ui/surface';
import type { Stance } from './stance';

/** How stances are called and coloured, everywhere alike. */
export const STANCE_LABELS: Record<Stance, { label: string; tone: Tone; means: string }> = {
  inherit: { label: 'Default', tone: 'plain', means: 'No rule of its own' },
  allow: { label: 'Allow', tone: 'allow', means: 'Calls pass' },
  deny: { label: 'Deny', tone: 'deny', means: 'Listed, and refused with a reason' },
  hide: { label: 'Hide', tone: 'hide', means: 'Not listed; answers as if it did not exist' },
  approve: { label: 'Approve', tone: 'ask', means: 'A person decides each call' },
  limit: { label: 'Limit', tone: 'limit', means: 'Calls pass, so many in a time' },
  custom: { label: 'Custom', tone: 'plain', means: 'Conditions, several limits, who approves' },
};
