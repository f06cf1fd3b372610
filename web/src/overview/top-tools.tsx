import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useOrg } from '@/shell/use-org';
import { Card, CardHead } from '@/ui/surface';
import { topTools } from './spans';

/** The tools most called in a time. */
export function TopTools({ minutes, words, after }: { minutes: number; words: string; after: string }) {
  const { org } = useOrg();
  const tools = (useQuery(topTools(org, minutes)).data ?? []).map(
    ({ allowed, denied, parked, tool, server }) => ({
      name: tool,
      server,
      count: allowed + denied + parked,
      denied: denied + parked,
    }),
  );
  const most = tools[0]?.count ?? 1;
  return (
    <Card>
      <CardHead title="Most called" lead={`In ${words}`} />
      {tools.length === 0 && <p className="px-5 pb-5 text-soft">No tool was called.</p>}
      <ol className="grid gap-2.5 px-5 pb-5">
        {tools.map(({ name, server, count, denied }) => (
          <li key={`${server} ${name}`} className="grid gap-1">
            <span className="flex justify-between gap-3">
              <Link
                to="/o/$org/log"
                params={{ org }}
                search={{ tool: name, after, ...(server && { server }) }}
                className="truncate font-mono text-[0.92rem] underline-offset-4 hover:underline"
              >
                {name}
              </Link>
              <span className="text-[0.9rem] whitespace-nowrap text-soft">
                {count.toLocaleString('en')}
                {denied > 0 && `, ${denied.toLocaleString('en')} refused`}
              </span>
            </span>
            <span aria-hidden className="flex h-1.5 overflow-hidden rounded-full bg-well">
              <span className="bg-accent" style={{ width: `${(100 * (count - denied)) / most}%` }} />
              <span className="bg-deny" style={{ width: `${(100 * denied) / most}%` }} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
