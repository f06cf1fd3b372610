/** Limits: every field that the language has for them. */
import { Trash2 } from 'lucide-react';
import { IconButton } from '@/ui/button';
import { Select } from '@/ui/field';
import { type Change, isObject, type JSONPath } from '../document';
import { Elsewhere } from './conditions';
import { useEditing } from './editing';
import { ChoiceAt, NumberAt, SwitchAt, TextAt, WindowAt } from './inputs';

const SCOPES = ['grant', 'session', 'identity', 'team', 'server', 'org'].map((value) => ({
  value,
  label: value === 'org' ? 'the organisation' : `each ${value}`,
}));
const OUTAGE = [
  { value: '', label: 'refuse the call' },
  { value: 'allow', label: 'let the call pass, unchecked' },
];

export function LimitsAt({ at }: { at: JSONPath }) {
  const { value } = useEditing();
  const path = [...at, 'limits'];
  const limits = value(path);
  const rate = value([...at, 'rate_limit']);
  if (limits === undefined && rate === undefined) return null;
  return (
    <div className="grid gap-2">
      <h3 className="text-[0.93rem] font-semibold">Limits</h3>
      {Array.isArray(limits) &&
        limits.map((limit, index) => (
          <LimitAt key={index} at={[...path, index]} number={index + 1} ok={isObject(limit)} />
        ))}
      {limits !== undefined && !Array.isArray(limits) && <Elsewhere value={limits} />}
      {rate !== undefined && <RateAt at={[...at, 'rate_limit']} ok={isObject(rate)} />}
    </div>
  );
}

function Head({ name, remove }: { name: string; remove: () => void }) {
  const { readOnly } = useEditing();
  return (
    <div className="flex items-center justify-between gap-2">
      <span className="text-[0.88rem] text-soft">{name}</span>
      {!readOnly && (
        <IconButton label={`Remove ${name.toLowerCase()}`} onClick={remove}>
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      )}
    </div>
  );
}

const BOX = 'grid gap-2.5 rounded-xl border border-line bg-sheet p-3';

function LimitAt({ at, number, ok }: { at: JSONPath; number: number; ok: boolean }) {
  const { edit, value } = useEditing();
  const name = `Limit ${number}`;
  return (
    <section aria-label={name} className={BOX}>
      <Head name={name} remove={() => edit([{ take: at, keep: at.length - 1 }])} />
      {!ok && <Elsewhere value={value(at)} />}
      {ok && (
        <>
          <div className="grid items-start gap-2.5 sm:grid-cols-3">
            <TextAt at={[...at, 'counter']} label="Counter" placeholder="refunds" />
            <NumberAt at={[...at, 'max']} label="At most" />
            <WindowAt at={[...at, 'window']} />
            <ChoiceAt at={[...at, 'scope']} label="Counted for" choices={SCOPES} />
            <TakesAt at={at} />
          </div>
          <details>
            <summary className="w-fit cursor-pointer rounded text-[0.9rem] text-soft hover:text-ink">
              More about this limit
            </summary>
            <div className="grid items-start gap-2.5 pt-2.5 sm:grid-cols-2">
              <PathField
                at={[...at, 'key']}
                label="A counter for each value of"
                hint="Such as args.customer; left out, one counter."
              />
              <ChoiceAt at={[...at, 'on_outage']} label="If counting is not possible" choices={OUTAGE} />
              <SwitchAt
                at={[...at, 'rolling']}
                label="Rolling"
                hint="At most so much in any span of that length, not by the calendar."
              />
            </div>
          </details>
        </>
      )}
    </section>
  );
}

function PathField({ at, label, hint }: { at: JSONPath; label: string; hint?: string }) {
  const { pathList } = useEditing();
  return <TextAt at={at} label={label} optional mono list={pathList} {...(hint ? { hint } : {})} />;
}

/** What one call takes: one, a fixed amount, or the amount in an argument. */
function TakesAt({ at }: { at: JSONPath }) {
  const { value, edit, readOnly } = useEditing();
  const from = value([...at, 'increment_from']);
  const fixed = value([...at, 'increment']);
  const way = from !== undefined ? 'from' : fixed !== undefined ? 'fixed' : 'one';
  const clear: Change[] = [
    { take: [...at, 'increment'], keep: at.length + 1 },
    { take: [...at, 'increment_from'], keep: at.length + 1 },
  ];
  const choose = (next: string) => {
    if (next === 'from') edit([...clear, { set: [...at, 'increment_from'], to: 'args.amount' }]);
    else if (next === 'fixed') edit([...clear, { set: [...at, 'increment'], to: 1 }]);
    else edit(clear);
  };
  return (
    <>
      <Select
        label="A call takes"
        disabled={readOnly}
        value={way}
        choices={[
          { value: 'one', label: 'one' },
          { value: 'fixed', label: 'a fixed amount' },
          { value: 'from', label: 'an argument’s amount' },
        ]}
        onChange={(event) => choose(event.target.value)}
      />
      {way === 'fixed' && <NumberAt at={[...at, 'increment']} label="Amount" />}
      {way === 'from' && <PathField at={[...at, 'increment_from']} label="Argument" />}
    </>
  );
}

function RateAt({ at, ok }: { at: JSONPath; ok: boolean }) {
  const { edit, value } = useEditing();
  return (
    <section aria-label="Rate limit" className={BOX}>
      <Head name="Rate limit, for each session" remove={() => edit([{ take: at, keep: at.length }])} />
      {ok ? (
        <div className="grid items-start gap-2.5 sm:grid-cols-3">
          <NumberAt at={[...at, 'max']} label="Most calls" whole />
          <WindowAt at={[...at, 'window']} />
        </div>
      ) : (
        <Elsewhere value={value(at)} />
      )}
    </section>
  );
}
