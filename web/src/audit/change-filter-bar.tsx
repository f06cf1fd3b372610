import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { members } from '@/people/queries';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Field, Select } from '@/ui/field';
import { type ChangeFilters, KINDS } from './filters';

type Props = {
  filters: ChangeFilters;
  change: (part: { [Key in keyof ChangeFilters]: string | undefined }) => void;
  clear: () => void;
};

/** A pause in typing after which the list is asked for anew. */
const REST_MS = 350;

export function ChangeFilterBar({ filters, change, clear }: Props) {
  const { org } = useOrg();
  const { data: people = [] } = useQuery(members(org));
  const known = people.some((one) => one.user === filters.actor);
  return (
    <div className="grid grid-cols-2 items-end gap-3 border-b border-line p-4 *:nth-3:max-sm:col-span-2 *:last:max-sm:col-span-2 lg:grid-cols-[1fr_1fr_1.4fr_auto_auto_auto]">
      <Select
        label="What"
        value={filters.action ?? ''}
        choices={[
          { value: '', label: 'Everything' },
          ...(filters.action && !KINDS.some((kind) => kind.value === filters.action)
            ? [{ value: filters.action, label: filters.action }]
            : []),
          ...KINDS,
        ]}
        onChange={(event) => change({ action: event.target.value || undefined })}
      />
      <Select
        label="Who"
        value={filters.actor ?? ''}
        choices={[
          { value: '', label: 'Everybody' },
          ...(filters.actor && !known ? [{ value: filters.actor, label: filters.actor }] : []),
          ...people.map((one) => ({ value: one.user, label: one.email })),
        ]}
        onChange={(event) => change({ actor: event.target.value || undefined })}
      />
      <Subject value={filters.subject ?? ''} change={(subject) => change({ subject })} />
      <Field
        label="From"
        type="date"
        value={filters.after ?? ''}
        onChange={(event) => change({ after: event.target.value || undefined })}
      />
      <Field
        label="To"
        type="date"
        value={filters.before ?? ''}
        onChange={(event) => change({ before: event.target.value || undefined })}
      />
      <Button onClick={clear} disabled={Object.keys(filters).length === 0}>
        Clear
      </Button>
    </div>
  );
}

/** Asked for once the typing rests. */
function Subject({ value, change }: { value: string; change: (value: string | undefined) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => change(text.trim() || undefined), REST_MS);
    return () => clearTimeout(timer);
  }, [text, value, change]);
  return (
    <Field
      label="On"
      type="search"
      placeholder="an id or a name, whole"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
