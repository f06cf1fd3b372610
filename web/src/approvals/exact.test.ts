import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exact, revealed } from './exact';

const around = (call: string) => `{"id":"apr_1","call":${call},"definition":null}`;

test('numbers keep their spelling, and keys that come twice are both shown', () => {
  const { args } = exact(
    around('{"name":"pay","arguments":{"amount":12345678901234567890.10,"to":"a","to":"b"}}'),
  );
  expect(args).toContain('12345678901234567890.10');
  expect(args).toContain('"to": "a"');
  expect(args).toContain('"to": "b"');
});

test('characters that turn or hide text are written out', () => {
  const { args } = exact(around('{"arguments":{"file":"abc\u202egnp.exe\u200b"}}'));
  expect(args).toContain('abc\\u202egnp.exe\\u200b');
});

test('a call that can no longer be read is nothing, and so are arguments that were not given', () => {
  expect(exact(around('null'))).toMatchObject({ args: null, call: null, definition: null });
  expect(exact(around('{"name":"ping"}')).args).toBeNull();
});

test('laying out changes no value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const { call } = exact(around(JSON.stringify({ value })));
      expect(JSON.parse(call ?? '')).toEqual(JSON.parse(JSON.stringify({ value })));
    }),
  );
});

test('a revealed text has nothing invisible left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(revealed(text)).not.toMatch(/[\p{Cf}\u2028\u2029]/u);
    }),
  );
});
