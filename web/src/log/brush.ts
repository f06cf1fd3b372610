/** A stretch of a chart of time that somebody marks, by pointer or by keys, and what it comes to. */
import type { Schemas } from '@/api/client';

export type Bucket = Schemas['BucketView'];

/** Marked bars: from where marking began to where it is now, in either order. */
export type Brush = { anchor: number; at: number };

export const first = ({ anchor, at }: Brush) => Math.min(anchor, at);
export const last = ({ anchor, at }: Brush) => Math.max(anchor, at);

/** What a key does to the marked stretch of a chart of `bars`; nothing for a key that is not for it. */
export function keyed(brush: Brush | null, key: string, widen: boolean, bars: number): Brush | undefined {
  const now = brush?.at ?? bars - 1;
  const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: bars - 1 }[key];
  if (to === undefined || bars === 0) return undefined;
  const at = brush ? Math.min(bars - 1, Math.max(0, to)) : now;
  return { anchor: widen && brush ? brush.anchor : at, at };
}

/** The bar below a place that is `share` of the way from the left. */
export function barAt(share: number, bars: number): number {
  return Math.min(bars - 1, Math.max(0, Math.floor(share * bars)));
}

export type Span = { after: string; before: string };

/** The time that is marked: from the first moment of the first bar to just before the end of the last. */
export function spanOf(buckets: Bucket[], widthS: number, brush: Brush): Span | undefined {
  const [from, to] = [buckets[first(brush)], buckets[last(brush)]];
  if (!from || !to) return undefined;
  const end = Date.parse(to.at) + widthS * 1000;
  return { after: new Date(Date.parse(from.at)).toISOString(), before: new Date(end).toISOString() };
}

/** Three times as much around a time, and not beyond now; without an end when it reaches now. */
export function wider({ after, before }: Partial<Span>, now: number): { after?: string; before?: string } {
  const end = before === undefined ? now : Date.parse(before);
  const start = after === undefined ? end - 86_400_000 : Date.parse(after);
  const length = Math.max(1000, end - start);
  const until = end + length;
  return {
    after: new Date(start - length).toISOString(),
    ...(until < now ? { before: new Date(until).toISOString() } : {}),
  };
}

export type Counts = { allowed: number; denied: number; parked: number };

/** All bars together. */
export function totals(buckets: Bucket[]): Counts {
  const sum = { allowed: 0, denied: 0, parked: 0 };
  for (const { allowed, denied, parked } of buckets) {
    sum.allowed += allowed;
    sum.denied += denied;
    sum.parked += parked;
  }
  return sum;
}

/** Counts in words: what is not there is not told. */
export function told({ allowed, denied, parked }: Counts): string {
  const parts = [
    allowed && `${allowed.toLocaleString('en')} allowed`,
    denied && `${denied.toLocaleString('en')} denied`,
    parked && `${parked.toLocaleString('en')} waiting for approval`,
  ];
  return parts.filter(Boolean).join(', ') || 'no calls';
}
