import { useQuery } from '@tanstack/react-query';
import { useOrg, useRefusal } from '@/shell/use-org';
import { useNow } from '@/ui/use-now';
import { approvals } from './queries';
import { waiting } from './standing';

/** How many calls wait for approval; nothing while that is unknown or none of the caller's business. */
export function useWaiting(): number | undefined {
  const { org } = useOrg();
  const refusal = useRefusal('approvals');
  const list = useQuery({ ...approvals(org, 'waiting'), enabled: !refusal });
  const now = useNow(5000);
  return list.data && waiting(list.data, now).length;
}
