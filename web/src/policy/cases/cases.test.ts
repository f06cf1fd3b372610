import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CaseForm,
  formOf,
  freeName,
  listCases,
  NEW_CASE,
  putCase,
  removeCase,
  spell,
} from './case-text';

const form: fc.Arbitrary<CaseForm> = fc.record({
  name: fc.string({ minLength: 1 }),
  tool: fc.string({ minLength: 1 }),
  arguments: fc.constantFrom('{}', '{"amount": 1.50}', '{"text": "$& \\u0041"}'),
  context: fc.constantFrom('', '{"time": "2026-01-05T09:30:00Z"}'),
  outcome: fc.constant('deny' as const),
  rule: fc.constantFrom('', '/tools/a~1b/limits/0'),
  message: fc.string(),
});

describe('test cases', () => {
  test('are read from the text as they were written in the form, wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(form, { minLength: 1, maxLength: 5 }), fc.boolean(), (forms, bare) => {
        const text = forms.reduce((all, one) => putCase(all, spell(one)), bare ? '[]' : '');
        expect(listCases(text).list).toHaveLength(forms.length);
        forms.forEach((one, index) => {
          const found = formOf(text, index);
          expect({ ...found, arguments: '', context: '' }).toEqual({ ...one, arguments: '', context: '' });
          expect(JSON.parse(found.arguments)).toEqual(JSON.parse(one.arguments));
        });
      }),
    );
  });

  test('keep the digits of their arguments, those of the others too', () => {
    const text = '{"cases": [{"name": "one", "call": {"tool": "t", "arguments": {"n": 1.50}}}]}';
    const more = putCase(text, spell({ ...NEW_CASE, name: 'two', tool: 't', arguments: '{"n": 2.00}' }));
    expect(more).toContain('1.50');
    expect(more).toContain('2.00');
    const put = putCase(more, spell({ ...formOf(more, 0), name: 'first' }), 0);
    expect(listCases(put).list.map((one) => (one as { name: string }).name)).toEqual(['first', 'two']);
    expect(put).toContain('1.50');
  });

  test('taken out one by one leave no file behind', () => {
    const text = ['a', 'b'].reduce((all, name) => putCase(all, spell({ ...NEW_CASE, name, tool: 't' })), '');
    const left = removeCase(text, 0);
    expect(listCases(left).list).toHaveLength(1);
    expect(removeCase(left, 0)).toBe('');
  });

  test('of a file that cannot be read stay untouched, and it is said why', () => {
    expect(listCases('{"cases": 1}').fault).not.toBeNull();
    expect(listCases('{"cases": [').fault).not.toBeNull();
    expect(putCase('{"cases": [', '{}')).toBe('{"cases": [');
  });

  test('get names that nobody has', () => {
    const text = putCase('', spell({ ...NEW_CASE, name: 'a', tool: 't' }));
    expect(freeName(text, 'a')).toBe('a (2)');
    expect(freeName(text, 'b')).toBe('b');
  });

  test('expect no rule of a call that passes', () => {
    const spelled = spell({ ...NEW_CASE, name: 'a', tool: 't', outcome: 'allow', rule: '/x', message: 'm' });
    expect(JSON.parse(spelled).expect).toEqual({ outcome: 'allow' });
  });
});
