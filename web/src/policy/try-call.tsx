import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { parameters } from '@/servers/tool';
import { Area, Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Card, CardHead } from '@/ui/surface';
import { read } from './document';
import { exampleArguments, explain } from './explain';
import { Judgement } from './judgement';
import { useRested } from './use-rested';

const REST_MS = 400;

type Props = { place: { org: string; server: string }; text: string; tools: Schemas['ToolView'][] };

/** A call tried under the document as it stands, anew with every change. Nothing is sent to the server behind. */
export function TryCall({ place, text, tools }: Props) {
  const list = useId();
  const [name, setName] = useState(tools[0]?.name ?? '');
  const [written, setWritten] = useState<string | null>(null);
  const tool = tools.find((one) => one.name === name);
  const argumentsText = written ?? exampleArguments(tool ? parameters(tool) : []);
  const { fault } = read(argumentsText);
  const asked = useRested(JSON.stringify([text, name, argumentsText]), REST_MS);
  const [restedText = '', restedName = '', restedArguments = ''] = JSON.parse(asked) as string[];
  const ready = restedName !== '' && read(restedText).fault === null && read(restedArguments).fault === null;
  const tried = useQuery({
    queryKey: [place.org, 'explain', place.server, asked],
    queryFn: () => explain(place, restedText, restedName, restedArguments),
    enabled: ready,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  // What is wrong with the document is told above, once.
  const error = tried.error && problemOf(tried.error).code !== 'invalid_policy' ? tried.error : null;
  return (
    <Card>
      <CardHead
        title="Try a call"
        lead="Judged under the document as it stands here, with every change. No server is called."
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 px-5 pb-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]">
        <div className="grid content-start gap-3">
          <Field
            label="Tool"
            mono
            list={list}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              setWritten(null);
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
            value={argumentsText}
            error={fault ?? undefined}
            onChange={(event) => setWritten(event.target.value)}
          />
        </div>
        <div className="min-w-0" aria-live="polite" aria-busy={tried.isFetching}>
          {error && <ProblemNotice error={error} />}
          {!error && tried.data && <Judgement judgement={tried.data} />}
          {!error && !tried.data && (
            <p className="text-soft">
              The decision is shown here once the document and the arguments can be read.
            </p>
          )}
        </div>
      </div>
    </Card>
  );
}
