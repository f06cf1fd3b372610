import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { servers } from '@/api/queries';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Field, Select } from '@/ui/field';
import { count, type Filters } from './filters';

type Props = { filters: Filters; change: (part: Partial<Filters>) => void; clear: () => void };

const SPANS = [
  { value: '', label: 'Any time' },
  { value: '15', label: 'Last 15 minutes' },
  { value: '60', label: 'Last hour' },
  { value: '1440', label: 'Last 24 hours' },
  { value: '10080', label: 'Last 7 days' },
];

/** Every filter is in the address bar, so that a view can be sent to somebody. */
export function FilterBar({ filters, change, clear }: Props) {
  const { org } = useOrg();
  const { data = [] } = useQuery(servers(org));
  return (
    <div className="grid grid-cols-2 items-end gap-2 px-5 py-4 sm:flex sm:flex-wrap">
      <Select
        label="Decision"
        labelHidden
        value={filters.verdict ?? ''}
        choices={[
          { value: '', label: 'All decisions' },
          { value: 'allow', label: 'Allowed' },
          { value: 'deny', label: 'Denied' },
        ]}
        onChange={(event) => change({ verdict: (event.target.value || undefined) as Filters['verdict'] })}
      />
      <Select
        label="Server"
        labelHidden
        value={filters.server ?? ''}
        choices={[
          { value: '', label: 'All servers' },
          ...data.map((server) => ({ value: server.slug, label: server.name })),
          ...(filters.server && !data.some((server) => server.slug === filters.server)
            ? [{ value: filters.server, label: filters.server }]
            : []),
        ]}
        onChange={(event) => change({ server: event.target.value || undefined })}
      />
      <Select
        label="Time"
        labelHidden
        value={filters.after ? 'set' : ''}
        choices={
          filters.after
            ? [{ value: 'set', label: `Since ${new Date(filters.after).toLocaleString()}` }, ...SPANS]
            : SPANS
        }
        onChange={(event) => change({ after: since(event.target.value) })}
      />
      <TextFilter
        key={`tool ${filters.tool}`}
        label="Tool"
        value={filters.tool}
        set={(tool) => change({ tool })}
      />
      <TextFilter
        key={`rule ${filters.rule}`}
        label="Rule"
        value={filters.rule}
        set={(rule) => change({ rule })}
      />
      {filters.identity && (
        <Button small onClick={() => change({ identity: undefined })}>
          Identity {filters.identity.slice(0, 14)}…
          <X aria-hidden className="size-3.5" />
        </Button>
      )}
      {count(filters) > 0 && (
        <Button small look="quiet" onClick={clear}>
          Clear all
        </Button>
      )}
    </div>
  );
}

function since(minutes: string): string | undefined {
  return minutes && minutes !== 'set'
    ? new Date(Date.now() - Number(minutes) * 60_000).toISOString()
    : undefined;
}

function TextFilter({
  label,
  value,
  set,
}: {
  label: string;
  value: string | undefined;
  set: (value: string | undefined) => void;
}) {
  const [text, setText] = useState(value ?? '');
  const apply = () => {
    if (text.trim() !== (value ?? '')) set(text.trim() || undefined);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apply();
  };
  return (
    <form onSubmit={submit} className="sm:w-44">
      <Field
        label={label}
        labelHidden
        type="search"
        placeholder={label === 'Tool' ? 'Tool, exactly' : 'Rule, like /tools/x'}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
      />
    </form>
  );
}
