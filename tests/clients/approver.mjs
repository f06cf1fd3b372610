// Somebody who approves: signs in and approves one request over the API, as the console does.

const { API, EMAIL, PASSWORD, APPROVAL } = process.env;

async function send(method, path, body, token) {
  const headers = { 'content-type': 'application/json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const response = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

const { access_token: token } = await send('POST', '/v1/login', { email: EMAIL, password: PASSWORD });
const { memberships } = await send('GET', '/v1/me', undefined, token);
const path = `/v1/orgs/${memberships[0].org}/approvals/${APPROVAL}`;
const { call, status } = await send('GET', path, undefined, token);
if (status !== 'pending' || call === null) throw new Error(`the request is ${status}`);
await send('POST', `${path}/approve`, { reason: 'looked at' }, token);
