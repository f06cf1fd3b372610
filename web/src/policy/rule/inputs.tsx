/** Fields that are bound to a place in the document. */
import { useId, useState } from 'react';
import { cx } from '@/ui/class';
import { Area, type Choice, Field, Select } from '@/ui/field';
import { type JSONPath, pointerOf } from '../document';
import { useEditing } from './editing';

type Props = { at: JSONPath; label: string; hint?: string; className?: string };

/** A text. An optional one that is emptied is taken out. */
export function TextAt({
  at,
  label,
  hint,
  className,
  optional,
  mono,
  list,
  placeholder,
  long,
}: Props & { optional?: boolean; mono?: boolean; list?: string; placeholder?: string; long?: boolean }) {
  const { value, edit, readOnly } = useEditing();
  const now = value(at);
  const put = (text: string) =>
    edit([text === '' && optional ? { take: at, keep: at.length } : { set: at, to: text }], pointerOf(at));
  const shared = {
    label,
    hint,
    placeholder,
    className,
    disabled: readOnly,
    spellCheck: false,
    value: typeof now === 'string' ? now : '',
  };
  if (long) return <Area {...shared} rows={2} onChange={(event) => put(event.target.value)} />;
  return (
    <Field
      {...shared}
      {...(list ? { list } : {})}
      mono={mono ?? false}
      autoComplete="off"
      onChange={(event) => put(event.target.value)}
    />
  );
}

const WHOLE = /^\d+$/;
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A number, with the digits that it is written with. Only what is one goes into the document. */
export function NumberAt({
  at,
  label,
  hint,
  className,
  optional,
  whole,
  placeholder,
}: Props & { optional?: boolean; whole?: boolean; placeholder?: string }) {
  const { value, spelled, edit, readOnly } = useEditing();
  const [draft, setDraft] = useState<string | null>(null);
  const now = value(at) === undefined ? '' : (spelled(at) ?? '');
  const form = whole ? WHOLE : DECIMAL;
  const fits = (text: string) => form.test(text) || (text === '' && optional === true);
  const put = (text: string) => {
    setDraft(text);
    if (!fits(text.trim())) return;
    edit(
      [text.trim() === '' ? { take: at, keep: at.length } : { write: at, spelled: text.trim() }],
      pointerOf(at),
    );
  };
  const shown = draft ?? now;
  return (
    <Field
      label={label}
      hint={hint}
      className={className}
      placeholder={placeholder}
      inputMode={whole ? 'numeric' : 'decimal'}
      disabled={readOnly}
      value={shown}
      error={
        draft !== null && !fits(draft.trim()) ? (whole ? 'A whole number' : 'A number, like 12.5') : undefined
      }
      onChange={(event) => put(event.target.value)}
      onBlur={() => setDraft(null)}
    />
  );
}

/** One of several words. The choice with an empty value stands for the field being left out. */
export function ChoiceAt({ at, label, hint, className, choices }: Props & { choices: Choice[] }) {
  const { value, edit, readOnly } = useEditing();
  const now = value(at);
  const written = typeof now === 'string' || typeof now === 'number' ? String(now) : '';
  const known = choices.some((choice) => choice.value === written);
  return (
    <Select
      label={label}
      hint={hint}
      className={className}
      disabled={readOnly}
      value={written}
      choices={known ? choices : [{ value: written, label: written || 'not set' }, ...choices]}
      onChange={(event) =>
        edit([
          event.target.value === ''
            ? { take: at, keep: at.length }
            : { set: at, to: typeof now === 'number' ? Number(event.target.value) : event.target.value },
        ])
      }
    />
  );
}

/** Yes or no; no is the field being left out. */
export function SwitchAt({ at, label, hint }: Props) {
  const { value, edit, readOnly } = useEditing();
  const id = useId();
  return (
    <div className="flex items-start gap-2.5 text-[0.93rem]">
      <input
        id={id}
        type="checkbox"
        className="mt-1 size-4 shrink-0 accent-accent"
        disabled={readOnly}
        checked={value(at) === true}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) =>
          edit([event.target.checked ? { set: at, to: true } : { take: at, keep: at.length }])
        }
      />
      <span className="grid">
        <label htmlFor={id}>{label}</label>
        {hint && (
          <span id={`${id}-hint`} className="text-[0.87rem] text-soft">
            {hint}
          </span>
        )}
      </span>
    </div>
  );
}

const UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month'];

/** A window: a unit of the calendar, or seconds. */
export function WindowAt({ at, className }: { at: JSONPath; className?: string }) {
  const { value, edit, readOnly } = useEditing();
  const now = value(at);
  const seconds = typeof now === 'number';
  return (
    <div className={cx('grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-2', className)}>
      <Select
        label="Window"
        className={seconds ? '' : 'col-span-2'}
        disabled={readOnly}
        value={seconds ? 'seconds' : String(now ?? '')}
        choices={[
          ...UNITS.map((unit) => ({ value: unit, label: `a ${unit}`.replace('a hour', 'an hour') })),
          { value: 'seconds', label: 'seconds' },
          ...(seconds || UNITS.includes(String(now)) ? [] : [{ value: String(now ?? ''), label: 'not set' }]),
        ]}
        onChange={(event) =>
          edit([{ set: at, to: event.target.value === 'seconds' ? 300 : event.target.value }])
        }
      />
      {seconds && <NumberAt at={at} label="How many" whole />}
    </div>
  );
}
