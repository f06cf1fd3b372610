import { useQuery } from '@tanstack/react-query';
import { Steps } from '@/policy/try/steps';
import { useRefusal } from '@/shell/use-org';
import { CodeBlock } from '@/ui/copy';
import { ProblemNotice } from '@/ui/problem';
import { Code, Skeleton } from '@/ui/surface';
import { type RecordedCall, recordedCall } from './detail';

const MATCHED: Record<string, string> = {
  all_tools: 'all tools',
  category: 'the tool’s class',
  glob: 'a pattern',
  name: 'the tool’s name',
};

/** How a decision came about: the rules that matched, each step with the values that it compared, and what limits took. */
export function Explanation({ org, event }: { org: string; event: string }) {
  const detail = useQuery(recordedCall(org, event, useRefusal('policies') === undefined));
  if (detail.error) return <ProblemNotice error={detail.error} retry={() => void detail.refetch()} />;
  if (!detail.data) return <Skeleton rows={4} />;
  return (
    <>
      <section className="grid gap-3" aria-labelledby="how">
        <h3 id="how" className="font-medium">
          How it came about
        </h3>
        <Told call={detail.data} />
      </section>
      <Values values={detail.data.values} />
    </>
  );
}

function Told({ call }: { call: RecordedCall }) {
  const { explanation } = call;
  if (!explanation)
    return <p className="text-soft">Nothing that a policy judges: there are no steps to tell.</p>;
  const { agrees, trace } = explanation;
  if (!trace)
    return (
      <p className="rounded-lg bg-hide-wash p-3 text-hide">
        Judged again, it would come out otherwise: the identity, the tool or its class have changed since.
        What is recorded above is what happened.
      </p>
    );
  const layers = trace.layers ?? [];
  return (
    <>
      {!agrees && (
        <p className="rounded-lg bg-hide-wash p-3 text-hide">
          It does not come about again in every step: something that it hung on has changed since.
        </p>
      )}
      {layers.length > 0 && (
        <p className="text-[0.93rem] text-soft">
          Rules that match, from general to specific:{' '}
          {layers.map(({ pointer, matched }, index) => (
            <span key={pointer}>
              {index > 0 && ', '}
              <Code>{pointer}</Code> by {MATCHED[matched] ?? matched}
            </span>
          ))}
        </p>
      )}
      <Steps steps={trace.steps} />
    </>
  );
}

function Values({ values }: { values: RecordedCall['values'] }) {
  if (!values) return null;
  if (values.omitted_bytes)
    return (
      <p className="text-[0.93rem] text-soft">
        The arguments were too long to be captured: {values.omitted_bytes} bytes.
      </p>
    );
  return (
    <details className="grid gap-2">
      <summary className="cursor-pointer font-medium">Arguments, as they were sent</summary>
      <div className="mt-2">
        <CodeBlock text={JSON.stringify(values.arguments ?? {}, null, 2)} what="the arguments" />
      </div>
    </details>
  );
}
