/**
 * The sign-in of this browser. The access token lives in memory alone; the refresh token is in a cookie that no
 * script can read, so that a reload finds its way back in.
 */
import { problemOf } from './problem';
import type { components } from './schema';

type SessionView = components['schemas']['SessionView'];

/** Renewed this long before it ends, so that no request is sent with a token about to. */
const MARGIN_MS = 60_000;

let access: { token: string; until: number } | null = null;
let renewal: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

function keep(view: SessionView | null): void {
  access = view ? { token: view.access_token, until: Date.now() + view.expires_in * 1000 } : null;
  for (const listener of listeners) listener();
}

async function post(
  path: string,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Response> {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      credentials: 'same-origin',
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw problemOf(error);
  }
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(body, response.status);
  return body as T;
}

/** One tab at a time: a refresh token used twice would end the sign-in. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator) || !navigator.locks) return work();
  return navigator.locks.request('policylayer-refresh', work);
}

/** Where the exchange under way keeps its name until its answer is here. */
const EXCHANGE = 'policylayer-refresh';

/** 128 random bits; `randomUUID` is not there where a page came without TLS. */
function freshName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An answer that is lost, by a reload or between two networks, is given again to whoever names the exchange. */
async function exchange(): Promise<Response> {
  const name = localStorage.getItem(EXCHANGE) ?? freshName();
  localStorage.setItem(EXCHANGE, name);
  const response = await post('/v1/refresh', { cookie: true }, { 'idempotency-key': name });
  localStorage.removeItem(EXCHANGE);
  return response;
}

async function renew(): Promise<boolean> {
  const response = await alone(exchange);
  if (response.status === 401) {
    keep(null);
    return false;
  }
  keep(await read<SessionView>(response));
  return true;
}

/** Makes sure that there is a sign-in; `false` when one has to be made. Many callers share one request. */
export function restore(): Promise<boolean> {
  if (access && access.until - MARGIN_MS > Date.now()) return Promise.resolve(true);
  renewal ??= renew().finally(() => {
    renewal = null;
  });
  return renewal;
}

/** The token for the next request, or nothing when nobody is signed in. */
export async function token(): Promise<string | null> {
  return (await restore()) ? (access?.token ?? null) : null;
}

/** The server says that the token is no good: the next request asks for another. */
export function distrust(refused: string): void {
  if (access?.token === refused) access = null;
}

export async function signIn(email: string, password: string): Promise<void> {
  keep(await read<SessionView>(await post('/v1/login', { email, password, cookie: true })));
}

export async function signOut(): Promise<void> {
  const response = await alone(() => post('/v1/logout', { cookie: true }));
  if (!response.ok) await read(response);
  keep(null);
}

/** For tests, and for nothing else. */
export function forget(): void {
  access = null;
  renewal = null;
}
