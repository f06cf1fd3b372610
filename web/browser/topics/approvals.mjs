/** A call that waits for a person: approved in one browser, it passes in another process. */
import assert from 'node:assert/strict';
import { call, until } from '../product.mjs';
import { enter, joined, seeded } from '../seed.mjs';

export default async function approvals(stage) {
  const { url, mailed } = stage.world;
  const place = await seeded(stage.world, 'approvals@example.com');
  const { admin, base, access } = place;
  const manager = await joined(stage.world, admin, 'manager@example.com', 'policy_manager');
  const context = await stage.context();
  await enter(context, url, manager);
  const tab = await stage.tab(context);
  const refund = (amount) => call(access.gateway, access.token, 'create_refund', { order: 'A-1', amount });

  stage.at('an empty queue says what would be in it');
  await tab.goto(`${base}/approvals`);
  await tab.getByText('Nothing waits').waitFor();
  await tab.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await stage.accessibleEverywhere(tab, 'approvals, empty');

  stage.at('a parked call appears by itself, in the menu too, with its arguments as they were sent');
  await denied(refund(12.5));
  const queue = tab.getByRole('list', { name: 'Requests' });
  await queue.getByRole('link', { name: /create_refund/ }).waitFor();
  await tab.getByRole('link', { name: 'Approvals 1 waiting' }).waitFor();
  await tab.keyboard.press('j');
  await tab.getByRole('region', { name: 'the arguments' }).getByText('"amount": 12.5').waitFor();
  await stage.accessibleEverywhere(tab, 'approvals, one open');

  stage.at('approved by keyboard, the agent’s next try passes in another process, once');
  await tab.keyboard.press('a');
  const dialog = tab.getByRole('dialog', { name: 'Approve create_refund once?' });
  await dialog.getByLabel('Reason').fill('The customer was charged twice.');
  await stage.accessible(tab, 'approvals, deciding');
  await tab.keyboard.press('Enter');
  await tab.getByText('Approved', { exact: true }).first().waitFor();
  await tab.getByText('The customer was charged twice.').waitFor();
  const passed = await refund(12.5);
  assert.notEqual(passed.message.result?.isError, true, JSON.stringify(passed.message));
  await tab.getByText('Used', { exact: true }).first().waitFor();
  await denied(refund(12.5));

  stage.at('a denial reaches the agent with its reason, and j and k move between requests');
  await denied(refund(99));
  await queue.getByRole('link').nth(1).waitFor();
  await queue.getByRole('link').first().click();
  await tab.getByRole('region', { name: 'the arguments' }).getByText('"amount": 99').waitFor();
  await tab.keyboard.press('j');
  await tab.getByRole('region', { name: 'the arguments' }).getByText('"amount": 12.5').waitFor();
  await tab.keyboard.press('k');
  await tab.getByRole('region', { name: 'the arguments' }).getByText('"amount": 99').waitFor();
  await tab.keyboard.press('d');
  await tab.getByRole('dialog').getByLabel('Reason').fill('Too much for one refund.');
  await tab.getByRole('dialog').getByRole('button', { name: 'Deny' }).click();
  await tab.getByText('Too much for one refund.').waitFor();
  const told = await denied(refund(99));
  assert.match(JSON.stringify(told), /Too much for one refund\./);

  await mailedLink(stage, place, manager, mailed);
  await own(stage, place);
}

/** Somebody who is not signed in follows the mail's link on a phone. */
async function mailedLink(stage, { admin, access }, manager, mailed) {
  stage.at('the mailed link opens that request, after signing in, on a phone');
  await denied(call(access.gateway, access.token, 'create_refund', { order: 'A-2', amount: 7 }));
  const link = await until('a mail of the newest request', async () => {
    const found = await newest(admin);
    return mailed(manager.email, new RegExp(`(http\\S+/approvals/${found})`));
  });
  const tab = await stage.tab(await stage.context({ width: 390, height: 844 }));
  await tab.goto(link);
  await tab.getByLabel('Email').fill(manager.email);
  await tab.getByLabel('Password').fill(manager.password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('region', { name: 'the arguments' }).getByText('"order": "A-2"').waitFor();
  assert.equal(tab.url(), link);
  await tab.getByRole('button', { name: 'Approve once' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Approve once' }).click();
  await tab.getByText('The call passes when the agent makes it again, once.').waitFor();
  await tab.getByRole('link', { name: 'All requests' }).click();
  await tab
    .getByRole('list', { name: 'Requests' })
    .getByRole('link', { name: /create_refund/ })
    .waitFor();
}

async function newest(admin) {
  const { approvals } = await admin.api('GET', `/v1/orgs/${admin.org}/approvals`);
  return approvals[0].id;
}

async function own(stage) {
  stage.at('one’s own call cannot be approved, and it says why');
  const email = 'own@example.com';
  const { admin, base, access } = await seeded(stage.world, email, { identity: { kind: 'person', email } });
  await denied(call(access.gateway, access.token, 'create_refund', { order: 'A-1', amount: 1 }));
  const context = await stage.context();
  await enter(context, stage.world.url, admin);
  const tab = await stage.tab(context);
  await tab.goto(`${base}/approvals`);
  await tab.getByText('Your own').waitFor();
  await tab.keyboard.press('j');
  await tab.getByText('Nobody decides on their own').first().waitFor();
  const approve = tab.getByRole('button', { name: 'Approve once' });
  assert.equal(await approve.getAttribute('aria-disabled'), 'true');
  await approve.click({ force: true });
  await tab.getByRole('tooltip').filter({ hasText: 'Nobody decides on their own' }).waitFor();
  await tab.keyboard.press('a');
  assert.equal(await tab.getByRole('dialog').count(), 0);
}

async function denied(answer) {
  const { message } = await answer;
  assert.equal(message.result?.isError, true, JSON.stringify(message));
  return message;
}
