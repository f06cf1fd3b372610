import { ChevronRight } from 'lucide-react';
import { Badge, type Tone } from '@/ui/surface';
import { When } from '@/ui/time';
import { type Difference, differences } from './differences';
import type { Change } from './queries';

const TONES: Record<string, Tone> = {
  create: 'allow',
  approve: 'allow',
  accept: 'allow',
  remove: 'deny',
  revoke: 'deny',
  deny: 'deny',
  delete: 'deny',
};

/** One change: who did what to what, and on opening it what was there before and after. */
export function ChangeRow({ change }: { change: Change }) {
  const list = differences(change.before, change.after);
  const tone = TONES[change.action.split('.').at(-1) ?? ''] ?? 'plain';
  return (
    <li>
      <details className="group">
        <summary className="flex cursor-pointer list-none items-start gap-3 px-5 py-3 hover:bg-well/60 focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="mt-1 size-4 shrink-0 text-soft transition-transform group-open:rotate-90"
          />
          <span className="grid min-w-0 grow gap-0.5">
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Badge tone={tone}>{change.action}</Badge>
              <span className="min-w-0 break-all">{named(change)}</span>
            </span>
            <span className="text-[0.9rem] text-soft">{summary(change, list)}</span>
            <span className="text-[0.9rem] text-soft sm:hidden">
              <When at={change.at} />, <Actor change={change} />
            </span>
          </span>
          <span className="grid shrink-0 justify-items-end text-[0.9rem] text-soft max-sm:hidden">
            <When at={change.at} />
            <Actor change={change} />
          </span>
        </summary>
        <div className="grid gap-3 px-5 pb-5 sm:pl-12">
          <p className="text-[0.9rem] text-soft">
            {new Date(change.at).toLocaleString()}, <Actor change={change} />, on{' '}
            <span className="font-mono break-all">{change.subject}</span>
          </p>
          <Differences list={list} />
        </div>
      </details>
    </li>
  );
}

function Actor({ change }: { change: Change }) {
  return (
    <span className="break-all">
      {change.actor_email ??
        change.actor ??
        (change.key ? `the key ${change.key_name ?? change.key}` : 'the system')}
    </span>
  );
}

/** What it was done to, by a name that people gave it where there is one. */
function named({ before, after, subject }: Change): string {
  const thing: Record<string, unknown> = { ...before, ...after };
  const names = ['name', 'label', 'email', 'tool', 'slug'].map((key) => thing[key]);
  return names.find((name): name is string => typeof name === 'string' && name !== '') ?? subject;
}

function summary({ before, after }: Change, list: Difference[]): string {
  if (!before && !after) return 'Nothing more is recorded.';
  if (!before) return 'Made.';
  if (!after) return 'Gone.';
  const [first, ...others] = list;
  if (!first) return 'Nothing that is shown has changed.';
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return `${first.path}: ${short(first.before)} → ${short(first.after)}${more}`;
}

function short(value: string | undefined): string {
  if (value === undefined) return 'nothing';
  return value.length > 40 ? `${value.slice(0, 40)}…` : value;
}

function Differences({ list }: { list: Difference[] }) {
  if (list.length === 0) return null;
  return (
    <dl className="grid gap-2">
      {list.map(({ path, before, after }) => (
        <div key={path} className="grid gap-1 sm:grid-cols-[11rem_minmax(0,1fr)] sm:gap-3">
          <dt className="font-mono text-[0.87rem] break-all text-soft">{path}</dt>
          <dd className="grid gap-1 font-mono text-[0.87rem]">
            {before !== undefined && (
              <del className="rounded bg-deny-wash px-2 py-0.5 [overflow-wrap:anywhere] whitespace-pre-wrap text-deny no-underline">
                <span className="sr-only">before: </span>− {before}
              </del>
            )}
            {after !== undefined && (
              <ins className="rounded bg-allow-wash px-2 py-0.5 [overflow-wrap:anywhere] whitespace-pre-wrap text-allow no-underline">
                <span className="sr-only">after: </span>+ {after}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
