/** The log explorer: filters and time by the server, the tail, the explanation, files, and what a decision leads to. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { reach } from '../keyboard.mjs';
import { call, until } from '../product.mjs';
import { enter, seeded } from '../seed.mjs';

const POLICY = {
  version: '1',
  default: 'deny',
  tools: {
    get_order: { action: 'allow' },
    create_refund: {
      require: [
        { conditions: [{ path: 'args.amount', op: 'lte', value: 100 }], on_deny: 'At most 100 at a time.' },
      ],
      limits: [{ counter: 'refunds', window: 'day', max: 5, scope: 'grant' }],
    },
    update_address: { action: 'require_approval', approval: { approvers: 'policy_manager' } },
    delete_order: { action: 'deny', reason: 'Orders stay.' },
  },
};

export default async function log(stage) {
  const place = await seeded(stage.world, 'log@example.com', { policy: POLICY });
  const { admin, path } = place;
  await admin.api('PATCH', path, { capture_arguments: true });
  await calls(place);
  const context = await stage.context();
  await enter(context, stage.world.url, admin);
  const tab = await stage.tab(context);
  await filters(stage, tab, place);
  await tail(stage, tab, place);
  await time(stage, tab, place);
  await files(stage, tab);
  await explained(stage, tab, place);
  await drafts(stage, tab, place);
}

/** Two of each kind, once gateways have heard that values are kept. */
async function calls({ access, admin, path }) {
  const make = (name, args) => call(access.gateway, access.token, name, args);
  await until('values are captured', async () => {
    await make('get_order', { order: 'A-1' });
    const { events } = await admin.api('GET', `${path}/events?limit=1`);
    if (events.length === 0) return false;
    const detail = await admin.api('GET', `${path}/events/${events[0].id}?values=true`);
    return detail.values?.arguments?.order === 'A-1';
  });
  for (const amount of [50, 700]) await make('create_refund', { order: 'A-1', amount });
  await make('update_address', { order: 'A-1', address: 'Elsewhere 1' });
  await make('delete_order', { order: 'A-1' });
  await until('the calls are recorded', async () => {
    const { events } = await admin.api('GET', `${path}/events?tool=delete_order`);
    return events.length === 1;
  });
}

const rows = (tab) => tab.getByRole('table', { name: 'Decisions' });
const row = (tab, name) => rows(tab).getByRole('button', { name, exact: true });

async function filters(stage, tab, { base }) {
  stage.at('a text, an outcome and an identity narrow the log, are in the address, and can be taken away');
  await tab.goto(`${base}/log`);
  await row(tab, 'delete_order').waitFor();
  await stage.accessibleEverywhere(tab, 'log');
  await tab.keyboard.press('/');
  await tab.keyboard.type('ORDERS STAY');
  await tab.keyboard.press('Enter');
  await row(tab, 'create_refund').first().waitFor({ state: 'detached' });
  await row(tab, 'delete_order').waitFor();
  await tab.getByText('1 loaded, which is all').waitFor();
  assert.equal(new URL(tab.url()).searchParams.get('text'), 'ORDERS STAY');
  await tab.getByRole('button', { name: /^Take away Text/ }).click();
  await row(tab, 'create_refund').first().waitFor();

  await tab.getByLabel('Decision', { exact: true }).selectOption('outcome parked');
  await row(tab, 'delete_order').waitFor({ state: 'detached' });
  await row(tab, 'update_address').waitFor();
  await tab.getByText('Asked', { exact: true }).waitFor();
  await tab.reload();
  await row(tab, 'update_address').waitFor();
  assert.equal(await row(tab, 'delete_order').count(), 0);

  await tab.getByRole('button', { name: 'More filters' }).click();
  await tab.getByLabel('Server', { exact: true }).selectOption('orders');
  await tab.getByLabel('Identity', { exact: true }).selectOption({ label: 'alice-laptop' });
  await tab.getByLabel('Tool', { exact: true }).fill('no_such_tool');
  await tab.keyboard.press('Enter');
  await tab.getByText('Nothing fits these filters').waitFor();
  await stage.accessibleEverywhere(tab, 'log, more filters');
  await tab.getByRole('button', { name: 'Clear the filters' }).click();
  await row(tab, 'delete_order').waitFor();
  assert.equal(new URL(tab.url()).search, '');
}

async function tail(stage, tab, { access }) {
  stage.at('a call appears by itself at the top, and its row takes the keyboard');
  await call(access.gateway, access.token, 'search_orders', { customer: 'c', state: 'open' });
  await row(tab, 'search_orders').waitFor();
  await reach(tab, row(tab, 'search_orders'));
  await tab.keyboard.press('ArrowDown');
  assert.equal(await tab.evaluate(() => document.activeElement?.textContent), 'delete_order');
  await tab.keyboard.press('Enter');
  const drawer = tab.getByRole('dialog');
  await drawer.getByText('Orders stay.').first().waitFor();
  await drawer.getByRole('button', { name: 'Newer' }).click();
  await drawer.getByRole('heading', { name: 'search_orders' }).waitFor();
  await tab.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });

  stage.at('paused, nothing comes in until it is live again');
  await tab.getByRole('button', { name: 'Live' }).click();
  await call(access.gateway, access.token, 'list_refunds', { days: 1 });
  await tab.getByRole('button', { name: 'Paused' }).click();
  await row(tab, 'list_refunds').waitFor();
}

async function time(stage, tab, { base }) {
  stage.at('a stretch of time is marked by pointer and by keys, and narrows the log to it');
  const chart = tab.getByRole('slider', { name: 'A stretch of time' });
  const box = await chart.boundingBox();
  // All calls are in the newest bars; the older half has none.
  await tab.mouse.move(box.x + 5, box.y + 40);
  await tab.mouse.down();
  await tab.mouse.move(box.x + box.width / 2, box.y + 40);
  await tab.mouse.up();
  await tab.getByText('Nothing fits these filters').waitFor();
  const { searchParams } = new URL(tab.url());
  assert.ok(searchParams.get('after') < searchParams.get('before'));
  assert.equal(await tab.getByRole('button', { name: 'Paused' }).isDisabled(), true);
  await tab.getByRole('button', { name: 'Zoom out' }).click();
  await row(tab, 'delete_order').waitFor();

  await tab.goto(`${base}/log`);
  await row(tab, 'delete_order').waitFor();
  await reach(tab, chart);
  await tab.keyboard.press('End');
  await tab.keyboard.press('Shift+ArrowLeft');
  await tab.keyboard.press('Shift+ArrowLeft');
  await until('what is marked is told', async () =>
    /allowed/.test((await chart.getAttribute('aria-valuetext')) ?? ''),
  );
  await tab.keyboard.press('Enter');
  await tab.getByRole('button', { name: /^Take away From/ }).waitFor();
  await row(tab, 'delete_order').waitFor();

  stage.at('the overview’s chart leads into the log with its time');
  await tab.goto(base);
  await tab.getByText('Most called').waitFor();
  const full = tab.getByRole('listitem').filter({ hasText: 'refunds' });
  await full.getByText('1 of 5 per day').waitFor();
  await full.getByText('on orders').waitFor();
  await tab.getByRole('radio', { name: 'Hour' }).click();
  await until('the hour is in the address', () => tab.url().includes('over=hour'));
  await reach(tab, chart);
  await tab.keyboard.press('End');
  for (let bar = 0; bar < 10; bar++) await tab.keyboard.press('Shift+ArrowLeft');
  await tab.keyboard.press('Enter');
  await tab.getByRole('heading', { name: 'Log', exact: true }).waitFor();
  await row(tab, 'delete_order').waitFor();
  await tab.goto(`${base}/log`);
  await row(tab, 'delete_order').waitFor();
}

async function files(stage, tab) {
  stage.at('everything that fits the filters is saved as CSV and as NDJSON');
  await tab.getByLabel('Decision', { exact: true }).selectOption('outcome denied');
  await row(tab, 'get_order').first().waitFor({ state: 'detached' });
  for (const [format, name] of [
    ['csv', /^CSV/],
    ['ndjson', /^NDJSON/],
  ]) {
    await tab.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([
      tab.waitForEvent('download'),
      tab.getByRole('menuitem', { name }).click(),
    ]);
    assert.match(file.suggestedFilename(), new RegExp(`^policylayer-log-.*\\.${format}$`));
    const text = readFileSync(await file.path(), 'utf8');
    const lines = text.trimEnd().split(/\r?\n/);
    // 700 of a refund, the deletion, and two tools that no rule names; CSV has a line of names.
    assert.equal(lines.length, format === 'csv' ? 5 : 4, text);
    assert.match(text, /delete_order/);
    assert.doesNotMatch(text, /get_order/);
  }
  await tab.getByRole('button', { name: 'Clear all' }).click();
}

async function explained(stage, tab, { base, admin, path }) {
  stage.at('a decision says by which rule, with the values that were compared, and under which version');
  const { events } = await admin.api('GET', `${path}/events?tool=create_refund&outcome=denied`);
  await tab.goto(`${base}/log?event=${events[0].id}`);
  const drawer = tab.getByRole('dialog', { name: 'create_refund' });
  const steps = drawer.getByRole('list', { name: 'How it came about' });
  await steps.getByText('args.amount is 700, lte 100: fails').waitFor();
  await steps.getByText('/tools/create_refund/require/0').waitFor();
  await drawer.getByText('main, version 1').waitFor();
  await drawer.getByText('At most 100 at a time.').waitFor();
  await drawer.getByText('Arguments, as they were sent').click();
  await drawer.getByRole('region', { name: 'the arguments' }).getByText('"amount": 700').waitFor();
  await stage.accessibleEverywhere(tab, 'log, explanation');

  stage.at('a call that took from a limit says how full it was before and after');
  const passed = await admin.api('GET', `${path}/events?tool=create_refund&outcome=allowed`);
  await tab.goto(`${base}/log?event=${passed.events[0].id}`);
  const counters = tab.getByRole('dialog').getByRole('region', { name: 'Counters' });
  await counters.getByText('0 → 1 of 5').waitFor();
  await stage.accessibleEverywhere(tab, 'log, counters');
  await tab.goto(`${base}/log?event=${events[0].id}`);
  await steps.getByText('/tools/create_refund/require/0').waitFor();
}

async function drafts(stage, tab, { base }) {
  stage.at('a decision becomes a test of the policy, unpublished, and can be taken back');
  const drawer = tab.getByRole('dialog', { name: 'create_refund' });
  await drawer.getByRole('link', { name: 'Add as test' }).click();
  await tab.getByRole('status').filter({ hasText: 'was added' }).waitFor();
  const kept = tab.getByRole('listitem').filter({ hasText: 'create_refund is refused' });
  await kept.getByText('green').waitFor();
  await tab.getByText('changed', { exact: true }).waitFor();
  await stage.accessibleEverywhere(tab, 'policy, test from the log');
  await tab.getByRole('button', { name: 'Take it back' }).click();
  await kept.waitFor({ state: 'detached' });
  await tab.getByText('changed', { exact: true }).waitFor({ state: 'detached' });

  stage.at('“allow this” opens a draft in which the call passes, and says what it changed');
  await tab.goto(`${base}/log?tool=delete_order`);
  await row(tab, 'delete_order').click();
  await tab.getByRole('dialog').getByRole('link', { name: 'Allow this' }).click();
  const note = tab.getByRole('status').filter({ hasText: '/tools/delete_order/action' });
  await note.getByText('The tool’s rule allows it now.').waitFor();
  await tab.getByRole('button', { name: 'delete_order: Allow' }).waitFor();
  await tab.getByRole('tabpanel', { name: 'Try a call' }).getByText('Allowed', { exact: true }).waitFor();
  assert.equal(await tab.getByRole('button', { name: 'Review and publish' }).isDisabled(), false);
  await stage.accessibleEverywhere(tab, 'policy, allowed from the log');
  await tab.getByRole('button', { name: 'Undo' }).click();
  await tab.getByRole('button', { name: 'delete_order: Deny' }).waitFor();
}
