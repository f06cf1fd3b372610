/** An organisation with what a topic needs, made over the API in a moment: each topic has its own. */
import { PASSWORD } from './flow.mjs';

/** Reads are allowed, refunds need approval, all else is refused. */
export const POLICY = {
  version: '1',
  default: 'deny',
  tools: {
    get_order: { action: 'allow' },
    search_orders: { action: 'allow' },
    list_refunds: { action: 'allow' },
    create_refund: {
      action: 'require_approval',
      approval: { approvers: 'policy_manager', expires_in: 3600 },
    },
  },
};

/** Somebody who is signed in to the API. */
export async function person(url, email, password = PASSWORD) {
  const { access_token } = await send(url, 'POST', '/v1/login', { email, password });
  const api = (method, path, body) => send(url, method, path, body, access_token);
  const me = await api('GET', '/v1/me');
  return { email, password, id: me.user.id, org: me.memberships[0]?.org, api };
}

/** A new account with its organisation. */
export async function signedUp(url, email) {
  await send(url, 'POST', '/v1/signup', { email, password: PASSWORD });
  return person(url, email);
}

/** An admin with a server, a policy, and an identity that has a token. */
export async function seeded(
  world,
  email,
  { policy = POLICY, identity = {}, upstream = world.upstream } = {},
) {
  const admin = await signedUp(world.url, email);
  const org = `/v1/orgs/${admin.org}`;
  await admin.api('POST', `${org}/servers`, { name: 'Orders', url: upstream });
  await admin.api('PUT', `${org}/servers/orders/policies/main`, policy);
  const agent = await admin.api('POST', `${org}/teams/default/identities`, {
    label: 'alice-laptop',
    kind: 'agent',
    ...identity,
  });
  await admin.api('POST', `${org}/teams/default/grants`, {
    identity: agent.id,
    server: 'orders',
    policy: 'main',
  });
  const made = await admin.api('POST', `${org}/teams/default/identities/${agent.id}/tokens`, {
    name: 'test',
  });
  return {
    admin,
    org: admin.org,
    path: org,
    base: `${world.url}/app/o/${admin.org}`,
    identity: agent.id,
    access: { token: made.token, gateway: `${made.gateway_url}/orders` },
  };
}

/** Has somebody join an organisation, as an account of its own. */
export async function joined(world, admin, email, role, team) {
  await admin.api('POST', `/v1/orgs/${admin.org}/invitations`, { email, role, ...(team && { team }) });
  const token = await world.mailed(email, /invitation#token=(pli_\w+)/);
  await send(world.url, 'POST', '/v1/invitations/join', { token, password: PASSWORD });
  return person(world.url, email);
}

/** Signs a browser in without the form: the cookie is the same. */
export async function enter(context, url, { email, password }) {
  const response = await context.request.post(`${url}/v1/login`, {
    headers: { origin: url },
    data: { email, password, cookie: true },
  });
  if (!response.ok())
    throw new Error(`signing in as ${email}: ${response.status()} ${await response.text()}`);
}

async function send(url, method, path, body, token) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}
