/** What a comparison compares with, typed. */
import { useState } from 'react';
import { Area, Select } from '@/ui/field';
import { type JSONPath, type Json, pointerOf } from '../document';
import { fitted, type Operator, wantedBy } from './condition';
import { useEditing } from './editing';
import { NumberAt, TextAt } from './inputs';

export function ValueAt({ at, op }: { at: JSONPath; op: Operator }) {
  const { value } = useEditing();
  const now = value(at);
  switch (wantedBy(op)) {
    case 'given':
      return <YesNo at={at} label="Value" yes="yes" no="no" absent />;
    case 'number':
      return <NumberAt at={at} label="Value" />;
    case 'text':
      return <TextAt at={at} label="Value" mono />;
    case 'list':
      return <ListAt at={at} />;
    case 'one':
      return (
        <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-start gap-2">
          <TypeAt at={at} />
          {typeof now === 'boolean' ? (
            <YesNo at={at} label="Value" yes="true" no="false" />
          ) : typeof now === 'number' ? (
            <NumberAt at={at} label="Value" />
          ) : typeof now === 'string' || now === undefined ? (
            <TextAt at={at} label="Value" mono />
          ) : (
            <p className="self-end pb-2 text-[0.9rem] text-soft">Written in the JSON view</p>
          )}
        </div>
      );
  }
}

function YesNo({
  at,
  label,
  yes,
  no,
  absent = false,
}: {
  at: JSONPath;
  label: string;
  yes: string;
  no: string;
  absent?: boolean;
}) {
  const { value, edit, readOnly } = useEditing();
  const now = value(at) ?? absent;
  return (
    <Select
      label={label}
      disabled={readOnly}
      value={String(now)}
      choices={[
        { value: 'true', label: yes },
        { value: 'false', label: no },
      ]}
      onChange={(event) => edit([{ set: at, to: event.target.value === 'true' }])}
    />
  );
}

const TYPES = [
  { value: 'string', label: 'text' },
  { value: 'number', label: 'number' },
  { value: 'boolean', label: 'yes or no' },
];

function TypeAt({ at }: { at: JSONPath }) {
  const { value, edit, readOnly } = useEditing();
  const now = value(at);
  const type = now === undefined ? 'string' : typeof now;
  const turned = (to: string): Json | undefined => {
    if (to === 'number') return fitted('lte', now);
    if (to === 'boolean') return now === 'true' || now === 1;
    return now === undefined ? '' : String(now);
  };
  return (
    <Select
      label="Type"
      disabled={readOnly}
      value={type}
      choices={TYPES.some((one) => one.value === type) ? TYPES : [{ value: type, label: 'other' }, ...TYPES]}
      onChange={(event) => edit([{ set: at, to: turned(event.target.value) }])}
    />
  );
}

/** Several values, one a line, each as JSON; a word that is no JSON is a text. */
export function listText(spelled: string, list: Json[]): string {
  // Numbers as they are spelled, so that none loses a digit.
  if (list.length > 0 && list.every((one) => typeof one === 'number'))
    return spelled.slice(1, -1).split(',').map(trim).join('\n');
  return list.map((one) => (typeof one === 'string' && isPlain(one) ? one : JSON.stringify(one))).join('\n');
}

function trim(text: string): string {
  return text.trim();
}

/** Whether a text means itself on a line of its own: neither JSON nor with blanks that would be lost. */
function isPlain(text: string): boolean {
  if (text.trim() !== text || text === '' || text.includes('\n')) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

/** The list that lines stand for, as JSON. */
export function listOf(lines: string): string {
  const items = lines
    .split('\n')
    .map(trim)
    .filter((line) => line !== '')
    .map((line) => (isPlain(line) ? JSON.stringify(line) : line));
  return `[${items.join(', ')}]`;
}

function ListAt({ at }: { at: JSONPath }) {
  const { value, spelled, edit, readOnly } = useEditing();
  const now = value(at);
  const list = Array.isArray(now) ? now : [];
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <Area
      label="Values, one a line"
      hint={'A text as it is, or JSON: 12, true, "12".'}
      rows={Math.min(6, Math.max(2, list.length + 1))}
      disabled={readOnly}
      spellCheck={false}
      value={draft ?? listText(spelled(at) ?? '[]', list)}
      onChange={(event) => {
        setDraft(event.target.value);
        edit([{ write: at, spelled: listOf(event.target.value) }], pointerOf(at));
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
