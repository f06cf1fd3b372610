import { Link } from '@tanstack/react-router';
import { STANCE_LABELS } from '@/policy/labels';
import { useOrg } from '@/shell/use-org';
import { usePortion } from '@/ui/portion';
import { Badge, Card, CardHead } from '@/ui/surface';
import type { Class, StackRow } from './rows';

const CLASS_NAMES: Record<Class, { title: string; lead: string }> = {
  financial: { title: 'Financial', lead: 'Moves money.' },
  destructive: { title: 'Destructive', lead: 'Takes away what cannot be brought back.' },
  execute: { title: 'Execute', lead: 'Runs code or commands.' },
  write: { title: 'Write', lead: 'Changes something.' },
  other: { title: 'Other', lead: 'None of the rest.' },
  read: { title: 'Read', lead: 'Only looks.' },
  unknown: { title: 'Without a class', lead: 'Not classified yet; rules that go by class refuse them.' },
};

/** The tools of one class, and how each policy in force treats them. */
export function ClassCard({ name, rows }: { name: Class; rows: StackRow[] }) {
  const { org } = useOrg();
  const { title, lead } = CLASS_NAMES[name];
  const { part, more } = usePortion(rows);
  return (
    <Card>
      <CardHead title={`${title} (${rows.length})`} lead={lead} />
      <ul aria-label={title} className="divide-y divide-line border-t border-line">
        {part.map((row) => (
          <li
            key={`${row.server} ${row.tool}`}
            className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-5 py-2.5"
          >
            <span className="grid min-w-0 grow basis-56">
              <span className="font-mono text-[0.93rem] break-all">{row.tool}</span>
              <Link
                to="/o/$org/servers/$server"
                params={{ org, server: row.server }}
                className="justify-self-start text-[0.88rem] text-soft underline-offset-4 hover:text-ink hover:underline"
              >
                {row.serverName}
                {!row.enabled && ' (switched off)'}
              </Link>
            </span>
            <span className="flex flex-wrap gap-1.5">
              {row.standings.length === 0 && <span className="text-[0.9rem] text-soft">No grant</span>}
              {row.standings.map(({ policy, stance, grants }) => {
                const { label, tone, means } = STANCE_LABELS[stance];
                return (
                  <Link
                    key={policy}
                    to="/o/$org/servers/$server/policies/$policy"
                    params={{ org, server: row.server, policy }}
                    title={`${means}. ${grants === 1 ? 'One grant' : `${grants} grants`} under ${policy}.`}
                    className="rounded-md"
                  >
                    <Badge tone={tone}>
                      {policy}: {label}
                    </Badge>
                  </Link>
                );
              })}
            </span>
          </li>
        ))}
      </ul>
      {more}
    </Card>
  );
}
