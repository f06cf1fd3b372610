import { TriangleAlert } from 'lucide-react';
import { hintOf, problemOf } from '@/api/problem';
import { Button } from './button';
import { Code } from './surface';

/** A problem as the server told it: what happened, what to do, and what to quote when asking for help. */
export function ProblemNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = problemOf(error);
  const hint = hintOf(problem);
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-deny/40 bg-deny-wash p-4 text-[0.95rem]">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-deny" />
      <div className="grid min-w-0 gap-1">
        <p className="font-medium break-words">{problem.message}</p>
        {problem.items.length > 1 && (
          <ul className="list-disc pl-5">
            {problem.items.map((item) => (
              <li key={`${item.pointer} ${item.message}`}>
                {item.pointer && <Code className="mr-1">{item.pointer}</Code>}
                {item.message}
                {item.hint && <span className="text-soft"> — {item.hint}</span>}
              </li>
            ))}
          </ul>
        )}
        {hint && <p>{hint}</p>}
        <p className="text-[0.85rem] text-soft">
          {problem.status > 0 ? (
            <a className="underline underline-offset-2" href={`/docs/errors#${problem.code}`}>
              {problem.code}
            </a>
          ) : (
            problem.code
          )}
          {problem.requestId && <span className="break-all"> · {problem.requestId}</span>}
        </p>
        {retry && (
          <Button small className="mt-1 justify-self-start" onClick={retry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
