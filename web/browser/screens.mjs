/** Writes a picture of every screen, desktop and phone, light and dark, into `screens/`. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browser, page } from './browser.mjs';
import { EMAIL, giveAccess, PASSWORD, publishTemplate, registerServer, signUp, traffic } from './flow.mjs';
import { call, product, until } from './product.mjs';
import { joined, person } from './seed.mjs';

const out = fileURLToPath(new URL('../screens/', import.meta.url));
mkdirSync(out, { recursive: true });

const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };
/** As a page of the catalogue leads there. */
const REGISTER = '/register?name=Mail&url=https%3A%2F%2Fmail.example%2Fmcp&catalog=mail&tool=send_mail';
const faults = [];
const world = await product();
const chromium = await browser();

async function shoot(tab, name, kind, theme) {
  await tab.waitForFunction(() => !document.querySelector('[data-loading]'));
  await tab.screenshot({
    path: `${out}${name}-${kind}-${theme}.png`,
    fullPage: true,
    animations: 'disabled',
  });
}

/** Screens that come before and while setting up are taken on the way, once for each size and theme. */
async function early(tab, name) {
  for (const [kind, viewport] of Object.entries(SIZES)) {
    for (const theme of ['light', 'dark']) {
      await tab.setViewportSize(viewport);
      await tab.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await shoot(tab, name, kind, theme);
    }
  }
  await tab.setViewportSize(SIZES.desktop);
}

/** What the screens about people and approvals have to show. */
async function company() {
  const admin = await person(world.url, EMAIL);
  const org = `/v1/orgs/${admin.org}`;
  const rules = [
    ['get_order', { limits: [{ counter: 'look-ups', window: 'day', max: 14, scope: 'grant' }] }],
    ...['search_orders', 'list_refunds'].map((tool) => [tool, { action: 'allow' }]),
    ['create_refund', { action: 'require_approval', reason: 'Refunds are for people to decide.' }],
    ...['update_address', 'delete_order', 'export_customers'].map((tool) => [tool, { action: 'deny' }]),
  ];
  await admin.api('PUT', `${org}/servers/orders/policies/main`, {
    version: '1',
    default: 'deny',
    tools: Object.fromEntries(rules),
  });
  await admin.api('POST', `${org}/teams`, { name: 'Payments' });
  await joined(world, admin, 'bob@example.com', 'policy_manager');
  await joined(world, admin, 'carol@example.com', 'viewer', 'payments');
  await admin.api('POST', `${org}/keys`, { name: 'terraform', scopes: ['read', 'policies'] });
  await admin.api('POST', `${org}/invitations`, { email: 'dave@example.com', role: 'viewer' });
}

/** Calls that wait, once the policy that parks them is heard of. */
async function park(gateway, token) {
  await until('calls are parked', async () => {
    const { message } = await call(gateway, token, 'create_refund', { order: 'A-1', amount: 12.5 });
    return JSON.stringify(message).includes('approval');
  });
  await call(gateway, token, 'create_refund', {
    order: 'A-77',
    amount: 480,
    note: 'Second \u202eparcel lost',
  });
  for (let round = 0; round < 11; round++) await call(gateway, token, 'get_order', { order: `B-${round}` });
}

try {
  const context = await chromium.newContext({ viewport: SIZES.desktop });
  const tab = await page(context, faults);
  await tab.goto(`${world.url}/app/sign-up`);
  await tab.getByLabel('Email').waitFor();
  await early(tab, '01-sign-up');
  await signUp(tab, world.url);
  await early(tab, '02-start-server');
  const base = tab.url().replace(/\/start.*$/, '');
  await tab.goto(base);
  await tab.getByText('Put your first server under a policy').waitFor();
  await early(tab, '03-overview-empty');
  await tab.goto(`${base}/servers`);
  await tab.getByText('No servers yet').waitFor();
  await early(tab, '04-servers-empty');
  await tab.goto(`${base}/start`);
  await registerServer(tab, world.upstream);
  await tab.getByRole('radio').first().waitFor();
  await early(tab, '05-start-policy');
  await tab.goto(`${base}/servers/orders/policies/main`);
  await tab.getByText('Start from a template').waitFor();
  await tab.locator('.cm-content').waitFor({ state: 'attached' });
  await early(tab, '06-policy-first');
  await tab.goto(`${base}/start`);
  await publishTemplate(tab);
  await early(tab, '07-start-access');
  const { token, gateway } = await giveAccess(tab);
  await early(tab, '08-start-connect');
  await traffic(gateway, token);
  await company();
  await park(gateway, token);
  await tab.getByText('The first call is here').waitFor();
  await early(tab, '09-start-done');

  for (const [kind, viewport] of Object.entries(SIZES)) {
    for (const theme of ['light', 'dark']) {
      await tab.setViewportSize(viewport);
      await tab.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const visit = async (name, path, ready) => {
        await tab.goto(`${base}${path}`);
        await ready().first().waitFor();
        await shoot(tab, name, kind, theme);
      };
      await visit('10-overview', '', () => tab.getByText('Most called'));
      await visit('11-servers', '/servers', () => tab.getByText('Connected'));
      await visit('12-server', '/servers/orders', () => tab.getByText('export_customers'));
      await tab.getByText('create_refund', { exact: true }).click();
      await shoot(tab, '13-server-tool', kind, theme);
      await visit('14-policy', '/servers/orders/policies/main', () => tab.getByText('create_refund'));
      await tab.locator('.cm-content').waitFor({ state: 'attached' });
      await tab.getByRole('button', { name: 'update_address: Deny' }).click();
      await tab.getByRole('menuitem', { name: /^Limit/ }).waitFor();
      await shoot(tab, '15-policy-menu', kind, theme);
      await tab.getByRole('menuitem', { name: /^Limit/ }).click();
      await tab.getByRole('button', { name: 'Review and publish' }).click();
      await tab.locator('[role=dialog] .cm-content').waitFor();
      await shoot(tab, '16-policy-publish', kind, theme);
      await tab.getByRole('button', { name: 'Back' }).click();
      if (kind === 'phone') {
        await tab.getByRole('button', { name: 'JSON' }).click();
        await shoot(tab, '17-policy-json', kind, theme);
      }
      tab.once('dialog', (dialog) => dialog.accept());
      await visit('18-access', '/access', () => tab.getByText('alice-laptop'));
      await tab.getByRole('link', { name: 'alice-laptop' }).first().click();
      await tab.getByText('Last used').waitFor();
      await shoot(tab, '19-identity', kind, theme);
      await visit('20-log', '/log', () => tab.getByText('delete_order'));
      await tab.getByRole('button', { name: 'create_refund' }).first().click();
      await tab.getByText('Arguments given').waitFor();
      await shoot(tab, '21-log-drawer', kind, theme);
      await tab.goto(`${base}/log?tool=get_order&verdict=allow`);
      await tab.getByRole('table').getByRole('button', { name: 'get_order', exact: true }).first().click();
      await tab.getByRole('region', { name: 'Counters' }).waitFor();
      await shoot(tab, '40-log-counters', kind, theme);
      await visit('35-log-filters', '/log?outcome=parked&server=orders&text=refund', () =>
        tab.getByText('create_refund'),
      );
      await tab.getByRole('button', { name: 'More filters' }).click();
      await shoot(tab, '35-log-filters', kind, theme);
      await tab.getByRole('button', { name: 'create_refund' }).first().click();
      await tab.getByRole('dialog').getByRole('link', { name: 'Allow this' }).click();
      await tab.getByText('Nobody is asked about this tool').waitFor();
      await shoot(tab, '36-policy-allow', kind, theme);
      tab.once('dialog', (dialog) => dialog.accept());
      await visit('26-approvals', '/approvals', () => tab.getByText('create_refund'));
      await tab.getByRole('list', { name: 'Requests' }).getByRole('link').first().click();
      await tab.getByText('Arguments, exactly as sent').waitFor();
      await shoot(tab, '27-approval', kind, theme);
      await tab.getByRole('button', { name: 'Approve once' }).click();
      await tab.getByRole('dialog').getByLabel('Reason').waitFor();
      await shoot(tab, '28-approve', kind, theme);
      await visit('29-members', '/members', () => tab.getByText('dave@example.com'));
      await tab.getByRole('button', { name: 'Roles' }).nth(1).click();
      await tab.getByRole('dialog').getByLabel('Payments').waitFor();
      await shoot(tab, '30-roles', kind, theme);
      await visit('31-teams', '/teams', () => tab.getByText('New team'));
      await visit('32-stack', '/stack', () => tab.getByText('main: Approve'));
      await visit('37-keys', '/keys', () => tab.getByText('terraform'));
      await visit('38-register', REGISTER, () => tab.getByText('Register Mail'));
      await tab.goto(`${world.url}/app/dev/outbox`);
      await tab.getByText('dave@example.com').first().waitFor();
      await shoot(tab, '39-outbox', kind, theme);
      await visit('33-audit', '/audit', () => tab.getByText('policy.publish'));
      await tab.getByText('invitation.create').first().click();
      await shoot(tab, '34-audit-open', kind, theme);
      await visit('22-settings', '/settings', () => tab.getByText('Keep argument values'));
      await visit('23-not-found', '/nothing-here', () => tab.getByText('There is nothing here'));
      if (kind === 'desktop') {
        await tab.goto(base);
        await tab.getByText('Most called').waitFor();
        await tab.keyboard.press('Control+k');
        await tab.getByPlaceholder('Go to a screen').waitFor();
        await shoot(tab, '24-palette', kind, theme);
      } else {
        await tab.goto(base);
        await tab.getByRole('button', { name: 'Menu' }).click();
        await tab.getByRole('dialog').waitFor();
        await shoot(tab, '24-menu', kind, theme);
      }
    }
  }
  await context.clearCookies();
  await tab.goto(`${world.url}/app/`);
  await tab.getByLabel('Email').fill(EMAIL);
  await tab.getByLabel('Password').fill(`not ${PASSWORD}`);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('alert').waitFor();
  await early(tab, '25-sign-in-wrong');
} finally {
  await chromium.close();
  await world.stop();
}
if (faults.length > 0) {
  console.error(`The page complained:\n${faults.join('\n')}`);
  process.exitCode = 1;
}
console.log(`Pictures are in ${out}`);
