/** The console in a real browser against the real program: `npm run browser`. */
import assert from 'node:assert/strict';
import { axe, browser, chromiumPath, page } from './browser.mjs';
import { EMAIL, giveAccess, PASSWORD, publishTemplate, registerServer, signUp } from './flow.mjs';
import { call, product } from './product.mjs';

if (!chromiumPath()) {
  console.log('skipped: there is no Chromium (Debian: apt-get install chromium)');
  process.exit(0);
}

const world = await product();
const chromium = await browser();
const faults = [];
const findings = [];
let step = 'starting';

/** Says what is tried, so that a failure has a name. */
function at(name) {
  step = name;
  console.log(`browser: ${name}`);
}

async function accessible(tab, name) {
  await tab.waitForFunction(() => !document.querySelector('[data-loading]'));
  const wider = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) findings.push(`${name}: the page is ${wider} px wider than the window`);
  findings.push(...(await axe(tab)).map((finding) => `${name}: ${finding}`));
}

async function firstFiveMinutes(tab) {
  at('an empty data folder leads from signing up to the first step');
  await tab.goto(`${world.url}/app/`);
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await accessible(tab, 'sign-in');
  await tab.getByRole('link', { name: 'Sign up' }).click();
  await tab.getByRole('button', { name: 'Create account' }).waitFor();
  await accessible(tab, 'sign-up');
  await signUp(tab, world.url);
  await accessible(tab, 'start, server');

  at('a server that does not answer is refused with a reason, and one that does is registered');
  await tab.getByLabel('Address of the MCP server').fill('http://127.0.0.1:9/mcp');
  await tab.getByRole('button', { name: 'Connect and register' }).click();
  await tab.getByRole('alert').filter({ hasText: 'upstream_unreachable' }).waitFor();
  await registerServer(tab, world.upstream);
  await accessible(tab, 'start, policy');

  at('a template becomes the first policy');
  await publishTemplate(tab);
  await accessible(tab, 'start, access');

  at('an identity gets its token once');
  const access = await giveAccess(tab);
  assert.match(access.token, /^plt_/);
  assert.ok(access.gateway.startsWith(`${world.url}/t/`), access.gateway);
  await tab.getByText('Waiting for the first call').waitFor();
  await accessible(tab, 'start, connect');

  at('the first call turns the waiting green and opens its decision');
  const allowed = await call(access.gateway, access.token, 'get_order', { order: 'A-1' });
  assert.equal(allowed.status, 200);
  assert.notEqual(allowed.message.result?.isError, true, JSON.stringify(allowed.message));
  await tab.getByText('The first call is here').waitFor();
  await tab.getByRole('link', { name: 'Open the decision' }).click();
  await tab.getByRole('dialog').getByText('Allowed').waitFor();
  await accessible(tab, 'log, drawer');
  await tab.keyboard.press('Escape');

  at('a denied call appears in the live log with its rule');
  const denied = await call(access.gateway, access.token, 'create_refund', { order: 'A-1', amount: 5 });
  assert.equal(denied.message.result?.isError, true);
  await tab.goto(tab.url().replace(/\?.*$/, ''));
  await tab.getByRole('button', { name: 'create_refund' }).click();
  await tab.getByRole('dialog').getByText('/tools/create_refund/action', { exact: true }).waitFor();
  await tab.keyboard.press('Escape');
  return access;
}

async function editPolicy(tab, base, access) {
  at('a tool allowed in the table is allowed in the JSON, and undo takes both back');
  await tab.goto(`${base}/servers/orders/policies/main`);
  const json = tab.getByLabel('Policy as JSON');
  await json.waitFor();
  await accessible(tab, 'policy');
  await tab.getByRole('button', { name: 'create_refund: Deny' }).click();
  await tab.getByRole('menuitem', { name: /^Limit/ }).click();
  await json.getByText('"rate_limit"').waitFor();
  await tab.getByRole('button', { name: 'Undo' }).click();
  await tab.getByRole('button', { name: 'create_refund: Deny' }).waitFor();
  await json.getByText('"rate_limit"').waitFor({ state: 'detached' });
  await tab.getByRole('button', { name: 'Redo' }).click();
  await tab.getByRole('button', { name: 'create_refund: Limit' }).waitFor();

  at('a call is tried under the draft, and says why');
  await tab.getByLabel('Tool', { exact: true }).fill('delete_order');
  const steps = tab.getByRole('list', { name: 'How it came about' });
  await steps.getByText('/tools/delete_order/action').waitFor();
  await tab.getByLabel('Tool', { exact: true }).fill('create_refund');
  await steps.getByText('at most 60').waitFor();

  at('what the server finds wrong is shown and holds up publishing');
  await json.click();
  await tab.keyboard.press('Control+Home');
  await tab.keyboard.press('ArrowRight');
  await tab.keyboard.type('"defualt": "deny",');
  await tab.getByLabel('Problems').getByText('default', { exact: false }).first().waitFor();
  assert.equal(await tab.getByRole('button', { name: 'Review and publish' }).isDisabled(), true);
  await tab.keyboard.press('Control+z');
  await tab.getByLabel('Problems').waitFor({ state: 'detached' });

  at('a second version rules at once');
  await tab.getByRole('button', { name: 'Review and publish' }).click();
  await tab.getByRole('dialog').locator('.cm-content').waitFor();
  await accessible(tab, 'policy, publish');
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText('version 2', { exact: true }).waitFor();
  await until('the new version is heard of', async () => {
    const answer = await call(access.gateway, access.token, 'create_refund', { order: 'A-1', amount: 5 });
    return answer.message.result?.isError !== true;
  });
}

/** Somebody else publishes while this page has changes of its own. */
async function overtake(tab, other, base) {
  at('of two people who publish, the second is told and sees what their text changes');
  await other.goto(`${base}/servers/orders/policies/main`);
  for (const [who, tool] of [
    [tab, 'delete_order'],
    [other, 'update_address'],
  ]) {
    await who.getByRole('button', { name: `${tool}: Deny` }).click();
    await who.getByRole('menuitem', { name: /^Hide/ }).click();
    await who.getByRole('button', { name: 'Review and publish' }).click();
    await who.getByRole('button', { name: 'Publish', exact: true }).waitFor();
  }
  await other.getByRole('button', { name: 'Publish', exact: true }).click();
  await other.getByText('version 3', { exact: true }).waitFor();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByRole('alert').filter({ hasText: 'Somebody published version 3' }).waitFor();
  await tab.getByRole('button', { name: 'Publish over theirs' }).click();
  await tab.getByText('version 4', { exact: true }).waitFor();

  at('an old version is loaded and published again');
  await tab.getByRole('button', { name: 'Versions' }).click();
  await tab.getByRole('button', { name: /^Version 1/ }).click();
  await tab.getByRole('button', { name: 'Load into the editor' }).click();
  await tab.getByRole('button', { name: 'Review and publish' }).click();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText('version 5', { exact: true }).waitFor();
}

async function otherScreens(tab, base, access) {
  at('every other screen is there and is accessible');
  const screens = [
    ['overview', '', 'Most called'],
    ['servers', '/servers', 'Connected'],
    ['server', '/servers/orders', 'export_customers'],
    ['access', '/access', 'alice-laptop'],
    ['log', '/log', 'create_refund'],
    ['settings', '/settings', 'New team'],
    ['start', '/start', 'Connect it'],
    ['policy', '/servers/orders/policies/main', 'Try a call'],
    ['not found', '/nothing-here', 'There is nothing here'],
  ];
  for (const [theme, width] of [
    ['light', 1280],
    ['dark', 390],
  ]) {
    await tab.emulateMedia({ colorScheme: theme });
    await tab.setViewportSize({ width, height: 860 });
    for (const [name, path, text] of screens) {
      await tab.goto(`${base}${path}`);
      await tab.getByText(text).first().waitFor();
      await accessible(tab, `${name}, ${theme}`);
    }
  }

  await tab.setViewportSize({ width: 1280, height: 860 });

  at('the palette opens by keyboard and leads to a server');
  await tab.keyboard.press('Control+k');
  await tab.getByPlaceholder('Go to a screen').fill('orders');
  // The servers may come after what was typed; Enter takes what is marked.
  await tab.getByRole('option', { name: /^Orders/, selected: true }).waitFor();
  await tab.keyboard.press('Enter');
  await tab.getByRole('heading', { name: 'Orders', exact: true }).waitFor();

  at('a revoked token is refused');
  await tab.goto(`${base}/access`);
  await tab.getByRole('link', { name: 'alice-laptop' }).first().click();
  await tab.getByText('Last used').waitFor();
  await accessible(tab, 'identity');
  await tab.getByRole('region', { name: 'Tokens' }).getByRole('button', { name: 'Revoke' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await tab.getByText('revoked', { exact: true }).waitFor();
  await until('the revocation is heard of', async () => {
    return (await call(access.gateway, access.token, 'get_order', { order: 'A-1' })).status === 401;
  });
}

async function sessions(context, tab, base) {
  at('a reload keeps the sign-in, and no script can read what keeps it');
  await tab.goto(base);
  await tab.getByText('Most called').waitFor();
  assert.equal(await tab.evaluate(() => document.cookie), '');
  const stored = await tab.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.ok(!/plr_|eyJ/.test(stored), stored);
  const cookie = (await context.cookies()).find(({ name }) => name.includes('refresh'));
  assert.equal(cookie?.httpOnly, true);
  assert.equal(cookie?.sameSite, 'Strict');

  at('signing out ends it, and signing in leads back to where one was going');
  await tab.getByRole('button', { name: EMAIL }).click();
  await tab.getByRole('menuitem', { name: 'Sign out' }).click();
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await tab.goto(`${base}/log?verdict=deny`);
  await tab.getByLabel('Email').fill(EMAIL);
  await tab.getByLabel('Password').fill(PASSWORD);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { name: 'Log' }).waitFor();
  assert.match(tab.url(), /\/log\?verdict=deny$/);
}

/** Ends in being signed in with another password. */
async function forgotten(tab) {
  at('a forgotten password is set anew by mail, and ends every sign-in');
  const settings = `${tab.url().replace(/\/log.*$/, '')}/settings`;
  await tab.goto(`${world.url}/app/forgot-password`);
  await tab.getByLabel('Email').fill(EMAIL);
  await accessible(tab, 'forgot password');
  await tab.getByRole('button', { name: 'Mail me a link' }).click();
  await tab.getByRole('status').waitFor();
  let link;
  await until('the mail is there', async () => {
    link = world
      .mails()
      .map((mail) => /http\S+reset-password#token=plp_\w+/.exec(mail)?.[0])
      .find(Boolean);
    return link !== undefined;
  });
  await tab.goto(link);
  await tab.getByLabel('New password').fill(`another ${PASSWORD}`);
  await accessible(tab, 'reset password');
  await tab.getByRole('button', { name: 'Set the password' }).click();
  await tab.getByRole('heading', { name: 'Your password is set' }).waitFor();
  await tab.goto(settings);
  await tab.getByLabel('Email').fill(EMAIL);
  await tab.getByLabel('Password').fill(`another ${PASSWORD}`);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByText('this one', { exact: true }).waitFor();
  assert.equal(await tab.getByRole('button', { name: 'End', exact: true }).count(), 0);
}

async function until(what, condition) {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

let tab;
try {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 860 } });
  tab = await page(context, faults);
  const access = await firstFiveMinutes(tab);
  const base = tab.url().replace(/\/log.*$/, '');
  await editPolicy(tab, base, access);
  await overtake(tab, await page(context, faults), base);
  await otherScreens(tab, base, access);
  await sessions(context, tab, base);
  await forgotten(tab);
  step = 'looking at what was collected';
  assert.deepEqual(faults, [], 'the page complained');
  assert.deepEqual(findings, [], 'axe found');
  console.log('browser: all of it works');
} catch (error) {
  console.error(`browser: FAILED while: ${step}\n${error instanceof Error ? error.stack : error}`);
  if (faults.length > 0) console.error(`the page complained:\n${faults.join('\n')}`);
  if (findings.length > 0) console.error(`axe found:\n${findings.join('\n')}`);
  if (tab)
    console.error(
      `at ${tab.url()}:\n${(
        await tab
          .locator('body')
          .innerText()
          .catch(() => '')
      ).slice(0, 2000)}`,
    );
  process.exitCode = 1;
} finally {
  await chromium.close();
  await world.stop();
}
