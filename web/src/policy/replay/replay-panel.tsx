import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/button';
import { Select } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Code } from '@/ui/surface';
import { Table, Td, Th } from '@/ui/table';
import { When } from '@/ui/time';
import type { Place } from '../publish';
import { NOTHING, type Replayed, type ReplayedCall, replay } from './replay';

const EFFECTS: Record<string, { label: string; those: string; tone: 'deny' | 'allow' | 'hide' }> = {
  would_deny: { label: 'would be refused', those: 'Those that would be refused', tone: 'deny' },
  would_allow: { label: 'would pass', those: 'Those that would pass', tone: 'allow' },
  undecidable: { label: 'undecidable', those: 'Those that are undecidable', tone: 'hide' },
};

/** Rows that are shown before one asks for more. */
const ROWS = 100;

type Props = { place: Place; text: string; ready: boolean; refusal: string | undefined };

/** Which of the last days' calls this draft would have decided otherwise. */
export function ReplayPanel({ place, text, ready, refusal }: Props) {
  const [days, setDays] = useState(7);
  const [all, setAll] = useState(false);
  const [so, setSo] = useState<Replayed>(NOTHING);
  const [asked, setAsked] = useState('');
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const run = useMutation({
    mutationFn: () => {
      abort.current?.abort();
      abort.current = new AbortController();
      setSo(NOTHING);
      setAsked(text);
      const { org, server, policy } = place;
      return replay(
        { org, server, document: text, days, ...(all ? {} : { policy }) },
        setSo,
        abort.current.signal,
      );
    },
    onSuccess: setSo,
  });
  return (
    <div className="grid gap-4 p-5">
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label="Calls of the last"
          value={String(days)}
          choices={[1, 3, 7, 14, 30].map((n) => ({ value: String(n), label: n === 1 ? 'day' : `${n} days` }))}
          onChange={(event) => setDays(Number(event.target.value))}
        />
        <Select
          label="Decided under"
          value={all ? 'all' : 'this'}
          choices={[
            { value: 'this', label: `policy ${place.policy}` },
            { value: 'all', label: 'any policy of this server' },
          ]}
          onChange={(event) => setAll(event.target.value === 'all')}
        />
        <Button busy={run.isPending} disabled={!ready} refusal={refusal} onClick={() => run.mutate()}>
          {!run.isPending && <History aria-hidden className="size-4" />}
          Replay
        </Button>
        {run.isPending && so.total !== null && (
          <label className="flex items-center gap-2 text-[0.9rem] text-soft">
            <progress value={so.done} max={Math.max(1, so.total)} className="w-32" />
            {so.done} of {so.total}
          </label>
        )}
      </div>
      {!refusal && (
        <p className="max-w-[70ch] text-[0.93rem] text-soft">
          Limits are counted as if the draft had been in force, from empty counters. What hangs on argument
          values that were not captured is shown as undecidable, never guessed.
        </p>
      )}
      {run.error && run.error.name !== 'AbortError' && <ProblemNotice error={run.error} />}
      {so.summary && <Summary so={so} outdated={asked !== text} />}
      {so.calls.length > 0 && <Changed org={place.org} so={so} />}
    </div>
  );
}

function Summary({ so, outdated }: { so: Replayed; outdated: boolean }) {
  const { summary } = so;
  if (!summary) return null;
  const figures: [string, number][] = [
    ['judged', summary.calls],
    ['as before', summary.same],
    ['would be refused', summary.would_deny],
    ['would pass', summary.would_allow],
    ['undecidable', summary.undecidable],
  ];
  return (
    <div role="status" className="grid gap-2">
      <dl className="flex flex-wrap gap-2" aria-label="What the replay came to">
        {figures.map(([name, count]) => (
          <div key={name} className="grid min-w-28 rounded-xl border border-line bg-paper px-4 py-2">
            <dt className="text-[0.85rem] text-soft">{name}</dt>
            <dd className="text-[1.15rem] font-semibold tabular-nums">{count.toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      {summary.would_deny + summary.would_allow + summary.undecidable === 0 && summary.calls > 0 && (
        <p>No call of these days would have been decided otherwise.</p>
      )}
      {summary.calls === 0 && <p>There were no calls in these days that a policy judged.</p>}
      {outdated && <p className="text-hide">The draft has changed since. Replay again to be sure.</p>}
    </div>
  );
}

function Changed({ org, so }: { org: string; so: Replayed }) {
  const [only, setOnly] = useState('');
  const [rows, setRows] = useState(ROWS);
  const list = so.calls.filter((call) => only === '' || call.effect === only);
  return (
    <div className="grid gap-3">
      <Select
        label="Show"
        labelHidden
        className="w-56"
        value={only}
        choices={[
          { value: '', label: 'All that would change' },
          ...Object.entries(EFFECTS).map(([value, { those }]) => ({ value, label: those })),
        ]}
        onChange={(event) => setOnly(event.target.value)}
      />
      <Table
        label="Calls that would be decided otherwise"
        head={
          <>
            <Th>Call</Th>
            <Th>Under the draft</Th>
            <Th>Why</Th>
            <Th>When</Th>
          </>
        }
      >
        {list.slice(0, rows).map((call) => (
          <tr key={call.event}>
            <Td>
              <Link
                to="/o/$org/log"
                params={{ org }}
                search={{ event: call.event }}
                target="_blank"
                className="prose-link font-mono text-[0.9rem]"
              >
                {call.tool ?? call.method}
              </Link>
            </Td>
            <Td>
              <Badge tone={EFFECTS[call.effect]?.tone ?? 'plain'}>
                {EFFECTS[call.effect]?.label ?? call.effect}
              </Badge>
            </Td>
            <Td className="min-w-64">
              <Why call={call} />
            </Td>
            <Td className="text-soft">
              <When at={call.at} />
            </Td>
          </tr>
        ))}
      </Table>
      {list.length > rows && (
        <Button small className="justify-self-start" onClick={() => setRows(rows + 500)}>
          Show more, {list.length - rows} are left
        </Button>
      )}
      {so.more > 0 && (
        <p className="text-[0.9rem] text-soft">
          And {so.more.toLocaleString('en')} more that are counted above.
        </p>
      )}
    </div>
  );
}

function Why({ call }: { call: ReplayedCall }) {
  return (
    <span className="grid gap-1">
      {call.recorded_rule !== '' && (
        <span>
          was refused by <Code>{call.recorded_rule}</Code>
        </span>
      )}
      {call.rules.length > 0 && (
        <span className="flex flex-wrap gap-1">
          {call.effect === 'undecidable' ? 'may be refused by' : 'refused by'}
          {call.rules.map((rule) => (
            <Code key={rule}>{rule}</Code>
          ))}
        </span>
      )}
      {call.message !== '' && <span className="text-soft">{call.message}</span>}
      {call.unknown.length > 0 && (
        <span className="flex flex-wrap gap-1 text-soft">
          not in the record:
          {call.unknown.map((what) => (
            <Code key={what}>{what}</Code>
          ))}
        </span>
      )}
    </span>
  );
}
