import { describe, expect, test } from 'vitest';
import type { RecordedCall } from '@/log/detail';
import { read } from './document';
import { allowing, callOf, caseOf } from './from-event';

function event(part: Partial<RecordedCall>): RecordedCall {
  return {
    id: 'evt_1',
    at: '2026-11-21T10:00:30Z',
    identity: 'idn_1',
    identity_label: 'alice-laptop',
    token: 'tok_1',
    method: 'tools/call',
    tool: 'pay',
    arguments: ['amount', 'to'],
    taken: [],
    verdict: 'deny',
    rule: '(default deny)',
    message: 'no',
    unchecked: false,
    node: 'n',
    ...part,
  };
}
const tool = {
  name: 'pay',
  category: 'financial',
  definition: { inputSchema: { properties: { amount: { type: 'number' } } } },
} as never;

describe('a recorded call', () => {
  test('has the values that were captured, or examples under the names that were', () => {
    const captured = event({ values: { arguments: { amount: 7 } as never } });
    expect(JSON.parse(callOf(captured, tool, '{}').arguments)).toEqual({ amount: 7 });
    expect(JSON.parse(callOf(event({}), tool, '{}').arguments)).toEqual({ amount: 1, to: 'text' });
  });

  test('becomes a case that expects what happened, at its time, by its caller and class', () => {
    const call = callOf(event({}), tool, '{}');
    const made = caseOf(event({}), call, '');
    expect(made).toMatchObject({ tool: 'pay', outcome: 'deny', rule: '(default deny)' });
    expect(JSON.parse(made.context)).toEqual({
      identity: { id: 'idn_1', label: 'alice-laptop' },
      time: '2026-11-21T10:00:30Z',
      category: 'financial',
    });
  });

  test('that a limit refused has the calls before it that used the limit up', () => {
    const document = '{"tools": {"pay": {"rate_limit": {"max": 3, "window": "hour"}}}}';
    const call = callOf(event({ rule: '/tools/pay/rate_limit' }), tool, document);
    expect(JSON.parse(call.context).prior).toMatchObject([{ tool: 'pay', repeat: 3 }]);
  });
});

describe('a draft that allows it', () => {
  const rules = (text: string) => read(text).document;

  test('gives a tool that no rule named one of its own', () => {
    const { text } = allowing('{"default": "deny"}', event({}));
    expect(rules(text)?.tools).toEqual({ pay: { action: 'allow' } });
  });

  test('shows one that was hidden by name, and says so of one that a pattern hides', () => {
    const hidden = event({ rule: '(hidden)' });
    expect(rules(allowing('{"hide": ["pay"]}', hidden).text)).toEqual({
      tools: { pay: { action: 'allow' } },
    });
    const glob = allowing('{"hide": ["p*"]}', hidden);
    expect(glob.text).toBe('{"hide": ["p*"]}');
    expect(glob.note).toContain('p*');
  });

  test('exempts it from a class that is denied, and keeps what else its rule says', () => {
    const source = '{"categories": {"financial": {"action": "deny"}}, "tools": {"pay": {"limits": []}}}';
    const { text } = allowing(source, event({ rule: '/categories/financial/action' }));
    expect(rules(text)?.tools).toEqual({ pay: { limits: [], action: 'allow' } });
  });

  test('takes its own denial back with the reason for it', () => {
    const source = '{"tools": {"pay": {"action": "deny", "reason": "no"}}}';
    const { text } = allowing(source, event({ rule: '/tools/pay/action' }));
    expect(rules(text)?.tools).toEqual({ pay: { action: 'allow' } });
  });

  test('doubles a limit of its own, for a person to put right', () => {
    const source =
      '{"tools": {"pay": {"limits": [{"max": 5, "window": "day"}], "rate_limit": {"max": "9"}}}}';
    const { text, note } = allowing(source, event({ rule: '/tools/pay/limits/0' }));
    expect(rules(text)?.tools).toMatchObject({ pay: { limits: [{ max: 10 }] } });
    expect(note).toContain('was 5 and is 10');
    expect(allowing(source, event({ rule: '/tools/pay/rate_limit' })).text).toBe(source);
  });

  test('takes out the condition of its own that refused it, and no other', () => {
    const source = '{"tools": {"pay": {"require": [{"a": 1}, {"b": 1}]}}}';
    const { text } = allowing(source, event({ rule: '/tools/pay/require/0' }));
    expect(rules(text)?.tools).toEqual({ pay: { require: [{ b: 1 }] } });
    const last = allowing('{"tools": {"pay": {"deny_if": [{}]}}}', event({ rule: '/tools/pay/deny_if/0' }));
    expect(rules(last.text)?.tools).toEqual({ pay: {} });
  });

  test('asks nobody any more where people were asked', () => {
    const source = '{"tools": {"pay": {"action": "require_approval", "approval": {}, "limits": []}}}';
    for (const rule of ['/tools/pay/approval', '/tools/pay/action']) {
      const { text } = allowing(source, event({ rule }));
      expect(rules(text)?.tools).toEqual({ pay: { action: 'allow', limits: [] } });
    }
  });

  test('leaves a rule alone that is about other tools too, or that is no longer there', () => {
    const source = '{"all_tools": {"require": [{}]}, "tools": {"p*": {"limits": [{"max": 1}]}}}';
    for (const rule of ['/all_tools/require/0', '/tools/p*/limits/0']) {
      const { text, note } = allowing(source, event({ rule }));
      expect(text).toBe(source);
      expect(note).toContain('other tools');
    }
    const gone = allowing(source, event({ rule: '/tools/pay/require/0' }));
    expect(gone.text).toBe(source);
    expect(gone.note).toContain('no such rule');
  });
});
