/** From an empty data folder to the first decisions, by what is written on the page. */
import assert from 'node:assert/strict';
import { giveAccess, publishTemplate, registerServer, signUp } from '../flow.mjs';
import { call } from '../product.mjs';

export default async function firstMinutes(stage) {
  const tab = await stage.tab(await stage.context());
  stage.at('an empty data folder leads from signing up to the first step');
  await tab.goto(`${stage.world.url}/app/`);
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await stage.accessible(tab, 'sign-in');
  await tab.getByRole('link', { name: 'Sign up' }).click();
  await tab.getByRole('button', { name: 'Create account' }).waitFor();
  await stage.accessible(tab, 'sign-up');
  await signUp(tab, stage.world.url);
  await stage.accessible(tab, 'start, server');

  stage.at('a server that does not answer is refused with a reason, and one that does is registered');
  await tab.getByLabel('Address of the MCP server').fill('http://127.0.0.1:9/mcp');
  await tab.getByRole('button', { name: 'Connect and register' }).click();
  await tab.getByRole('alert').filter({ hasText: 'upstream_unreachable' }).waitFor();
  await registerServer(tab, stage.world.upstream);
  await stage.accessible(tab, 'start, policy');

  stage.at('a template becomes the first policy');
  await publishTemplate(tab);
  await stage.accessible(tab, 'start, access');

  stage.at('an identity gets its token once');
  const access = await giveAccess(tab);
  assert.match(access.token, /^plt_/);
  assert.ok(access.gateway.startsWith(`${stage.world.url}/t/`), access.gateway);
  await tab.getByText('Waiting for the first call').waitFor();
  await stage.accessible(tab, 'start, connect');

  stage.at('the first call turns the waiting green and opens its decision');
  const allowed = await call(access.gateway, access.token, 'get_order', { order: 'A-1' });
  assert.equal(allowed.status, 200);
  assert.notEqual(allowed.message.result?.isError, true, JSON.stringify(allowed.message));
  await tab.getByText('The first call is here').waitFor();
  await tab.getByRole('link', { name: 'Open the decision' }).click();
  await tab.getByRole('dialog').getByText('Allowed').waitFor();
  await stage.accessible(tab, 'log, drawer');
  await tab.keyboard.press('Escape');

  stage.at('a denied call appears in the live log with its rule');
  const denied = await call(access.gateway, access.token, 'create_refund', { order: 'A-1', amount: 5 });
  assert.equal(denied.message.result?.isError, true);
  await tab.goto(tab.url().replace(/\?.*$/, ''));
  await tab.getByRole('button', { name: 'create_refund' }).click();
  await tab.getByRole('dialog').getByText('/tools/create_refund/action', { exact: true }).waitFor();
  await tab.keyboard.press('Escape');
}
