/**
 * From an empty data folder to the 61st call of a minute, denied and read in the log: by keyboard alone, and by what is
 * written on the page.
 */
import assert from 'node:assert/strict';
import { EMAIL, PASSWORD } from '../flow.mjs';
import { activate, choose, reach, write } from '../keyboard.mjs';
import { call } from '../product.mjs';

const LIMIT = 60;

export default async function firstMinutes(stage) {
  const tab = await stage.tab(await stage.context());
  await signUp(stage, tab);
  await register(stage, tab);
  await publish(stage, tab);
  const access = await giveAccess(stage, tab);
  await untilDenied(stage, tab, access);
  await readTheLog(stage, tab);
}

async function signUp(stage, tab) {
  stage.at('an empty data folder leads from signing up to the first step');
  await tab.goto(`${stage.world.url}/app/`);
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await stage.accessible(tab, 'sign-in');
  await activate(tab, tab.getByRole('link', { name: 'Sign up' }));
  await tab.getByRole('button', { name: 'Create account' }).waitFor();
  await stage.accessible(tab, 'sign-up');
  await write(tab, tab.getByLabel('Email'), EMAIL);
  await write(tab, tab.getByLabel('Password'), PASSWORD);
  await tab.keyboard.press('Enter');
  await tab.getByRole('heading', { name: 'Get started' }).waitFor();
  await stage.accessible(tab, 'start, server');
}

async function register(stage, tab) {
  stage.at('a server that does not answer is refused with a reason, and one that does is registered');
  const address = tab.getByLabel('Address of the MCP server');
  await write(tab, address, 'http://127.0.0.1:9/mcp');
  await tab.keyboard.press('Enter');
  await tab.getByRole('alert').filter({ hasText: 'upstream_unreachable' }).waitFor();
  await write(tab, address, stage.world.upstream);
  await write(tab, tab.getByLabel('Name', { exact: true }), 'Orders');
  await tab.keyboard.press('Enter');
  await tab.getByText('Orders, 7 tools').waitFor();
  await stage.accessible(tab, 'start, policy');
}

async function publish(stage, tab) {
  stage.at('a template becomes the first policy');
  const templates = tab.getByRole('radiogroup', { name: 'Template' });
  const reading = tab.getByRole('radio', { name: /^Look, do not touch/ });
  await choose(tab, templates, reading);
  await tab.keyboard.press('Space');
  await activate(tab, tab.getByRole('button', { name: 'Publish this policy' }));
  await tab.getByText('Policy main, version 1').waitFor();
  await stage.accessible(tab, 'start, access');
}

async function giveAccess(stage, tab) {
  stage.at('an identity gets its token once');
  await write(tab, tab.getByLabel('Who will call'), 'alice-laptop');
  await tab.keyboard.press('Enter');
  const shown = tab.locator('code', { hasText: /^plt_/ });
  await shown.waitFor();
  const token = (await shown.textContent())?.trim() ?? '';
  await choose(tab, tab.getByRole('tablist', { name: 'Client' }), tab.getByRole('tab', { name: 'curl' }));
  const text = (await tab.getByRole('region', { name: 'Configuration for curl' }).textContent()) ?? '';
  const gateway = /https?:\/\/[^']+/.exec(text)?.[0] ?? '';
  assert.ok(gateway.startsWith(`${stage.world.url}/t/`), gateway);
  await tab.getByText('Waiting for the first call').waitFor();
  await stage.accessible(tab, 'start, connect');
  return { token, gateway };
}

async function untilDenied(stage, tab, { gateway, token }) {
  stage.at('of 61 calls in a minute the last is denied, and the first turns the waiting green');
  const begun = minute();
  let passed = 0;
  for (;;) {
    const answer = await call(gateway, token, 'get_order', { order: `A-${passed + 1}` });
    assert.equal(answer.status, 200);
    if (answer.message.result?.isError === true) break;
    passed += 1;
    assert.ok(passed <= 2 * LIMIT, JSON.stringify(answer.message));
  }
  // Windows begin with the minute: one that turned meanwhile has given some of the calls to the next.
  if (minute() === begun) assert.equal(passed, LIMIT);
  else assert.ok(passed >= LIMIT, `${passed} passed`);
  await tab.getByText('The first call is here').waitFor();
  await activate(tab, tab.getByRole('link', { name: 'Open the decision' }));
  await tab
    .getByRole('dialog')
    .getByText(/Allowed|Denied/)
    .first()
    .waitFor();
  await stage.accessible(tab, 'log, drawer');
  await tab.keyboard.press('Escape');
  await tab.getByRole('dialog').waitFor({ state: 'detached' });
}

const minute = () => Math.floor(Date.now() / 60_000);

async function readTheLog(stage, tab) {
  stage.at('the denied 61st call is in the log, with the rule that denied it');
  await tab.keyboard.press('g');
  await tab.keyboard.press('o');
  await tab.getByRole('heading', { name: 'Overview' }).waitFor();
  await tab.getByText('Last refused').waitFor();
  await tab.keyboard.press('g');
  await tab.keyboard.press('l');
  await tab.getByRole('heading', { name: 'Log' }).waitFor();
  const newest = tab.getByRole('button', { name: 'get_order' }).first();
  await reach(tab, newest);
  await tab.keyboard.press('Enter');
  const drawer = tab.getByRole('dialog');
  await drawer.getByText('Denied', { exact: true }).first().waitFor();
  await drawer.getByText('/tools/get_order/rate_limit', { exact: true }).first().waitFor();
}
