import { useQueries, useQuery } from '@tanstack/react-query';
import { identities, servers } from '@/api/queries';
import { useOrg } from '@/shell/use-org';
import { Field, Select } from '@/ui/field';
import type { Filters } from './filters';
import { TextFilter } from './text-filter';

type Props = { id: string; filters: Filters; change: (part: Partial<Filters>) => void };

/** Most characters of a name that the API looks for. */
const LONGEST_NAME = 200;

/** What narrows the log beside text, decision and time. */
export function MoreFilters({ id, filters, change }: Props) {
  const { org, teams } = useOrg();
  const { data: known = [] } = useQuery(servers(org));
  const people = useQueries({
    queries: teams.map((team) => identities(org, team)),
    combine: (results) => results.flatMap((result) => result.data ?? []),
  });
  const { server, identity, tool, rule, grant, approval, after, before } = filters;
  return (
    <div
      id={id}
      className="grid gap-3 rounded-xl border border-line bg-paper p-4 sm:grid-cols-2 xl:grid-cols-4"
    >
      <Select
        label="Server"
        value={server ?? ''}
        choices={[
          { value: '', label: 'All servers' },
          ...known.map((one) => ({ value: one.slug, label: one.name })),
          ...(server && !known.some((one) => one.slug === server) ? [{ value: server, label: server }] : []),
        ]}
        onChange={(event) => change({ server: event.target.value || undefined })}
      />
      <Select
        label="Identity"
        value={identity ?? ''}
        choices={[
          { value: '', label: 'All identities' },
          ...people.map((one) => ({ value: one.id, label: one.label })),
          ...(identity && !people.some((one) => one.id === identity)
            ? [{ value: identity, label: identity }]
            : []),
        ]}
        onChange={(event) => change({ identity: event.target.value || undefined })}
      />
      <TextFilter
        shown
        label="Tool"
        placeholder="Its exact name"
        longest={LONGEST_NAME}
        value={tool}
        set={(tool) => change({ tool })}
      />
      <TextFilter
        shown
        label="Rule"
        placeholder="/tools/x/action"
        longest={LONGEST_NAME}
        value={rule}
        set={(rule) => change({ rule })}
      />
      <Moment label="From" value={after} set={(after) => change({ after })} />
      <Moment label="Until" value={before} set={(before) => change({ before })} />
      <TextFilter
        shown
        label="Grant"
        placeholder="Its id"
        longest={LONGEST_NAME}
        value={grant}
        set={(grant) => change({ grant })}
      />
      <TextFilter
        shown
        label="Approval"
        placeholder="Its id"
        longest={LONGEST_NAME}
        value={approval}
        set={(approval) => change({ approval })}
      />
    </div>
  );
}

type MomentProps = {
  label: string;
  value: string | undefined;
  set: (value: string | undefined) => void;
};

/** A point in time, in the time zone of whoever looks. */
function Moment({ label, value, set }: MomentProps) {
  return (
    <Field
      key={value}
      label={label}
      type="datetime-local"
      step={1}
      defaultValue={value ? local(value) : ''}
      onBlur={(event) => {
        const { value: text } = event.target;
        if (text !== (value ? local(value) : '')) set(text ? new Date(text).toISOString() : undefined);
      }}
    />
  );
}

/** A time as the field has it: without a zone, to the second. */
function local(at: string): string {
  const time = new Date(at);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
