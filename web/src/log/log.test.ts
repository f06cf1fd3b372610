import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Schemas } from '@/api/client';
import { barAt, keyed, spanOf, told, totals, wider } from './brush';
import { exported, size } from './export';
import { count, queryOf, reachesNow, readFilters } from './filters';
import { isBarren, merge, take } from './use-events';
import { isParked, outcomeText } from './verdict';

function event(id: string, part: Partial<Schemas['EventView']> = {}): Schemas['EventView'] {
  return {
    id,
    at: '2026-11-21T10:00:00Z',
    identity: 'idn_1',
    token: 'tok_1',
    method: 'tools/call',
    arguments: [],
    taken: [],
    verdict: 'allow',
    rule: '',
    message: '',
    unchecked: false,
    node: 'n',
    ...part,
  };
}

describe('filters', () => {
  test('an address that was made is read again', () => {
    const filters = {
      server: 'orders',
      tool: 'x',
      verdict: 'deny' as const,
      outcome: 'parked' as const,
      grant: 'grt_1',
      approval: 'apr_1',
      text: 'refund',
      after: '2026-01-01T00:00:00Z',
    };
    expect(readFilters({ ...filters })).toEqual(filters);
  });

  test('what is not understood is left out', () => {
    const strange = { verdict: 'maybe', outcome: 'toString', after: 'yesterday', tool: ['x'], server: '' };
    expect(readFilters({ ...strange, other: 1 })).toEqual({});
  });

  test('a number in an address is still a name', () => {
    expect(readFilters({ tool: 7 })).toEqual({ tool: '7' });
  });

  test('the open drawer is no filter, and one that was taken away does not count', () => {
    expect(queryOf({ event: 'evt_1', rule: '(hidden)' })).toEqual({ rule: '(hidden)' });
    expect(count({ event: 'evt_1', tool: undefined })).toBe(0);
  });

  test('a time that is over hears of nothing new', () => {
    const now = Date.parse('2026-11-21T10:00:00Z');
    expect(reachesNow({ before: '2026-11-21T09:00:00Z' }, now)).toBe(false);
    expect(reachesNow({ after: '2026-11-21T09:00:00Z' }, now)).toBe(true);
  });
});

describe('marking a stretch of time', () => {
  const bucket = (minute: number, allowed = 0, denied = 0, parked = 0) => ({
    at: new Date(Date.UTC(2026, 10, 21, 10, minute)).toISOString(),
    allowed,
    denied,
    parked,
  });
  const buckets = [bucket(0, 2), bucket(1, 0, 3), bucket(2, 0, 0, 1)];

  test('arrows move it, with Shift they make it wider, and it stays on the chart', () => {
    expect(keyed(null, 'ArrowLeft', false, 3)).toEqual({ anchor: 2, at: 2 });
    expect(keyed({ anchor: 2, at: 2 }, 'ArrowLeft', false, 3)).toEqual({ anchor: 1, at: 1 });
    expect(keyed({ anchor: 2, at: 1 }, 'ArrowLeft', true, 3)).toEqual({ anchor: 2, at: 0 });
    expect(keyed({ anchor: 0, at: 0 }, 'ArrowLeft', false, 3)).toEqual({ anchor: 0, at: 0 });
    expect(keyed(null, 'a', false, 3)).toBeUndefined();
    expect(keyed(null, 'Home', false, 0)).toBeUndefined();
  });

  test('it lasts from the start of its first bar to the end of its last, whichever way it was drawn', () => {
    const span = { after: '2026-11-21T10:01:00.000Z', before: '2026-11-21T10:03:00.000Z' };
    expect(spanOf(buckets, 60, { anchor: 1, at: 2 })).toEqual(span);
    expect(spanOf(buckets, 60, { anchor: 2, at: 1 })).toEqual(span);
    expect(spanOf(buckets, 60, { anchor: 2, at: 3 })).toBeUndefined();
  });

  test('every place on the chart is above one bar', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 2, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (at, bars) => {
          const bar = barAt(at, bars);
          expect(bar).toBeGreaterThanOrEqual(0);
          expect(bar).toBeLessThan(bars);
        },
      ),
    );
  });

  test('further away is three times as much, and never the future', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    const hour = { after: '2026-11-21T10:00:00.000Z', before: '2026-11-21T10:30:00.000Z' };
    expect(wider(hour, now)).toEqual({
      after: '2026-11-21T09:30:00.000Z',
      before: '2026-11-21T11:00:00.000Z',
    });
    expect(wider({ after: '2026-11-21T11:00:00.000Z' }, now)).toEqual({ after: '2026-11-21T10:00:00.000Z' });
  });

  test('bars are counted together and told in words', () => {
    expect(totals(buckets)).toEqual({ allowed: 2, denied: 3, parked: 1 });
    expect(told(totals(buckets))).toBe('2 allowed, 3 denied, 1 waiting for approval');
    expect(told({ allowed: 0, denied: 0, parked: 0 })).toBe('no calls');
  });
});

describe('export', () => {
  afterEach(() => vi.unstubAllGlobals());
  const watch = () => ({ signal: new AbortController().signal, read: vi.fn() });
  const answers = (body: ReadableStream) =>
    vi.stubGlobal('fetch', async (input: RequestInfo | URL) => {
      const address = new URL(input instanceof Request ? input.url : String(input), location.origin);
      return address.pathname === '/v1/refresh'
        ? new Response('{"access_token":"one","expires_in":600}')
        : new Response(body);
    });

  test('the file is what the server sent, however many pieces it came in', async () => {
    answers(
      new ReadableStream({
        start(stream) {
          for (const part of ['a,b\r\n', '1,2\r\n']) stream.enqueue(new TextEncoder().encode(part));
          stream.close();
        },
      }),
    );
    const seen = watch();
    const file = await exported('acme', { tool: 'x' }, 'csv', seen);
    expect(file.size).toBe(10);
    expect(file.type).toBe('text/csv');
    expect(seen.read).toHaveBeenLastCalledWith(10);
  });

  test('one that breaks off is a failure and not a shorter file', async () => {
    let begun = false;
    answers(
      new ReadableStream({
        pull(stream) {
          if (begun) stream.error(new Error('gone'));
          else stream.enqueue(new TextEncoder().encode('{}\n'));
          begun = true;
        },
      }),
    );
    await expect(exported('acme', {}, 'ndjson', watch())).rejects.toThrow(/broke off after 1 kB/);
  });

  test('sizes are told in kB and MB', () => {
    expect([size(0), size(1), size(3_400_000)]).toEqual(['0 kB', '1 kB', '3.4 MB']);
  });
});

describe('a live log', () => {
  const done = { end: 'answered' as const, latency_us: 5 };

  test('each event is there once, newest first, and the fresher copy wins', () => {
    const merged = merge(
      [event('evt_3'), event('evt_2', { outcome: done })],
      [event('evt_2'), event('evt_1')],
    );
    expect(merged.map(({ id }) => id)).toEqual(['evt_3', 'evt_2', 'evt_1']);
    expect(merged[1]?.outcome).toEqual(done);
  });

  test('news go to the first page, and what is known is brought up to date on its own page', () => {
    const pages = {
      pages: [
        { events: [event('evt_3')], next_cursor: 'c' },
        { events: [event('evt_2'), event('evt_1')], next_cursor: null },
      ],
      pageParams: ['', 'c'],
    };
    const now = take(pages, [event('evt_5'), event('evt_4'), event('evt_2', { outcome: done })]);
    expect(now.pages.map(({ events }) => events.map(({ id }) => id))).toEqual([
      ['evt_5', 'evt_4', 'evt_3'],
      ['evt_2', 'evt_1'],
    ]);
    expect(now.pages[1]?.events[0]?.outcome).toEqual(done);
    expect(now.pages[0]?.next_cursor).toBe('c');
  });

  test('a search that finds nothing for long waits for a word', () => {
    const empty = { events: [], next_cursor: 'c' };
    expect(isBarren([empty, empty, empty, empty])).toBe(false);
    expect(isBarren([{ events: [event('evt_1')], next_cursor: 'c' }, empty, empty, empty, empty])).toBe(
      false,
    );
    expect(isBarren([empty, empty, empty, empty, empty])).toBe(true);
  });
});

describe('figures', () => {
  test('a refusal that people can lift is told apart from one that they cannot', () => {
    const parked = event('1', { verdict: 'deny', approval: 'apr_1' });
    expect(isParked(parked)).toBe(true);
    expect(isParked(event('1', { verdict: 'allow', approval: 'apr_1' }))).toBe(false);
    expect(outcomeText(parked)).toContain('people were asked');
    expect(outcomeText(event('1', { verdict: 'deny' }))).toBe('not forwarded');
  });
});
