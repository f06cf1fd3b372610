import { beforeEach, describe, expect, test, vi } from 'vitest';
import { api, ask } from './client';
import { ApiProblem } from './problem';
import { forget, restore, signIn, token } from './session';

type Reply = { status: number; body?: unknown };

/** Answers requests by path, and remembers them. */
function server(replies: Record<string, Reply[]>) {
  const sent: { path: string; authorization: string | null; exchange: string | null; body: string }[] = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(
      new URL(input instanceof Request ? input.url : String(input), location.origin),
      input instanceof Request ? input : init,
    );
    const path = new URL(request.url).pathname;
    const header = (name: string) => request.headers.get(name);
    const body = await request.text();
    sent.push({ path, authorization: header('authorization'), exchange: header('idempotency-key'), body });
    const list = replies[path] ?? [];
    const reply = list.length > 1 ? list.shift() : list[0];
    if (!reply) throw new TypeError('Failed to fetch');
    const answer = reply.body === undefined ? null : JSON.stringify(reply.body);
    return new Response(answer, { status: reply.status, headers: { 'content-type': 'application/json' } });
  });
  return sent;
}

const pair = (name: string) => ({ access_token: name, token_type: 'Bearer', expires_in: 600 });
const refused = {
  code: 'unauthenticated',
  status: 401,
  title: 'x',
  detail: 'Sign in.',
  type: '',
  request_id: 'req_1',
};

beforeEach(() => {
  forget();
  localStorage.clear();
});

describe('the session', () => {
  test('many who ask at once share one refresh: a second would end the sign-in', async () => {
    const sent = server({ '/v1/refresh': [{ status: 200, body: pair('one') }] });
    expect(await Promise.all([token(), token(), restore()])).toEqual(['one', 'one', true]);
    expect(sent.map(({ path }) => path)).toEqual(['/v1/refresh']);
    expect(sent[0]?.body).toBe('{"cookie":true}');
  });

  test('signing in asks for the cookie', async () => {
    const sent = server({ '/v1/login': [{ status: 200, body: pair('one') }] });
    await signIn('a@example.com', 'secret');
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      email: 'a@example.com',
      password: 'secret',
      cookie: true,
    });
    expect(await token()).toBe('one');
  });

  test('without a cookie nobody is signed in', async () => {
    server({ '/v1/refresh': [{ status: 401, body: refused }] });
    expect(await restore()).toBe(false);
  });

  test('a server that does not answer is no reason to sign anybody out', async () => {
    server({});
    await expect(restore()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('an exchange whose answer was lost goes by the same name again, and the next by another', async () => {
    const lost = server({});
    await expect(restore()).rejects.toThrow();
    forget();
    const sent = server({ '/v1/refresh': [{ status: 200, body: pair('one') }] });
    expect(await restore()).toBe(true);
    forget();
    expect(await restore()).toBe(true);
    const names = [...lost, ...sent].map(({ exchange }) => exchange);
    expect(names[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(names[1]).toBe(names[0]);
    expect(names[2]).not.toBe(names[0]);
  });
});

describe('the client', () => {
  test('sends the token, and tells problems as the server did', async () => {
    const sent = server({
      '/v1/refresh': [{ status: 200, body: pair('one') }],
      '/v1/me': [{ status: 403, body: { ...refused, code: 'forbidden', status: 403 } }],
    });
    const failure = await ask(api.GET('/v1/me')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(failure).toMatchObject({ code: 'forbidden', status: 403, requestId: 'req_1' });
    expect(sent.at(-1)?.authorization).toBe('Bearer one');
  });

  test('says so when the sign-in has ended elsewhere', async () => {
    server({
      '/v1/refresh': [
        { status: 200, body: pair('one') },
        { status: 401, body: refused },
      ],
      '/v1/me': [{ status: 401, body: refused }],
    });
    const told = vi.fn();
    window.addEventListener('policylayer:signed-out', told);
    await ask(api.GET('/v1/me')).catch(() => {});
    window.removeEventListener('policylayer:signed-out', told);
    expect(told).toHaveBeenCalledOnce();
  });
});
