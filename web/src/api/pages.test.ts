import { expect, test } from 'vitest';
import { pages } from './pages';

test('a list is followed to its last page', async () => {
  const asked: (string | undefined)[] = [];
  const cursors = ['one', 'two', null];
  const found = await pages(async ({ cursor }) => {
    asked.push(cursor);
    return { things: [asked.length], next_cursor: cursors[asked.length - 1] ?? null };
  });
  expect(asked).toEqual([undefined, 'one', 'two']);
  expect(found.flatMap((page) => page.things)).toEqual([1, 2, 3]);
});
