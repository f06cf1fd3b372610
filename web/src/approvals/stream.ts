/** The stream of changes of requests, taken up again where it broke off. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { api } from '@/api/client';
import { problemOf } from '@/api/problem';
import type { Approval } from './queries';

type Told = { changed: (approval: Approval) => void; live: (live: boolean) => void };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** Listens until aborted. What was missed while it was broken comes first when it is taken up again. */
export async function listen(org: string, told: Told, signal: AbortSignal): Promise<void> {
  let after: number | undefined;
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      for await (const event of await open(org, after, signal)) {
        wait = FIRST_WAIT_MS;
        if (event.id) after = Number(event.id);
        if (event.event === 'ready') told.live(true);
        if (event.event === 'approval') told.changed(JSON.parse(event.data) as Approval);
      }
    } catch (error) {
      if (signal.aborted) return;
      // What is refused now is refused again; an expired token is renewed by the next request.
      const { status } = problemOf(error);
      if (status >= 400 && status < 500 && status !== 401 && status !== 429) return;
    }
    told.live(false);
    await rest(wait, signal);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
}

async function open(org: string, after: number | undefined, signal: AbortSignal) {
  const { data, error, response } = await api.GET('/v1/orgs/{org}/approvals/stream', {
    params: { path: { org }, query: after === undefined ? {} : { after } },
    headers: { accept: 'text/event-stream' },
    parseAs: 'stream',
    signal,
  });
  if (!data) throw problemOf(error, response.status);
  const events = data
    .pipeThrough(new TextDecoderStream() as never)
    .pipeThrough(new EventSourceParserStream());
  return read(events);
}

/** Readers, because not every browser can iterate over a stream. */
async function* read<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
