import { describe, expect, test } from 'vitest';
import type { RecordedCall } from '@/log/detail';
import { listCases } from './cases/case-text';
import { read } from './document';
import { merged } from './from-catalog';
import { readOrigin } from './origin';
import { startOf } from './seed';

const TOOLS = [{ name: 'pay', category: 'financial' }, { name: 'get' }] as never[];
const EVENT: RecordedCall = {
  id: 'evt_1',
  at: '2026-11-21T10:00:30Z',
  identity: 'idn_1',
  token: 'tok_1',
  method: 'tools/call',
  tool: 'pay',
  arguments: ['amount'],
  taken: [],
  verdict: 'deny',
  rule: '(default deny)',
  message: 'no',
  unchecked: false,
  node: 'n',
};
const base = { version: 1, text: '{"default": "deny"}', cases: '' };

describe('what the editor opens with', () => {
  test('a recorded call is in the draft as a test, and what was done is said', () => {
    const start = startOf(base, TOOLS, { as: 'test', event: EVENT });
    expect(start.draft.text).toBe(base.text);
    const [kept] = listCases(start.draft.cases).list;
    expect(kept).toMatchObject({
      call: { tool: 'pay' },
      expect: { outcome: 'deny', rule: '(default deny)' },
    });
    expect(start.note).toContain('was added');
    expect(start.note).toContain('not captured');
    expect(start.tab).toBe('cases');
  });

  test('test cases that cannot be read are left alone, and that is said', () => {
    const start = startOf({ ...base, cases: '{' }, TOOLS, { as: 'test', event: EVENT });
    expect(start.draft.cases).toBe('{');
    expect(start.note).toContain('No test was added');
  });

  test('a refused call is allowed in the draft, and it is said by which rule it was refused', () => {
    const start = startOf(base, TOOLS, { as: 'allow', event: EVENT });
    expect(read(start.draft.text).document?.tools).toEqual({ pay: { action: 'allow' } });
    expect(start.note).toContain('(default deny)');
    expect(start.opened).toBe('pay');
  });
});

describe('what the catalogue recommends', () => {
  const advice = (policy: unknown, tool = 'pay') => ({ server: 'shop', tool, policy: policy as never });

  test('is put in for that one tool and nothing else of it', () => {
    const policy = {
      version: '1',
      default: 'allow',
      all_tools: { action: 'allow' },
      tools: { pay: { approval: {} }, get: {} },
    };
    const { text, note } = merged(base.text, TOOLS, advice(policy));
    expect(read(text).document).toEqual({ default: 'deny', tools: { pay: { approval: {} } } });
    expect(note).toContain('was added');
  });

  test('hides the tool where it is to be hidden', () => {
    const { text } = merged(base.text, TOOLS, advice({ hide: ['pay', 'get'] }));
    expect(read(text).document).toEqual({ default: 'deny', hide: ['pay'] });
  });

  test('is not put in twice', () => {
    const there = '{"tools": {"pay": {"limits": [{"max": 5, "window": "day"}], "approval": {}}}}';
    const rule = { approval: {}, limits: [{ window: 'day', max: 5 }] };
    expect(merged(there, TOOLS, advice({ tools: { pay: rule } })).text).toBe(there);
    const other = merged(there, TOOLS, advice({ tools: { pay: { ...rule, limits: [] } } }));
    expect(read(other.text).document).toEqual({ tools: { pay: { approval: {}, limits: [] } } });
    expect(merged('{"hide": ["pay"]}', TOOLS, advice({ hide: ['pay'] })).text).toBe('{"hide": ["pay"]}');
  });

  test('is left out for a tool that this server has not, and for what is no policy', () => {
    for (const [policy, tool] of [
      [{ tools: { other: {} } }, 'other'],
      [null, 'pay'],
      ['tools', 'pay'],
      [{ tools: { pay: 'allow' } }, 'pay'],
      [{ tools: [] }, 'pay'],
    ] as const) {
      const { text, note } = merged(base.text, TOOLS, advice(policy, tool));
      expect(text).toBe(base.text);
      expect(note).toMatch(/nothing was added|could not be read|no rule to recommend/);
    }
  });

  test('an address names it, and an address that names nothing of the kind is no origin', () => {
    expect(readOrigin({ catalog: 'shop', tool: 7 })).toEqual({ catalog: 'shop', tool: '7' });
    expect(readOrigin({ event: 'evt_1', as: 'allow' })).toMatchObject({ event: 'evt_1', as: 'allow' });
    expect(readOrigin({ event: ['x'], as: 'root' })).toEqual({ catalog: undefined, tool: undefined });
  });
});
