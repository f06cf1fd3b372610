// Two admins who decide over the API what agents ask for, as the console does: the one whose account there is, and one whom they invite.
// Each line of standard input is a thing to do, {"who": 0 or 1, "approval": id, "verb": "approve" or "deny"}, or without a verb to look
// at the request; the answer's status and body are printed as one line.

import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';

const { API, EMAIL, PASSWORD } = process.env;
const INVITED = 'second@example.com';

/** How often the mail is looked for, 100 ms apart. */
const TRIES = 100;

async function send(method, path, body, token) {
  const headers = { 'content-type': 'application/json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const response = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

async function must(method, path, body, token) {
  const answer = await send(method, path, body, token);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.body;
}

async function signIn(email) {
  return (await must('POST', '/v1/login', { email, password: PASSWORD })).access_token;
}

async function invitation() {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { mails } = await must('GET', '/v1/dev/mails');
    const mail = mails.find(({ to, text }) => to.includes(INVITED) && text.includes('pli_'));
    if (mail !== undefined) return /pli_\w+/.exec(mail.text)[0];
    await pause(100);
  }
  throw new Error(`no invitation for ${INVITED}`);
}

const first = await signIn(EMAIL);
const { memberships } = await must('GET', '/v1/me', undefined, first);
const org = `/v1/orgs/${memberships[0].org}`;
await must('POST', `${org}/invitations`, { email: INVITED, role: 'admin' }, first);
await must('POST', '/v1/invitations/join', { token: await invitation(), password: PASSWORD });
const tokens = [first, await signIn(INVITED)];

for await (const line of createInterface({ input: process.stdin })) {
  const { who, approval, verb } = JSON.parse(line);
  const path = `${org}/approvals/${approval}`;
  const answer = verb
    ? await send('POST', `${path}/${verb}`, { reason: 'looked at' }, tokens[who])
    : await send('GET', path, undefined, tokens[who]);
  console.log(JSON.stringify(answer));
}
