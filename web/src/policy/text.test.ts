import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { append, set } from './document';
import { difference } from './json-editor';
import { matches } from './pattern';
import { offsetOf, rangeOf, stepsOf } from './place';
import { TEMPLATES } from './templates';

describe('patterns', () => {
  test.each([
    ['get_*', 'get_order', true],
    ['get_*', 'forget_it', false],
    ['*_order', 'get_order', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*', '', true],
    ['a**b', 'ab', true],
    ['a.c', 'abc', false],
  ])('%s on %s: %s', (pattern, name, fits) => {
    expect(matches(pattern, name)).toBe(fits);
  });
});

describe('places in a text', () => {
  test('columns are counted in bytes', () => {
    const text = '{\n "ä€": 1,\n "b": 2}';
    expect(text.slice(offsetOf(text, 2, 10))).toBe(' 1,\n "b": 2}');
    expect(offsetOf(text, 9, 1)).toBe(text.length);
    expect(offsetOf(text, 2, 999)).toBe(text.indexOf('\n "b"'));
  });

  test('a pointer finds its value, with escapes and in lists', () => {
    const text = '{"tools": {"a/b": {"limits": [{"max": -1}]}}}';
    const problem = { pointer: '/tools/a~1b/limits/0/max', message: '' };
    expect(stepsOf(text, problem.pointer)).toEqual(['tools', 'a/b', 'limits', 0, 'max']);
    const { from, to } = rangeOf(text, problem);
    expect(text.slice(from, to)).toBe('-1');
  });

  test('any place that the server names is within the text, whatever has become of it', () => {
    const places = fc.record({
      pointer: fc.string(),
      message: fc.string(),
      line: fc.nat(9),
      column: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.string(), places, (text, problem) => {
        const { from, to } = rangeOf(text, problem);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(text.length);
        expect(from).toBeLessThanOrEqual(to);
      }),
    );
  });
});

describe('edits', () => {
  test('what differs between two texts, put in, makes the second of the first', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const { from, to, insert } = difference(before, after);
        expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
      }),
    );
  });

  test('lists are made and added to', () => {
    expect(JSON.parse(append(append('{}', ['hide'], 'a'), ['hide'], 'b'))).toEqual({ hide: ['a', 'b'] });
    expect(JSON.parse(set('{"a": {"b": 1}}', ['a', 'b'], undefined))).toEqual({ a: {} });
  });
});

test('every template is a document of version 1', () => {
  const tools = [{ name: 'get_order' }, { name: 'delete_order' }, { name: 'pay', category: 'financial' }];
  for (const template of TEMPLATES) {
    const document = JSON.parse(template.build(tools));
    expect(document.version).toBe('1');
    expect(['allow', 'deny']).toContain(document.default);
  }
});
