import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { teams } from '@/api/queries';
import { useOrg } from '@/shell/use-org';
import { CopyIcon } from '@/ui/copy';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, Code, Skeleton } from '@/ui/surface';
import { TeamActions } from './team-actions';

export function TeamList() {
  const { org } = useOrg();
  const list = useQuery(teams(org));
  return (
    <Card>
      {list.isPending && <Skeleton rows={2} />}
      {list.error && (
        <div className="p-5">
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.data && (
        <ul aria-label="Teams" className="divide-y divide-line">
          {list.data.map((team) => (
            <li key={team.id} className="grid gap-1.5 px-5 py-4">
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <Link
                  to="/o/$org/access"
                  params={{ org }}
                  search={{ team: team.slug }}
                  className="grow font-medium underline-offset-4 hover:underline"
                >
                  {team.name}
                </Link>
                {!team.enabled && <Badge tone="hide">Switched off</Badge>}
                <TeamActions team={team} />
              </span>
              <span className="flex min-w-0 items-center gap-1">
                <Code>{team.gateway_url}</Code>
                <CopyIcon text={team.gateway_url} what={`the gateway address of ${team.name}`} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
