import { expect, test } from 'vitest';
import { readWanted, sameAddress } from './wanted';

test('what an address wants is text for fields, and nothing endless', () => {
  expect(readWanted({ name: 'Mail', url: 'https://m.example/mcp', catalog: 'mail', tool: 7 })).toEqual({
    name: 'Mail',
    url: 'https://m.example/mcp',
    catalog: 'mail',
    tool: '7',
  });
  expect(readWanted({ name: '', url: ['x'], catalog: { a: 1 }, tool: 'x'.repeat(2001), other: 'y' })).toEqual(
    {},
  );
});

test('an address is known again however it is written', () => {
  expect(sameAddress('https://M.example:443/mcp ', 'https://m.example/mcp')).toBe(true);
  expect(sameAddress('https://m.example/mcp', 'https://m.example/mcp/')).toBe(false);
  expect(sameAddress('m.example', 'm.example')).toBe(false);
});
