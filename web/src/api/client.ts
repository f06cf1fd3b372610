import createClient, { type Middleware } from 'openapi-fetch';
import { problemOf } from './problem';
import type { components, paths } from './schema';
import { distrust, token } from './session';

export type Schemas = components['schemas'];

/** Addresses that prove nobody: asking for a token there would be asking in a circle. */
const OPEN = [
  '/v1/installation',
  '/v1/dev/mails',
  '/v1/signup',
  '/v1/verify-email',
  '/v1/email-change',
  '/v1/password-reset',
  '/v1/password-reset/complete',
  '/v1/invitations/show',
  '/v1/invitations/join',
  '/v1/invitations/decline',
];

const bearer: Middleware = {
  async onRequest({ request, schemaPath }) {
    if (OPEN.includes(schemaPath)) return undefined;
    const current = await token();
    if (current) request.headers.set('authorization', `Bearer ${current}`);
    return request;
  },
  async onResponse({ request, response, schemaPath }) {
    if (response.status !== 401 || OPEN.includes(schemaPath)) return undefined;
    distrust(request.headers.get('authorization')?.replace('Bearer ', '') ?? '');
    // A sign-in that ended elsewhere: the router shows the way back.
    if (!(await token())) window.dispatchEvent(new Event('policylayer:signed-out'));
    return undefined;
  },
};

export const api = createClient<paths>({
  baseUrl: typeof window === 'undefined' ? '' : window.location.origin,
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
});
api.use(bearer);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a success; everything else is thrown as an `ApiProblem`. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  let settled: Answer<T>;
  try {
    settled = await answer;
  } catch (error) {
    throw problemOf(error);
  }
  if (!settled.response.ok) throw problemOf(settled.error, settled.response.status);
  return settled.data as T;
}
