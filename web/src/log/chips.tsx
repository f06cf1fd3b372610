import { X } from 'lucide-react';
import { Button } from '@/ui/button';
import { type Filters, OUTCOMES, queryOf } from './filters';

type Name = Exclude<keyof Filters, 'event'>;

const NAMES: Record<Name, string> = {
  text: 'Text',
  verdict: 'Decision',
  outcome: 'Result',
  server: 'Server',
  identity: 'Identity',
  grant: 'Grant',
  tool: 'Tool',
  rule: 'Rule',
  approval: 'Approval',
  after: 'From',
  before: 'Until',
};

type Props = {
  filters: Filters;
  /** The label of the identity, where it is known. */
  who: string | undefined;
  change: (part: Partial<Filters>) => void;
  clear: () => void;
};

/** What narrows the list, each filter with a way to take it away. */
export function Chips({ filters, who, change, clear }: Props) {
  const query = queryOf(filters);
  const set = (Object.keys(NAMES) as Name[]).filter((name) => query[name] !== undefined);
  return (
    <ul aria-label="Filters in force" className="flex flex-wrap items-center gap-2">
      {set.map((name) => (
        <li key={name} className="min-w-0">
          <button
            type="button"
            onClick={() => change({ [name]: undefined })}
            className="flex min-h-8 max-w-full items-center gap-1.5 rounded-lg border border-line bg-well px-2.5 text-[0.88rem] hover:border-edge"
          >
            <span className="sr-only">Take away</span>
            <span className="text-soft">{NAMES[name]}</span>
            <span className="truncate font-medium">{shown(name, filters, who)}</span>
            <X aria-hidden className="size-3.5 shrink-0 text-soft" />
          </button>
        </li>
      ))}
      <li>
        <Button small look="quiet" onClick={clear}>
          Clear all
        </Button>
      </li>
    </ul>
  );
}

function shown(name: Name, filters: Filters, who: string | undefined): string {
  const value = filters[name] ?? '';
  if (name === 'after' || name === 'before') return new Date(value).toLocaleString();
  if (name === 'verdict') return value === 'allow' ? 'Passed on' : 'Refused';
  if (name === 'outcome') return OUTCOMES[filters.outcome ?? 'allowed'];
  return name === 'identity' && who ? who : value;
}
