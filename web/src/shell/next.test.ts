import { expect, test } from 'vitest';
import { nextOf } from './next';

test('one goes on to screens of our own and to nothing else', () => {
  expect(nextOf('/o/acme/log?tool=x')).toBe('/app/o/acme/log?tool=x');
  expect(nextOf('/register?name=Mail')).toBe('/app/register?name=Mail');
  for (const other of [
    undefined,
    '',
    '/',
    '//evil.example',
    'https://evil.example/o/',
    'javascript:alert(1)',
    '/registered',
    '/sign-in?next=/o/',
  ])
    expect(nextOf(other)).toBeUndefined();
});
