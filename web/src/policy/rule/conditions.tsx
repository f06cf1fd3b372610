/** Conditions, nested as deep as the language lets them be. */
import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '@/ui/button';
import { Select } from '@/ui/field';
import { Code } from '@/ui/surface';
import { isObject, type JSONPath, type Json } from '../document';
import { BLANK, fitted, isOperator, KINDS, type Kind, kindOf, OPERATORS, recast } from './condition';
import { useEditing } from './editing';
import { TextAt } from './inputs';
import { ValueAt } from './value';

/** A list of conditions. `name` is what the list is called to those who cannot see where it stands. */
export function ConditionsAt({ at, name }: { at: JSONPath; name: string }) {
  const { value, edit, readOnly } = useEditing();
  const now = value(at);
  if (now !== undefined && !Array.isArray(now)) return <Elsewhere value={now} />;
  const list = now ?? [];
  return (
    <div className="grid gap-2">
      {list.map((_, index) => (
        <ConditionAt
          key={index}
          at={[...at, index]}
          name={`${name}, condition ${index + 1}`}
          remove={() => edit([{ take: [...at, index], keep: at.length + 1 }])}
        />
      ))}
      {!readOnly && (
        <Button
          small
          look="quiet"
          className="justify-self-start"
          onClick={() => edit([{ append: at, value: BLANK }])}
        >
          <Plus aria-hidden className="size-3.5" />
          Condition
        </Button>
      )}
    </div>
  );
}

const KIND_CHOICES = Object.entries(KINDS).map(([value, label]) => ({ value, label }));
const OP_CHOICES = Object.entries(OPERATORS).map(([value, label]) => ({ value, label }));

function ConditionAt({ at, name, remove }: { at: JSONPath; name: string; remove?: () => void }) {
  const { value, edit, readOnly } = useEditing();
  const now = value(at);
  const kind = kindOf(now);
  return (
    <fieldset className="grid min-w-0 gap-2 rounded-lg border border-line bg-paper p-2.5">
      <legend className="sr-only">{name}</legend>
      <div className="flex items-end gap-2">
        <Select
          label="Kind"
          labelHidden
          className="w-40"
          disabled={readOnly || kind === undefined}
          value={kind ?? ''}
          choices={kind ? KIND_CHOICES : [{ value: '', label: 'Something else' }]}
          onChange={(event) =>
            isObject(now) && edit([{ set: at, to: recast(now, event.target.value as Kind) }])
          }
        />
        {remove && !readOnly && (
          <IconButton label={`Remove ${name}`} className="ml-auto" onClick={remove}>
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        )}
      </div>
      {kind === 'test' && <TestAt at={at} />}
      {(kind === 'any' || kind === 'all') && <ConditionsAt at={[...at, kind]} name={name} />}
      {kind === 'not' && <ConditionAt at={[...at, 'not']} name={`${name}, not`} />}
      {kind === undefined && <Elsewhere value={now} />}
    </fieldset>
  );
}

function TestAt({ at }: { at: JSONPath }) {
  const { value, edit, readOnly, pathList } = useEditing();
  const op = value([...at, 'op']);
  const known = isOperator(op);
  return (
    <div className="grid items-start gap-2 sm:grid-cols-[minmax(0,1.2fr)_minmax(0,0.9fr)_minmax(0,1.3fr)]">
      <TextAt at={[...at, 'path']} label="Path" mono list={pathList} placeholder="args.amount" />
      <Select
        label="Comparison"
        disabled={readOnly}
        value={known ? op : ''}
        choices={known ? OP_CHOICES : [{ value: '', label: String(op ?? 'not set') }, ...OP_CHOICES]}
        onChange={({ target }) => {
          if (!isOperator(target.value)) return;
          edit([
            { set: [...at, 'op'], to: target.value },
            { set: [...at, 'value'], to: fitted(target.value, value([...at, 'value'])) },
          ]);
        }}
      />
      {known && <ValueAt at={[...at, 'value']} op={op} />}
    </div>
  );
}

/** What this page cannot show is said, and kept. */
export function Elsewhere({ value }: { value: Json | undefined }) {
  return (
    <p className="text-[0.9rem] text-soft">
      Kept as it is; the JSON view shows and changes it: <Code>{JSON.stringify(value)?.slice(0, 120)}</Code>
    </p>
  );
}
