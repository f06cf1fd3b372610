/** Recorded calls judged by a draft. The answer comes line by line, and long ones are read as they come. */
import { api, ask, type Schemas } from '@/api/client';
import { ApiProblem } from '@/api/problem';

export type ReplayedCall = Schemas['ReplayedCallView'];
export type Replayed = {
  total: number | null;
  done: number;
  calls: ReplayedCall[];
  /** More changed calls than are kept here. */
  more: number;
  summary: Schemas['SummaryView'] | null;
};

export const NOTHING: Replayed = { total: null, done: 0, calls: [], more: 0, summary: null };

/** Changed calls that are kept to be shown; the summary counts all. */
const KEPT = 2000;

/** Takes one line of the answer in. */
export function take(so: Replayed, line: Schemas['ReplayLine']): Replayed {
  if ('total' in line) return { ...so, total: line.total };
  if ('done' in line) return { ...so, done: line.done };
  if ('summary' in line) return { ...so, summary: line.summary, done: so.total ?? so.done };
  if ('call' in line)
    return so.calls.length < KEPT ? { ...so, calls: [...so.calls, line.call] } : { ...so, more: so.more + 1 };
  throw new ApiProblem({
    code: line.error,
    status: 500,
    title: 'The replay broke off',
    detail: 'The replay broke off before its end. Try again; with fewer days if it happens again.',
  });
}

/** Whole lines of a stream, and what is left of the last one. */
export function lines(buffer: string): { whole: string[]; rest: string } {
  const parts = buffer.split('\n');
  const rest = parts.pop() ?? '';
  return { whole: parts.filter((part) => part.trim() !== ''), rest };
}

type Ask = { org: string; server: string; policy?: string | undefined; document: string; days: number };

/** Replays, telling how far it is after every piece that comes. */
export async function replay(
  { org, server, policy, document, days }: Ask,
  tell: (so: Replayed) => void,
  signal: AbortSignal,
): Promise<Replayed> {
  const body = JSON.stringify({ document, days, ...(policy ? { policy } : {}) });
  const stream = (await ask(
    api.POST('/v1/orgs/{org}/servers/{server}/replay', {
      params: { path: { org, server } },
      body: { document: {}, days },
      bodySerializer: () => body,
      headers: { 'content-type': 'application/json' },
      parseAs: 'stream',
      signal,
    }),
  )) as ReadableStream<Uint8Array> | null;
  let so = NOTHING;
  let rest = '';
  const reader = stream
    ?.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .getReader();
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    const found = lines(rest + piece.value);
    rest = found.rest;
    so = found.whole.reduce((now, line) => take(now, JSON.parse(line) as Schemas['ReplayLine']), so);
    tell(so);
  }
  if (rest.trim() !== '') so = take(so, JSON.parse(rest) as Schemas['ReplayLine']);
  if (!so.summary)
    throw new ApiProblem({
      code: 'unreachable',
      status: 0,
      title: 'The replay broke off',
      detail: 'The connection ended before the replay did. Try again.',
    });
  return so;
}
