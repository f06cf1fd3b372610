import { SlidersHorizontal } from 'lucide-react';
import { type RefObject, useState } from 'react';
import { Button } from '@/ui/button';
import { Select } from '@/ui/field';
import { Chips } from './chips';
import { count, type Filters, OUTCOMES } from './filters';
import { MoreFilters } from './more-filters';
import { TextFilter } from './text-filter';

type Props = {
  filters: Filters;
  change: (part: Partial<Filters>) => void;
  clear: () => void;
  /** The label of the identity that is filtered by, where it is known. */
  who: string | undefined;
  /** The field for free text, for the key that leads there. */
  search: RefObject<HTMLInputElement | null>;
};

const SPANS = [
  { value: '', label: 'Any time' },
  { value: '15', label: 'Last 15 minutes' },
  { value: '60', label: 'Last hour' },
  { value: '1440', label: 'Last 24 hours' },
  { value: '10080', label: 'Last 7 days' },
  { value: '43200', label: 'Last 30 days' },
];

/** How calls came out: every verdict, and every outcome by itself. */
const RESULTS = [
  { value: '', label: 'All decisions' },
  { value: 'verdict allow', label: 'Passed on' },
  { value: 'verdict deny', label: 'Refused' },
  ...Object.entries(OUTCOMES).map(([value, label]) => ({ value: `outcome ${value}`, label: `· ${label}` })),
];

/** Every filter is in the address bar, so that a view can be sent to somebody. */
export function FilterBar({ filters, change, clear, who, search }: Props) {
  const [more, setMore] = useState(false);
  const { verdict, outcome, after, before } = filters;
  const result = outcome ? `outcome ${outcome}` : verdict ? `verdict ${verdict}` : '';
  const choose = (value: string) => {
    const [kind, which] = value.split(' ');
    const chosen = readResult(kind, which);
    change({ verdict: undefined, outcome: undefined, ...chosen });
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 px-5 py-4">
      <div className="grid grid-cols-2 items-start gap-2 sm:flex sm:flex-wrap">
        <TextFilter
          label="Search"
          placeholder="Tool, rule, message, client, identity, server"
          className="col-span-2 grow sm:min-w-72"
          longest={100}
          value={filters.text}
          set={(text) => change({ text })}
          field={search}
        />
        <Select
          label="Decision"
          labelHidden
          value={result}
          choices={RESULTS}
          onChange={(event) => choose(event.target.value)}
        />
        <Select
          label="Time"
          labelHidden
          value={after || before ? 'set' : ''}
          choices={after || before ? [{ value: 'set', label: 'A time of its own' }, ...SPANS] : SPANS}
          onChange={(event) => change({ after: since(event.target.value), before: undefined })}
        />
        <Button
          className="max-sm:col-span-2"
          aria-expanded={more}
          aria-controls="more-filters"
          onClick={() => setMore(!more)}
        >
          <SlidersHorizontal aria-hidden className="size-4" />
          More filters
        </Button>
      </div>
      {more && <MoreFilters id="more-filters" filters={filters} change={change} />}
      {count(filters) > 0 && <Chips filters={filters} who={who} change={change} clear={clear} />}
    </div>
  );
}

function readResult(kind: string | undefined, which: string | undefined): Partial<Filters> {
  if (kind === 'verdict') return { verdict: which === 'allow' ? 'allow' : 'deny' };
  const outcome = (Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[]).find((one) => one === which);
  return kind === 'outcome' && outcome ? { outcome } : {};
}

function since(minutes: string): string | undefined {
  return minutes ? new Date(Date.now() - Number(minutes) * 60_000).toISOString() : undefined;
}
