import { Check, X } from 'lucide-react';
import { VerdictBadge } from '@/log/verdict';
import { Code } from '@/ui/surface';
import { askedText, type Judged, stepText } from './explain';

/** A decision, and step by step why. */
export function Judgement({ judgement }: { judgement: Judged }) {
  const steps = judgement.trace?.steps ?? [];
  const remaining = Object.entries(judgement.remaining ?? {});
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <VerdictBadge verdict={judgement.outcome} />
        {judgement.rule && (
          <span>
            by <Code>{judgement.rule}</Code>
          </span>
        )}
      </div>
      {judgement.message && <p className="rounded-lg bg-deny-wash p-3 break-words">{judgement.message}</p>}
      {remaining.length > 0 && (
        <p className="text-[0.93rem] text-soft">
          Left afterwards: {remaining.map(([counter, left]) => `${left} of ${counter}`).join(', ')}
        </p>
      )}
      <ol className="grid gap-1.5" aria-label="How it came about">
        {steps.map((step, index) => (
          <li key={`${index} ${step.step}`} className="flex gap-2.5 text-[0.93rem]">
            {step.passed ? (
              <Check aria-label="Passed" className="mt-1 size-3.5 shrink-0 text-allow" />
            ) : (
              <X aria-label="Stopped here" className="mt-1 size-3.5 shrink-0 text-deny" />
            )}
            <span className="grid min-w-0 gap-0.5">
              <span className="break-words">
                {stepText(step)} {step.pointer && <Code>{step.pointer}</Code>}
              </span>
              {step.conditions?.map((asked) => (
                <span key={askedText(asked)} className="font-mono text-[0.85rem] break-words text-soft">
                  {askedText(asked)}
                </span>
              ))}
              {step.charge && (
                <span className="font-mono text-[0.85rem] text-soft">
                  {String(step.charge.amount)} of {step.charge.counter}, at most {String(step.charge.max)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
