/** Proving a draft: test cases that hold up publishing, replay of recorded calls, and what comes from the log. */
import assert from 'node:assert/strict';
import { call, until } from '../product.mjs';
import { enter, seeded } from '../seed.mjs';

const POLICY = {
  version: '1',
  default: 'deny',
  tools: {
    get_order: { action: 'allow' },
    search_orders: { action: 'allow' },
    create_refund: {
      require: [
        { conditions: [{ path: 'args.amount', op: 'lte', value: 100 }], on_deny: 'At most 100 at a time.' },
      ],
    },
    delete_order: { action: 'deny', reason: 'Orders stay.' },
  },
};

export default async function proving(stage) {
  const seed = await seeded(stage.world, 'proving@example.com', { policy: POLICY });
  const { admin, base, path, access } = seed;
  const context = await stage.context();
  await enter(context, stage.world.url, admin);
  const tab = await stage.tab(context);
  await cases(stage, tab, base);
  await recorded(stage, tab, base, path, admin, access);
}

async function cases(stage, tab, base) {
  stage.at('a tried call is kept as a test, and a red test holds up publishing and is named');
  await tab.goto(`${base}/servers/orders/policies/main`);
  await tab.getByLabel('Tool', { exact: true }).fill('delete_order');
  await tab
    .getByRole('list', { name: 'How it came about' })
    .getByText('/tools/delete_order/action')
    .waitFor();
  await tab.getByRole('button', { name: 'Add as test' }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByLabel('Name').fill('orders are never deleted');
  await stage.accessibleEverywhere(tab, 'policy, test case');
  await dialog.getByRole('button', { name: 'Keep the test' }).click();
  const item = tab.getByRole('listitem').filter({ hasText: 'orders are never deleted' });
  await item.getByText('green').waitFor();
  await tab.getByRole('button', { name: 'delete_order: Deny' }).click();
  await tab.getByRole('menuitem', { name: /^Allow/ }).click();
  await item.getByText('red').waitFor();
  await item.getByText('passes').waitFor();
  await stage.accessibleEverywhere(tab, 'policy, red test');
  const publish = tab.getByRole('button', { name: 'Review and publish' });
  assert.equal(await publish.isDisabled(), true);
  await tab.getByLabel('Problems').getByText('orders are never deleted').waitFor();

  stage.at('a test is changed to expect what is meant now, and is published with the policy');
  await tab.getByRole('button', { name: 'Change the test orders are never deleted' }).click();
  await dialog.getByLabel('Expected').selectOption('allow');
  await dialog.getByRole('button', { name: 'Keep the test' }).click();
  await item.getByText('green').waitFor();
  await tab.getByRole('button', { name: 'Undo' }).click();
  await tab.getByRole('button', { name: 'Undo' }).click();
  await item.getByText('green').waitFor();
  await publish.click();
  await tab.getByRole('dialog').getByText('Test cases').waitFor();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText('version 2', { exact: true }).waitFor();
  await tab.reload();
  await tab.getByRole('tab', { name: /^Test cases/ }).click();
  await tab.getByText('orders are never deleted').waitFor();
}

async function recorded(stage, tab, base, path, admin, access) {
  stage.at('a replay says which recorded calls a draft would decide otherwise, and which it cannot say');
  const { gateway, token } = access;
  for (let n = 0; n < 3; n++) await call(gateway, token, 'get_order', { order: `A-${n}` });
  await call(gateway, token, 'create_refund', { order: 'A-1', amount: 50 });
  await call(gateway, token, 'delete_order', { order: 'A-1' });
  await until('the calls are recorded', async () => {
    return (await admin.api('GET', `${path}/events`)).events.length === 5;
  });
  await tab.goto(`${base}/servers/orders/policies/main`);
  for (const [tool, from, to] of [
    ['get_order', 'Allow', /^Deny/],
    ['create_refund', 'Custom', /^Custom/],
  ]) {
    await tab.getByRole('button', { name: `${tool}: ${from}` }).click();
    await tab.getByRole('menuitem', { name: to }).click();
  }
  await tab.getByLabel('Value').fill('40');
  await tab.getByRole('tab', { name: 'Replay' }).click();
  await tab.getByRole('button', { name: 'Replay', exact: true }).click();
  const changed = tab.getByRole('region', { name: 'Calls that would be decided otherwise' });
  await changed.getByText('would be refused').first().waitFor();
  assert.equal(await changed.getByText('would be refused').count(), 3);
  await changed
    .getByRole('row', { name: /create_refund undecidable/ })
    .getByText('args.amount')
    .waitFor();
  await stage.accessibleEverywhere(tab, 'policy, replay');
}
