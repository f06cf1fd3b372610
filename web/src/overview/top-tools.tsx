import { Link } from '@tanstack/react-router';
import { useOrg } from '@/shell/use-org';
import { Card, CardHead } from '@/ui/surface';

type Props = { tools: { name: string; count: number; denied: number }[]; of: number };

/** The tools most called among the newest decisions. */
export function TopTools({ tools, of }: Props) {
  const { org } = useOrg();
  const most = tools[0]?.count ?? 1;
  return (
    <Card>
      <CardHead title="Most called" lead={of === 1 ? 'Of one decision' : `Of the newest ${of} decisions`} />
      <ol className="grid gap-2.5 px-5 pb-5">
        {tools.map(({ name, count, denied }) => (
          <li key={name} className="grid gap-1">
            <span className="flex justify-between gap-3">
              <Link
                to="/o/$org/log"
                params={{ org }}
                search={{ tool: name }}
                className="truncate font-mono text-[0.92rem] underline-offset-4 hover:underline"
              >
                {name}
              </Link>
              <span className="text-[0.9rem] whitespace-nowrap text-soft">
                {count}
                {denied > 0 && `, ${denied} refused`}
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
