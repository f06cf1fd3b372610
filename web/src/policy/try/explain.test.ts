import { expect, test } from 'vitest';
import type { Schemas } from '@/api/client';
import { askedText, exampleArguments } from './explain';

test('a condition reads as a sentence, nested ones too', () => {
  const asked: Schemas['ConditionTest'] = {
    path: 'args.amount',
    op: 'lte',
    wanted: 500,
    found: [700],
    answer: 'fails',
  };
  expect(askedText(asked)).toBe('args.amount is 700, lte 500: fails');
  expect(askedText({ kind: 'not', parts: [{ ...asked, found: [null] }], answer: 'holds' })).toBe(
    'not (args.amount is missing, lte 500: fails): holds',
  );
});

test('arguments to start from are those that are required', () => {
  const list = [
    { name: 'order', type: 'string', required: true },
    { name: 'note', type: 'string', required: false },
    { name: 'odd', type: 'string or null', required: true },
  ];
  expect(JSON.parse(exampleArguments(list))).toEqual({ order: 'text', odd: null });
});
