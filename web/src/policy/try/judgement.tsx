import { VerdictBadge } from '@/log/verdict';
import { Code } from '@/ui/surface';
import type { Judged } from './explain';
import { Steps } from './steps';

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
      <Steps steps={steps} />
    </div>
  );
}
