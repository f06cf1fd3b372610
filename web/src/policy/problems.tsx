import { CircleAlert, TriangleAlert } from 'lucide-react';
import { ProblemNotice } from '@/ui/problem';
import { Code } from '@/ui/surface';
import type { useCheck } from './use-check';

/** Most problems that are listed; the rest are in the JSON view, under their lines. */
const SHOWN = 8;

export function Problems({ check, fault }: { check: ReturnType<typeof useCheck>; fault: string | null }) {
  if (check.error) return <ProblemNotice error={check.error} />;
  const { problems } = check;
  const red = check.cases.filter((one) => !one.passed);
  if (problems.length === 0 && !fault && red.length > 0) return <RedCases cases={red} />;
  if (problems.length === 0 && !fault) return null;
  const errors = problems.filter((problem) => problem.severity !== 'warning').length;
  return (
    <section
      aria-label="Problems"
      aria-live="polite"
      className={`rounded-xl border p-4 ${errors > 0 || fault ? 'border-deny/40 bg-deny-wash' : 'border-hide/40 bg-hide-wash'}`}
    >
      <h2 className="text-[0.97rem]">
        {problems.length === 0 ? 'This is not JSON yet' : headline(errors, problems.length - errors)}
      </h2>
      <ul className="mt-2 grid gap-1.5 text-[0.93rem]">
        {problems.slice(0, SHOWN).map((problem) => (
          <li key={`${problem.pointer} ${problem.message}`} className="flex gap-2">
            {problem.severity === 'warning' ? (
              <TriangleAlert aria-label="Warning" className="mt-1 size-3.5 shrink-0 text-hide" />
            ) : (
              <CircleAlert aria-label="Error" className="mt-1 size-3.5 shrink-0 text-deny" />
            )}
            <span className="min-w-0 break-words">
              {problem.line && <span className="mr-1.5 text-soft">line {problem.line}</span>}
              {problem.pointer && <Code className="mr-1.5 !bg-sheet">{problem.pointer}</Code>}
              {problem.message}
              {problem.hint && <span className="text-soft"> {problem.hint}</span>}
            </span>
          </li>
        ))}
        {problems.length > SHOWN && <li>and {problems.length - SHOWN} more, under their lines</li>}
        {problems.length === 0 && fault && <li>{fault}</li>}
      </ul>
    </section>
  );
}

/** The document is sound, and does not do what its test cases expect. */
function RedCases({ cases }: { cases: { name: string }[] }) {
  return (
    <section
      aria-label="Problems"
      aria-live="polite"
      className="rounded-xl border border-deny/40 bg-deny-wash p-4"
    >
      <h2 className="text-[0.97rem]">
        {cases.length === 1 ? 'A test case is red' : `${cases.length} test cases are red`}; it can be
        published once they are green
      </h2>
      <ul className="mt-2 grid list-disc gap-1 pl-5 text-[0.93rem]">
        {cases.slice(0, SHOWN).map((one) => (
          <li key={one.name}>{one.name}</li>
        ))}
        {cases.length > SHOWN && <li>and {cases.length - SHOWN} more</li>}
      </ul>
    </section>
  );
}

function headline(errors: number, warnings: number): string {
  const several = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  if (errors === 0) return several(warnings, 'warning');
  const rest = warnings > 0 ? ` and ${several(warnings, 'warning')}` : '';
  return `${several(errors, 'problem')}${rest}; it can be published once the problems are mended`;
}
