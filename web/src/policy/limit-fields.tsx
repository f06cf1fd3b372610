import { useState } from 'react';
import { Field, Select } from '@/ui/field';
import type { Limit } from './stance';

const UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month'];

/** "at most 60 a minute", editable in place. A number is written when it is whole and left. */
export function LimitFields({
  tool,
  limit,
  set,
  disabled,
}: {
  tool: string;
  limit: Limit;
  set: (limit: Limit) => void;
  disabled: boolean;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const units = UNITS.includes(String(limit.window)) ? UNITS : [String(limit.window), ...UNITS];
  const apply = () => {
    const max = Number(draft);
    if (draft !== null && draft.trim() !== '' && Number.isInteger(max) && max >= 0 && max !== limit.max)
      set({ ...limit, max });
    setDraft(null);
  };
  return (
    <span className="flex flex-wrap items-center gap-1.5 pt-1 text-[0.9rem] text-soft">
      at most
      <Field
        label={`Most calls of ${tool}`}
        labelHidden
        inputMode="numeric"
        className="w-16"
        disabled={disabled}
        value={draft ?? String(limit.max)}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
      />
      a
      <Select
        label={`Window of ${tool}`}
        labelHidden
        disabled={disabled}
        value={String(limit.window)}
        choices={units.map((unit) => ({ value: unit, label: /^\d+$/.test(unit) ? `${unit} s` : unit }))}
        onChange={(event) =>
          set({
            ...limit,
            window: /^\d+$/.test(event.target.value) ? Number(event.target.value) : event.target.value,
          })
        }
      />
    </span>
  );
}
