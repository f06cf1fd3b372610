/** All events of a filter as a file, written by the server and not by what happens to be loaded here. */
import { api } from '@/api/client';
import { ApiProblem, problemOf } from '@/api/problem';
import type { EventFilter } from '@/api/queries';

export type Format = 'csv' | 'ndjson';

const TYPES: Record<Format, string> = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

type Watch = { signal: AbortSignal; read: (bytes: number) => void };

/** The file. A download that breaks off is a failure: half a log would pass for a whole one. */
export async function exported(
  org: string,
  query: EventFilter,
  format: Format,
  { signal, read }: Watch,
): Promise<Blob> {
  const { data, error, response } = await api
    .GET('/v1/orgs/{org}/events/export', {
      params: { path: { org }, query: { ...query, format } },
      parseAs: 'stream',
      signal,
    })
    .catch((failure) => {
      throw problemOf(failure);
    });
  if (!response.ok || !data) throw problemOf(error, response.status);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    const reader = (data as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Blob(parts, { type: TYPES[format] });
      parts.push(value);
      bytes += value.length;
      read(bytes);
    }
  } catch {
    throw new ApiProblem({
      code: 'unreachable',
      status: 0,
      title: 'Broken off',
      detail: `The export broke off after ${size(bytes)}, and nothing was saved. Try again, or narrow the time.`,
    });
  }
}

/** "3.4 MB". */
export function size(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Hands a file to the browser. */
export function save(name: string, file: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
