import { useQuery } from '@tanstack/react-query';
import { org as orgQuery } from '@/api/queries';
import { ROLES, useOrg } from '@/shell/use-org';
import { ProblemNotice } from '@/ui/problem';
import { Card, CardHead, Code, Pair, Pairs, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { OrgSwitches } from './org-switches';
import { RenameOrg } from './rename-org';

/** The organisation: how it is called, and how its gateways work. */
export function OrgCard() {
  const { org } = useOrg();
  const place = useQuery(orgQuery(org));
  return (
    <Card>
      <CardHead title="Organisation">{place.data && <RenameOrg place={place.data} />}</CardHead>
      {place.error && (
        <div className="p-5">
          <ProblemNotice error={place.error} retry={() => void place.refetch()} />
        </div>
      )}
      {place.isPending && <Skeleton rows={3} />}
      {place.data && (
        <>
          <div className="px-5 pb-5">
            <Pairs>
              <Pair name="Name">{place.data.name}</Pair>
              <Pair name="Name in addresses">
                <Code>{place.data.slug}</Code>
              </Pair>
              <Pair name="Your role">
                {place.data.role ? ROLES[place.data.role] : 'On single teams only'}
              </Pair>
              <Pair name="Since">
                <When at={place.data.created_at} />
              </Pair>
            </Pairs>
          </div>
          <OrgSwitches place={place.data} />
        </>
      )}
    </Card>
  );
}
