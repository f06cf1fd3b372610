import { expect, test } from 'vitest';
import { headersOf, nameOf } from './address';
import { definitionText } from './definition-text';
import { parameters } from './tool';

test.each([
  ['https://mcp.linear.app/mcp', 'Linear'],
  ['https://api.example.com/mcp', 'Example'],
  ['http://127.0.0.1:3001/mcp', 'Local server'],
  ['http://localhost:3001/mcp', 'Local server'],
  ['http://[::1]:3001/mcp', 'Local server'],
  ['not an address', ''],
])('%s is called %s', (address, name) => {
  expect(nameOf(address)).toBe(name);
});

test('rows without a name are no headers', () => {
  expect(
    headersOf([
      { name: ' X-Key ', value: 'v' },
      { name: '', value: 'w' },
    ]),
  ).toEqual({ 'X-Key': 'v' });
});

test('a schema that is anything but one has no arguments, and no surprise', () => {
  const definitions = [{}, { inputSchema: null }, { inputSchema: { properties: [] } }];
  for (const definition of definitions)
    expect(parameters({ definition: definition as Record<string, never> })).toEqual([]);
});

test('characters of a definition that nobody could see are spelled out, and line ends are kept', () => {
  const shown = definitionText({ description: 'Pays\u200b a\u202e bill', name: 'é\u{e0041}' });
  expect(shown).toBe('{\n  "description": "Pays\\u{200b} a\\u{202e} bill",\n  "name": "é\\u{e0041}"\n}');
});
