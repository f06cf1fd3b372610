import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject, read } from './document';
import { begin, reduce } from './history';
import { type Choice, choose, inherited, limitOf, overruled, stanceOf, type Tool } from './stance';

const CHOICES: Choice[] = ['inherit', 'allow', 'deny', 'hide', 'approve', 'limit'];
const NAMES = [
  'get_order',
  'create_refund',
  'a/b',
  'a~b',
  '__proto__',
  '7',
  'with space',
  'ünïcode "quoted"',
  'x*',
];

const toolName = fc.constantFrom(...NAMES);
const scalar: fc.Arbitrary<Json> = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const unknownFields = fc.dictionary(
  fc.constantFrom('x-note', 'owner', 'zz'),
  scalar,
) as fc.Arbitrary<JsonObject>;
const rule: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      action: fc.constantFrom('allow', 'deny', 'require_approval'),
      reason: fc.string(),
      require: fc.constant([{ conditions: [], on_deny: 'no' }] as Json),
      limits: fc.constant([{ counter: 'c', window: 'hour', max: 3, scope: 'grant' }] as Json),
      rate_limit: fc.record({ max: fc.nat(100), window: fc.constantFrom('minute', 'hour') }),
    },
    { requiredKeys: [] },
  )
  .chain((known) => unknownFields.map((unknown) => ({ ...known, ...unknown }) as JsonObject));

/** Documents as people write them: any order, some with no tools, some with a hide list. */
const document: fc.Arbitrary<JsonObject> = fc.record({
  version: fc.constant('1'),
  default: fc.constantFrom('allow', 'deny'),
  hide: fc.option(fc.uniqueArray(fc.constantFrom('create_refund', 'a/b', 'other')), { nil: [] }),
  tools: fc
    .array(fc.tuple(toolName, rule))
    .map((entries) => Object.fromEntries(entries.filter(([name]) => name !== '__proto__')) as JsonObject),
  extra: scalar,
});
const text = fc
  .tuple(document, fc.constantFrom(0, 2, 4))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

function parsed(source: string): JsonObject {
  const reading = read(source);
  if (!reading.document) throw new Error(`${reading.fault}: ${source}`);
  return reading.document;
}

/** All but what a choice for the tool may touch. */
function rest(source: string, name: string): Json {
  const { hide, tools, ...others } = parsed(source);
  const list = Array.isArray(hide) ? hide.filter((one) => one !== name) : [];
  const rules = isObject(tools) ? Object.entries(tools).filter(([key]) => key !== name) : [];
  return { ...others, hide: list, rules: rules.map(([key, value]) => [key, value] as Json) } as Json;
}

describe('choosing a stance', () => {
  test('what is chosen is what is read again', () => {
    fc.assert(
      fc.property(text, toolName, fc.constantFrom(...CHOICES), (source, name, choice) => {
        const tool: Tool = { name };
        expect(stanceOf(parsed(choose(source, tool, choice)), tool)).toBe(choice);
      }),
      { numRuns: 400 },
    );
  });

  test('nothing else in the document changes', () => {
    fc.assert(
      fc.property(text, toolName, fc.constantFrom(...CHOICES), (source, name, choice) => {
        expect(rest(choose(source, { name }, choice), name)).toEqual(rest(source, name));
      }),
      { numRuns: 400 },
    );
  });

  test('choosing again what is there changes nothing', () => {
    fc.assert(
      fc.property(text, toolName, fc.constantFrom(...CHOICES), (source, name, choice) => {
        const once = choose(source, { name }, choice);
        expect(choose(once, { name }, choice)).toBe(once);
      }),
      { numRuns: 200 },
    );
  });

  test('fields of a rule that this page does not know are kept', () => {
    const source = '{"version":"1","default":"deny","tools":{"t":{"limits":[],"x-owner":"ann"}}}';
    for (const choice of ['allow', 'deny', 'approve', 'limit'] as const) {
      expect(parsed(choose(source, { name: 't' }, choice)).tools).toMatchObject({ t: { 'x-owner': 'ann' } });
    }
  });

  test('numbers and escapes that are not touched stay as they were spelled', () => {
    const source = '{ "version": "1", "tools": {"a\\u0062": {"rate_limit": {"max": 1.50, "window": 6e1}}}}';
    const next = choose(source, { name: 'other' }, 'deny');
    for (const spelled of ['1.50', '6e1', '"a\\u0062"']) expect(next).toContain(spelled);
  });

  test('a text that is not JSON is left alone', () => {
    expect(choose('{ "version": ', { name: 'a' }, 'deny')).toBe('{ "version": ');
  });

  test('a limit is written and read with its numbers', () => {
    const source = choose('{"version":"1","default":"deny"}', { name: 'a' }, 'limit', {
      max: 5,
      window: 'hour',
    });
    expect(limitOf(parsed(source), { name: 'a' })).toEqual({ max: 5, window: 'hour' });
  });
});

describe('what holds without a rule of its own', () => {
  const source = parsed(
    '{"version":"1","default":"deny","categories":{"read":{}},"tools":{"get_*":{"action":"deny"},"get_o*":{}}}',
  );
  test.each([
    // A narrower pattern that states no action takes that of the wider one.
    ['get_order', 'read', 'deny', 'get_*'],
    ['get_time', 'read', 'deny', 'get_*'],
    ['look', 'read', 'allow', 'category read'],
    ['look', null, 'deny', 'default'],
  ])('%s (%s) is %s by %s', (name, category, stance, from) => {
    expect(inherited(source, { name, category })).toEqual({ stance, from });
  });
});

describe('rules for all tools', () => {
  const read = (text: string) => parsed(text);
  test('deny under a default of allow, and allow nothing under a default of deny', () => {
    const all = '"all_tools":{"action":"deny"}';
    expect(inherited(read(`{"default":"allow",${all}}`), { name: 'x' })).toEqual({
      stance: 'deny',
      from: 'all tools',
    });
    const allows = read('{"default":"deny","all_tools":{"action":"allow"}}');
    expect(inherited(allows, { name: 'x' })).toEqual({ stance: 'deny', from: 'default' });
  });

  test('a rule of its own without an action takes that of a more general one, and one with an action does not', () => {
    const source = read(
      '{"default":"deny","categories":{"write":{"action":"deny"}},"tools":{"a":{},"b":{"action":"allow"}}}',
    );
    expect(overruled(source, { name: 'a', category: 'write' })).toBe('category write');
    expect(overruled(source, { name: 'b', category: 'write' })).toBeUndefined();
    expect(overruled(source, { name: 'a', category: 'read' })).toBeUndefined();
  });
});

describe('the history', () => {
  test('undo and redo lead through every text that there was', () => {
    const step = fc.tuple(toolName, fc.constantFrom(...CHOICES));
    fc.assert(
      fc.property(text, fc.array(step, { maxLength: 12 }), (source, steps) => {
        const seen = [source];
        let state = begin({ text: source, cases: '' });
        for (const [name, choice] of steps) {
          state = reduce(state, { type: 'choose', tools: [{ name }], choice });
          if (state.text !== seen.at(-1)) seen.push(state.text);
        }
        for (const before of seen.slice(0, -1).reverse()) {
          state = reduce(state, { type: 'undo' });
          expect(state.text).toBe(before);
        }
        expect(reduce(state, { type: 'undo' })).toBe(state);
        for (const after of seen.slice(1)) {
          state = reduce(state, { type: 'redo' });
          expect(state.text).toBe(after);
        }
      }),
    );
  });

  test('keystrokes in a row are one step, and a choice in between ends the row', () => {
    const typed = ['a', 'ab', 'abc'].reduce(
      (state, next) => reduce(state, { type: 'type', text: next }),
      begin({ text: '', cases: '' }),
    );
    expect(reduce(typed, { type: 'undo' }).text).toBe('');
    const replaced = reduce(typed, { type: 'replace', text: '{}' });
    const more = reduce(replaced, { type: 'type', text: '{} ' });
    expect(reduce(more, { type: 'undo' }).text).toBe('{}');
  });

  test('a change after undo has no way forward', () => {
    const there = reduce(begin({ text: '{}', cases: '' }), { type: 'replace', text: '{"a":1}' });
    const back = reduce(there, { type: 'undo' });
    const other = reduce(back, { type: 'replace', text: '{"b":1}' });
    expect(reduce(other, { type: 'redo' })).toBe(other);
  });
});
