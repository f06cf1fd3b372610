import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ListPlus } from 'lucide-react';
import { useId } from 'react';
import type { Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { parameters } from '@/servers/tool';
import { Button } from '@/ui/button';
import { Area, Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { read } from '../document';
import { useRested } from '../use-rested';
import { type Call, exampleArguments, explain, type Judged } from './explain';
import { Judgement } from './judgement';

const REST_MS = 400;

type Props = {
  place: { org: string; server: string };
  text: string;
  tools: Schemas['ToolView'][];
  call: Call;
  change: (call: Call) => void;
  /** Keeps the call, and what came of it, as a test case. */
  keep?: ((judged: Judged) => void) | undefined;
};

/** A call tried under the document as it stands, anew with every change. Nothing is sent to the server behind. */
export function TryCall({ place, text, tools, call, change, keep }: Props) {
  const list = useId();
  const fault = read(call.arguments).fault;
  const contextFault = call.context.trim() === '' ? null : read(call.context).fault;
  const asked = useRested(JSON.stringify([text, call]), REST_MS);
  const [restedText, rested] = JSON.parse(asked) as [string, Call];
  const ready =
    rested.tool !== '' &&
    [restedText, rested.arguments, rested.context.trim() || '{}'].every((one) => read(one).fault === null);
  const tried = useQuery({
    queryKey: [place.org, 'explain', place.server, asked],
    queryFn: () => explain(place, restedText, rested),
    enabled: ready,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const { data } = tried;
  // What is wrong with the document is told above, once.
  const error = tried.error && problemOf(tried.error).code !== 'invalid_policy' ? tried.error : null;
  const fresh = !tried.isPlaceholderData && asked === JSON.stringify([text, call]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5 p-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]">
      <div className="grid content-start gap-3">
        <p className="text-[0.93rem] text-soft">
          Judged under the document as it stands here, with every change. No server is called.
        </p>
        <Field
          label="Tool"
          mono
          list={list}
          value={call.tool}
          onChange={({ target }) => {
            const tool = tools.find((one) => one.name === target.value);
            change({
              ...call,
              tool: target.value,
              ...(tool ? { arguments: exampleArguments(parameters(tool)) } : {}),
            });
          }}
        />
        <datalist id={list}>
          {tools.map((one) => (
            <option key={one.name} value={one.name} />
          ))}
        </datalist>
        <Area
          label="Arguments"
          rows={6}
          spellCheck={false}
          value={call.arguments}
          error={fault ?? undefined}
          onChange={(event) => change({ ...call, arguments: event.target.value })}
        />
        <details open={call.context.trim() !== ''}>
          <summary className="w-fit cursor-pointer rounded text-[0.9rem] text-soft hover:text-ink">
            Who calls, when, and what was called before
          </summary>
          <Area
            label="Context"
            labelHidden
            className="pt-2"
            rows={4}
            spellCheck={false}
            placeholder={'{"identity": {"kind": "agent"}, "time": "2026-01-05T09:30:00Z"}'}
            hint="identity, time, category, client, team, prior (calls before this one); what is left out has fixed values."
            value={call.context}
            error={contextFault ?? undefined}
            onChange={(event) => change({ ...call, context: event.target.value })}
          />
        </details>
      </div>
      <div className="grid min-w-0 content-start gap-3" aria-live="polite" aria-busy={tried.isFetching}>
        {error && <ProblemNotice error={error} />}
        {!error && data && <Judgement judgement={data} />}
        {!error && !data && (
          <p className="text-soft">
            The decision is shown here once the document and the arguments can be read.
          </p>
        )}
        {keep && data && !error && (
          <Button small className="justify-self-start" disabled={!fresh} onClick={() => keep(data)}>
            <ListPlus aria-hidden className="size-4" />
            Add as test
          </Button>
        )}
      </div>
    </div>
  );
}
