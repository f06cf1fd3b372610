import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schemas } from '@/api/client';
import { cell, csv, ndjson } from './export';
import { count, queryOf, readFilters } from './filters';
import { bars, summary } from './summary';
import { merge } from './use-events';

function event(id: string, part: Partial<Schemas['EventView']> = {}): Schemas['EventView'] {
  return {
    id,
    at: '2026-11-21T10:00:00Z',
    identity: 'idn_1',
    token: 'tok_1',
    method: 'tools/call',
    arguments: [],
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
    const filters = { server: 'orders', tool: 'x', verdict: 'deny' as const, after: '2026-01-01T00:00:00Z' };
    expect(readFilters({ ...filters })).toEqual(filters);
  });

  test('what is not understood is left out', () => {
    const read = readFilters({ verdict: 'maybe', after: 'yesterday', tool: ['x'], server: '', other: 1 });
    expect(read).toEqual({});
  });

  test('a number in an address is still a name', () => {
    expect(readFilters({ tool: 7 })).toEqual({ tool: '7' });
  });

  test('the open drawer is no filter', () => {
    expect(queryOf({ event: 'evt_1', rule: '(hidden)' })).toEqual({ rule: '(hidden)' });
    expect(count({ event: 'evt_1' })).toBe(0);
  });
});

describe('export', () => {
  test('cells with commas, quotes and lines are quoted', () => {
    expect(cell('a,"b"\nc')).toBe('"a,""b""\nc"');
  });

  test('no spreadsheet runs a cell', () => {
    for (const start of ['=', '+', '-', '@', '\t']) expect(cell(`${start}1`).replace(/^"/, '')).toMatch(/^'/);
  });

  test('a file has a line for each event, under the names of the columns', () => {
    const lines = csv([event('evt_1', { message: 'no, not now' }), event('evt_2')])
      .trimEnd()
      .split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^id,at,verdict/);
    expect(lines[1]).toContain('"no, not now"');
  });

  test('every line of NDJSON is the event as it was given', () => {
    const events = [event('evt_1', { message: 'two\nlines' }), event('evt_2')];
    expect(
      ndjson(events)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });
});

describe('a live log', () => {
  test('each event is there once, newest first, and the fresher copy wins', () => {
    const done = { end: 'answered' as const, latency_us: 5 };
    const merged = merge(
      [event('evt_3'), event('evt_2', { outcome: done })],
      [event('evt_2'), event('evt_1')],
    );
    expect(merged.map(({ id }) => id)).toEqual(['evt_3', 'evt_2', 'evt_1']);
    expect(merged[1]?.outcome).toEqual(done);
  });
});

describe('figures', () => {
  test('tools are counted with their denials, most called first', () => {
    const found = summary([
      event('3', { tool: 'a' }),
      event('2', { tool: 'b', verdict: 'deny' }),
      event('1', { tool: 'a' }),
    ]);
    expect(found.tools).toEqual([
      { name: 'a', count: 2, denied: 0 },
      { name: 'b', count: 1, denied: 1 },
    ]);
    expect(found.denied).toBe(1);
  });

  test('every event is in exactly one bar', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -10 * 86_400_000, max: 5000 })), (offsets) => {
        const events = offsets.map((offset, index) =>
          event(String(index), { at: new Date(now + offset).toISOString() }),
        );
        const total = bars(events, 20, now).reduce((sum, bar) => sum + bar.allowed + bar.denied, 0);
        expect(total).toBe(events.length);
      }),
    );
  });
});
