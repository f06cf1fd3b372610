import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '@/ui/class';
import { Card } from '@/ui/surface';

export type StepState = 'done' | 'now' | 'later';

type Props = {
  number: number;
  state: StepState;
  title: string;
  lead: string;
  result?: ReactNode;
  children: ReactNode;
};

/** One step of several: done ones say what came of them, later ones wait. */
export function Step({ number, state, title, lead, result, children }: Props) {
  return (
    <li aria-current={state === 'now' ? 'step' : undefined}>
      <Card
        className={cx(
          'grid grid-cols-[minmax(0,1fr)] gap-5 p-5',
          state === 'later' && 'bg-transparent shadow-none',
        )}
      >
        <div className="flex items-center gap-3">
          <span
            aria-hidden
            className={cx(
              'grid size-7 shrink-0 place-items-center rounded-full text-[0.9rem] font-semibold',
              state === 'now' ? 'bg-accent text-on-accent' : 'bg-well text-soft',
              state === 'done' && 'bg-allow-wash text-allow',
            )}
          >
            {state === 'done' ? <Check className="size-4" /> : number}
          </span>
          <div className="grid min-w-0 grow gap-x-4 sm:flex sm:items-baseline sm:justify-between">
            <h2 className={cx(state === 'later' && 'text-soft')}>
              {title}
              {state === 'done' && <span className="sr-only"> (done)</span>}
            </h2>
            {state === 'done' && <span className="min-w-0 truncate text-[0.93rem] text-soft">{result}</span>}
          </div>
        </div>
        {state === 'now' && (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:pl-10">
            <p className="text-soft">{lead}</p>
            {children}
          </div>
        )}
      </Card>
    </li>
  );
}
