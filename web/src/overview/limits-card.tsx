import { Link } from '@tanstack/react-router';
import { useOrg } from '@/shell/use-org';
import { Card, CardHead } from '@/ui/surface';
import { When } from '@/ui/time';
import type { Reached } from './limits';

const SHOWN = 5;

/** Limits that were reached among the calls looked at; nothing when none was. */
export function LimitsCard({ limits, of }: { limits: Reached[]; of: number }) {
  const { org } = useOrg();
  if (limits.length === 0) return null;
  return (
    <Card>
      <CardHead title="Limits reached" lead={`They refused calls among the newest ${of} decisions.`} />
      <ul className="divide-y divide-line border-t border-line">
        {limits.slice(0, SHOWN).map(({ rule, server, count, last }) => (
          <li key={`${server} ${rule}`}>
            <Link
              to="/o/$org/log"
              params={{ org }}
              search={{ rule }}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-2.5 hover:bg-well/60 focus-visible:-outline-offset-2"
            >
              <span className="min-w-0 grow font-mono text-[0.92rem] break-all">{rule}</span>
              <span className="text-[0.9rem] text-soft">{server}</span>
              <span className="text-[0.9rem] whitespace-nowrap text-soft">
                {count === 1 ? 'once' : `${count} times`}, last <When at={last} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
