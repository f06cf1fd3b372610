/** The policy editor: both views, trying a call, publishing, and two people at once. */
import assert from 'node:assert/strict';
import { call, until } from '../product.mjs';
import { enter, seeded } from '../seed.mjs';

/** What the table shows as allowed and denied. */
const POLICY = {
  version: '1',
  default: 'deny',
  tools: Object.fromEntries([
    ...['get_order', 'search_orders', 'list_refunds'].map((tool) => [tool, { action: 'allow' }]),
    ...['create_refund', 'update_address', 'delete_order', 'export_customers'].map((tool) => [
      tool,
      { action: 'deny', reason: 'Changes are made by people here. Ask one.' },
    ]),
  ]),
};

export default async function policy(stage) {
  const { admin, base, access } = await seeded(stage.world, 'policy@example.com', { policy: POLICY });
  const context = await stage.context();
  await enter(context, stage.world.url, admin);
  const tab = await stage.tab(context);
  await edit(stage, tab, base, access);
  await overtake(stage, tab, await stage.tab(context), base);
}

async function edit(stage, tab, base, access) {
  stage.at('a tool allowed in the table is allowed in the JSON, and undo takes both back');
  await tab.goto(`${base}/servers/orders/policies/main`);
  const json = tab.getByLabel('Policy as JSON');
  await json.waitFor();
  await stage.accessible(tab, 'policy');
  await tab.getByRole('button', { name: 'create_refund: Deny' }).click();
  await tab.getByRole('menuitem', { name: /^Limit/ }).click();
  await json.getByText('"rate_limit"').waitFor();
  await tab.getByRole('button', { name: 'Undo' }).click();
  await tab.getByRole('button', { name: 'create_refund: Deny' }).waitFor();
  await json.getByText('"rate_limit"').waitFor({ state: 'detached' });
  await tab.getByRole('button', { name: 'Redo' }).click();
  await tab.getByRole('button', { name: 'create_refund: Limit' }).waitFor();

  stage.at('a call is tried under the draft, and says why');
  await tab.getByLabel('Tool', { exact: true }).fill('delete_order');
  const steps = tab.getByRole('list', { name: 'How it came about' });
  await steps.getByText('/tools/delete_order/action').waitFor();
  await tab.getByLabel('Tool', { exact: true }).fill('create_refund');
  await steps.getByText('at most 60').waitFor();

  stage.at('what the server finds wrong is shown and holds up publishing');
  await json.click();
  await tab.keyboard.press('Control+Home');
  await tab.keyboard.press('ArrowRight');
  await tab.keyboard.type('"defualt": "deny",');
  await tab.getByLabel('Problems').getByText('default', { exact: false }).first().waitFor();
  assert.equal(await tab.getByRole('button', { name: 'Review and publish' }).isDisabled(), true);
  await tab.keyboard.press('Control+z');
  await tab.getByLabel('Problems').waitFor({ state: 'detached' });

  stage.at('a second version rules at once');
  await tab.getByRole('button', { name: 'Review and publish' }).click();
  await tab.getByRole('dialog').locator('.cm-content').waitFor();
  await stage.accessible(tab, 'policy, publish');
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText('version 2', { exact: true }).waitFor();
  await until('the new version is heard of', async () => {
    const answer = await call(access.gateway, access.token, 'create_refund', { order: 'A-1', amount: 5 });
    return answer.message.result?.isError !== true;
  });
}

/** Somebody else publishes while this page has changes of its own. */
async function overtake(stage, tab, other, base) {
  stage.at('of two people who publish, the second is told, and merges what both have changed');
  await other.goto(`${base}/servers/orders/policies/main`);
  for (const [who, tool] of [
    [tab, 'delete_order'],
    [other, 'update_address'],
  ]) {
    await set(who, tool, 'Deny', /^Hide/);
    await set(who, 'export_customers', 'Deny', who === tab ? /^Approve/ : /^Allow/);
    await who.getByRole('button', { name: 'Review and publish' }).click();
    await who.getByRole('button', { name: 'Publish', exact: true }).waitFor();
  }
  await other.getByRole('button', { name: 'Publish', exact: true }).click();
  await other.getByText('version 3', { exact: true }).waitFor();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = tab.getByRole('dialog', { name: 'Merge' });
  await dialog.getByText('You both changed', { exact: false }).waitFor();
  await dialog.getByText('/hide', { exact: true }).waitFor();
  await stage.accessibleEverywhere(tab, 'policy, merge');
  assert.equal(await dialog.getByRole('button', { name: /to choose/ }).isDisabled(), true);
  for (const yours of await dialog.getByRole('radio', { name: /^Yours/ }).all()) await yours.check();
  await dialog.getByRole('button', { name: 'Take the merge' }).click();
  await tab.getByText('version 3', { exact: true }).waitFor();
  // Mine and theirs, and where both chose, mine.
  for (const label of ['delete_order: Hide', 'update_address: Hide', 'export_customers: Approve'])
    await tab.getByRole('button', { name: label }).waitFor();
  await tab.getByRole('button', { name: 'Review and publish' }).click();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText('version 4', { exact: true }).waitFor();

  stage.at('a page that is open when somebody publishes says so before anything is lost');
  await other.bringToFront();
  await other.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await other.getByRole('alert').filter({ hasText: 'Version 4 was published' }).waitFor();
  await other.getByRole('button', { name: 'Show it' }).click();
  await other.getByText('version 4', { exact: true }).waitFor();
  await other.getByRole('button', { name: 'delete_order: Hide' }).waitFor();

  stage.at('the history says who changed what, and one click goes back');
  await tab.getByRole('button', { name: 'Versions' }).click();
  await tab.getByRole('tab', { name: 'Who changed what' }).click();
  const touched = tab.getByRole('region', { name: 'Who changed what' });
  await touched.getByRole('row', { name: /export_customers 4 you/ }).waitFor();
  await touched.getByRole('row', { name: /get_order 1 you/ }).waitFor();
  await stage.accessible(tab, 'policy, blame');
  await tab.getByRole('tab', { name: 'Versions' }).click();
  await tab.getByRole('button', { name: /^Version 1/ }).click();
  await stage.accessibleEverywhere(tab, 'policy, versions');
  await tab.getByRole('button', { name: 'Roll back to version 1' }).click();
  await tab.getByText('version 5', { exact: true }).waitFor();
  await tab.getByRole('button', { name: 'update_address: Deny' }).waitFor();
  assert.equal(await tab.getByText('changed', { exact: true }).count(), 0);
}

async function set(tab, tool, from, to) {
  await tab.getByRole('button', { name: `${tool}: ${from}` }).click();
  await tab.getByRole('menuitem', { name: to }).click();
}
