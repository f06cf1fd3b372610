import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { policies } from '@/api/queries';
import { useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead, Empty, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';

/** The policy that a first grant is given. */
export const FIRST_POLICY = 'main';

export function PolicyList({ org, server }: { org: string; server: string }) {
  const list = useQuery(policies(org, server));
  const refusal = useRefusal('policies');
  return (
    <Card>
      <CardHead title="Policies" lead="Each grant names the one that rules it." />
      {list.isPending && <Skeleton rows={2} />}
      {list.error && (
        <div className="p-5">
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.data?.length === 0 && (
        <Empty
          title="No policy yet"
          action={
            <Button asChild look="main" refusal={refusal}>
              <Link
                to="/o/$org/servers/$server/policies/$policy"
                params={{ org, server, policy: FIRST_POLICY }}
              >
                Write the first policy
              </Link>
            </Button>
          }
        >
          Without one every call is refused. Start from a template and choose tool by tool.
        </Empty>
      )}
      {list.data && list.data.length > 0 && (
        <ul className="divide-y divide-line border-t border-line">
          {list.data.map((policy) => (
            <li key={policy.id}>
              <Link
                to="/o/$org/servers/$server/policies/$policy"
                params={{ org, server, policy: policy.slug }}
                className="flex items-center gap-3 px-5 py-3.5 hover:bg-well/60 focus-visible:-outline-offset-2"
              >
                <span className="grow font-medium">{policy.slug}</span>
                <Badge>version {policy.version}</Badge>
                <span className="text-[0.9rem] text-soft">
                  <When at={policy.updated_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
