import { Check, Pencil, Plus, Trash2, X } from 'lucide-react';
import type { Schemas } from '@/api/client';
import { Button, IconButton } from '@/ui/button';
import { Badge, Code } from '@/ui/surface';
import { isObject } from '../document';
import type { useCheck } from '../use-check';
import { listCases, removeCase } from './case-text';

type Props = {
  cases: string;
  check: ReturnType<typeof useCheck>;
  readOnly: boolean;
  change: (cases: string) => void;
  add: () => void;
  edit: (index: number) => void;
};

/** The test cases that are kept with the policy, and how each comes out under the draft. */
export function CaseList({ cases, check, readOnly, change, add, edit }: Props) {
  const { list, fault } = listCases(cases);
  return (
    <div className="grid gap-4 p-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-[62ch] text-[0.93rem] text-soft">
          Run with every change, each with counters that start empty. A version whose cases fail is not
          published.
        </p>
        {!readOnly && (
          <Button onClick={add}>
            <Plus aria-hidden className="size-4" />
            New test
          </Button>
        )}
      </div>
      {fault && <p className="rounded-lg bg-deny-wash p-3">{fault}</p>}
      {check.caseProblems.length > 0 && (
        <ul aria-label="Problems of the test cases" className="grid gap-1 rounded-lg bg-deny-wash p-3">
          {check.caseProblems.map((problem) => (
            <li key={`${problem.pointer} ${problem.message}`}>
              <Code className="mr-1.5 !bg-sheet">{problem.pointer}</Code>
              {problem.message} {problem.hint && <span className="text-soft">{problem.hint}</span>}
            </li>
          ))}
        </ul>
      )}
      {list.length === 0 && !fault && (
        <p className="rounded-lg bg-well p-4 text-soft">
          No tests yet. Try a call and keep it as a test, or add one from the log: what must stay refused
          stays refused, whoever edits the policy next.
        </p>
      )}
      <ul className="grid gap-2">
        {list.map((one, index) => {
          const name = isObject(one) && typeof one.name === 'string' ? one.name : `case ${index + 1}`;
          return (
            <Case
              key={index}
              name={name}
              result={check.cases.find((result) => result.name === name)}
              actions={
                !readOnly && (
                  <>
                    <IconButton label={`Change the test ${name}`} onClick={() => edit(index)}>
                      <Pencil aria-hidden className="size-4" />
                    </IconButton>
                    <IconButton
                      label={`Remove the test ${name}`}
                      onClick={() => change(removeCase(cases, index))}
                    >
                      <Trash2 aria-hidden className="size-4" />
                    </IconButton>
                  </>
                )
              }
            />
          );
        })}
      </ul>
    </div>
  );
}

function Case({
  name,
  result,
  actions,
}: {
  name: string;
  result: Schemas['CaseView'] | undefined;
  actions: React.ReactNode;
}) {
  const failed = result?.passed === false;
  return (
    <li className={`rounded-xl border p-3 ${failed ? 'border-deny/40 bg-deny-wash' : 'border-line'}`}>
      <div className="flex items-center gap-2.5">
        {result ? (
          <Badge tone={failed ? 'deny' : 'allow'}>
            {failed ? <X aria-hidden className="size-3.5" /> : <Check aria-hidden className="size-3.5" />}
            {failed ? 'red' : 'green'}
          </Badge>
        ) : (
          <Badge>not run</Badge>
        )}
        <span className="min-w-0 grow font-medium break-words">{name}</span>
        <span className="flex shrink-0">{actions}</span>
      </div>
      {result && failed && (
        <dl className="mt-2 grid gap-x-4 gap-y-1 text-[0.93rem] sm:grid-cols-[6rem_1fr]">
          <dt className="text-soft">expected</dt>
          <dd>
            <Outcome {...result.expected} />
          </dd>
          <dt className="text-soft">came</dt>
          <dd>
            <Outcome {...result.found} />
          </dd>
        </dl>
      )}
    </li>
  );
}

function Outcome({
  outcome,
  rule,
  message,
}: {
  outcome: Schemas['Verdict'];
  rule?: string | null;
  message?: string | null;
}) {
  return (
    <>
      {outcome === 'allow' ? 'passes' : 'refused'}
      {rule && (
        <>
          {' '}
          by <Code className="!bg-sheet">{rule}</Code>
        </>
      )}
      {message && <span className="text-soft"> “{message}”</span>}
    </>
  );
}
