import type { operations } from '@/api/schema';

type Query = NonNullable<operations['list_changes']['parameters']['query']>;

/** The filters as the address has them; days are whole days where the reader is. */
export type ChangeFilters = {
  action?: string;
  actor?: string;
  subject?: string;
  after?: string;
  before?: string;
};

export function readChangeFilters(search: Record<string, unknown>): ChangeFilters {
  const text = (key: keyof ChangeFilters) => {
    const value = search[key];
    return typeof value === 'string' && value.trim() !== '' ? { [key]: value } : {};
  };
  const day = (key: 'after' | 'before') => (/^\d{4}-\d{2}-\d{2}$/.test(String(search[key])) ? text(key) : {});
  return { ...text('action'), ...text('actor'), ...text('subject'), ...day('after'), ...day('before') };
}

export function queryOf(filters: ChangeFilters): Query {
  const { after, before, ...rest } = filters;
  return {
    ...rest,
    ...(after && { after: new Date(`${after}T00:00:00`).toISOString() }),
    ...(before && { before: new Date(`${before}T24:00:00`).toISOString() }),
  };
}

/** What changes are of, each with all its kinds. */
export const KINDS = [
  { value: 'account', label: 'Accounts' },
  { value: 'key', label: 'API keys' },
  { value: 'approval', label: 'Approvals' },
  { value: 'grant', label: 'Grants' },
  { value: 'identity', label: 'Identities' },
  { value: 'invitation', label: 'Invitations' },
  { value: 'member', label: 'Members' },
  { value: 'org', label: 'Organisation' },
  { value: 'policy', label: 'Policies' },
  { value: 'server', label: 'Servers' },
  { value: 'team', label: 'Teams' },
  { value: 'token', label: 'Tokens' },
  { value: 'tool', label: 'Tools' },
];
