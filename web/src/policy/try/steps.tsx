import { Check, X } from 'lucide-react';
import { Code } from '@/ui/surface';
import { askedText, stepText, type TraceStep } from './explain';

/** Step by step how a decision came about: what was asked of which value, what a limit took, and where it ended. */
export function Steps({ steps }: { steps: TraceStep[] }) {
  return (
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
  );
}
