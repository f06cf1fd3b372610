/** The few shapes that every page is made of. */
import { Lock } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class';

export function Page({
  title,
  lead,
  actions,
  above,
  wide,
  refusal,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  above?: ReactNode;
  wide?: boolean;
  /** What the caller may not do here: said once, where it is seen before anything is tried. */
  refusal?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div
      className={cx(
        'mx-auto grid w-full grid-cols-[minmax(0,1fr)] gap-6 px-4 py-6 sm:px-8 sm:py-8',
        wide ? 'max-w-[90rem]' : 'max-w-6xl',
      )}
    >
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-1">
          {above}
          <h1 className="break-words">{title}</h1>
          {lead && <p className="max-w-[70ch] text-soft">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {refusal && (
        <p className="flex items-center gap-2 rounded-lg border border-dashed border-edge px-3 py-2 text-[0.93rem] text-soft">
          <Lock aria-hidden className="size-3.5 shrink-0" />
          You can look, and not change. {refusal}
        </p>
      )}
      {children}
    </div>
  );
}

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section
      className={cx('min-w-0 rounded-xl border border-line bg-sheet shadow-lift', className)}
      {...rest}
    />
  );
}

export function CardHead({
  title,
  lead,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-3 px-5 pt-4 pb-3">
      <div className="grid gap-0.5">
        <h2>{title}</h2>
        {lead && <p className="text-[0.93rem] text-soft">{lead}</p>}
      </div>
      {children}
    </div>
  );
}

/** What a list shows while it has nothing: what would be here, and how it gets here. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-12 text-center">
      <h2>{title}</h2>
      <p className="max-w-[52ch] text-soft">{children}</p>
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

export function Skeleton({ rows = 3 }: { rows?: number }) {
  const widths = ['w-2/3', 'w-1/2', 'w-3/5', 'w-2/5'];
  return (
    <div className="grid gap-4 p-5" role="status" data-loading>
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          aria-hidden
          className={cx('h-4 animate-pulse-soft rounded bg-well', widths[row % 4])}
        />
      ))}
    </div>
  );
}

const TONES = {
  plain: 'bg-well text-soft',
  allow: 'bg-allow-wash text-allow',
  deny: 'bg-deny-wash text-deny',
  hide: 'bg-hide-wash text-hide',
  ask: 'bg-ask-wash text-ask',
  limit: 'bg-limit-wash text-limit',
} as const;
export type Tone = keyof typeof TONES;

export function Badge({
  tone = 'plain',
  children,
  title,
}: {
  tone?: Tone;
  children: ReactNode;
  title?: string;
}) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex items-center gap-1 rounded-md px-1.5 py-0.5 text-[0.82rem] font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

export function Code({ className, ...rest }: ComponentProps<'code'>) {
  return (
    <code
      className={cx(
        'rounded bg-well px-1 py-0.5 font-mono text-[0.87em] [overflow-wrap:anywhere]',
        className,
      )}
      {...rest}
    />
  );
}

export function Pairs({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-1 gap-x-6 gap-y-2 sm:grid-cols-[10rem_1fr]">{children}</dl>;
}

export function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-[0.93rem] text-soft">{name}</dt>
      <dd className="min-w-0 break-words max-sm:mb-2">{children}</dd>
    </>
  );
}
