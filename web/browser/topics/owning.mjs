/** What an owner does: the sample server, mails without a mail server, keys, names, and ends that can be taken back. */
import assert from 'node:assert/strict';
import { call, until } from '../product.mjs';
import { enter, seeded, signedUp } from '../seed.mjs';

export default async function owning(stage) {
  await sample(stage);
  const place = await seeded(stage.world, 'owning@example.com');
  const context = await stage.context();
  await enter(context, stage.world.url, place.admin);
  const tab = await stage.tab(context);
  await keys(stage, place, tab);
  await teams(stage, place, tab);
  await organisation(stage, place, tab);
  await account(stage, place, tab);
}

async function sample(stage) {
  stage.at('a mail without a mail server is read in the outbox, and its link confirms the address');
  const email = 'sample@example.com';
  const admin = await signedUp(stage.world.url, email);
  const context = await stage.context();
  await enter(context, stage.world.url, admin);
  const tab = await stage.tab(context);
  await tab.goto(`${stage.world.url}/app/o/${admin.org}/start`);
  await tab.getByRole('link', { name: 'outbox' }).click();
  const mail = tab.getByRole('list', { name: 'Mails' }).getByRole('listitem').filter({ hasText: email });
  await mail.first().waitFor();
  await stage.accessibleEverywhere(tab, 'outbox');
  await mail.first().getByRole('link', { name: 'Open its link' }).click();
  await tab.getByText('Your address is confirmed.').waitFor();

  stage.at('with nothing at hand, the sample server is one click');
  await tab.goto(`${stage.world.url}/app/o/${admin.org}/start`);
  await tab.getByRole('button', { name: 'Use the sample server' }).waitFor();
  await stage.accessibleEverywhere(tab, 'start, sample');
  await tab.getByRole('button', { name: 'Use the sample server' }).click();
  await tab.getByText(/^Sample bookshop, \d+ tools$/).waitFor();
  await tab.getByRole('button', { name: 'Publish this policy' }).waitFor();
}

async function keys(stage, { path, base }, tab) {
  stage.at('an API key is shown once, does what its scopes say, and stops when revoked');
  await tab.goto(`${base}/keys`);
  await tab.getByRole('button', { name: 'New key' }).first().click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByLabel('What it is for').fill('terraform');
  await stage.accessibleEverywhere(tab, 'keys, making one');
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  const secret = (await dialog.locator('code', { hasText: /^plk_/ }).textContent())?.trim() ?? '';
  await tab.keyboard.press('Escape');
  const use = async (method, body) => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    return (await fetch(`${stage.world.url}${path}/teams`, { method, headers, body })).status;
  };
  assert.equal(await use('GET'), 200);
  assert.equal(await use('POST', JSON.stringify({ name: 'Not by a key that reads' })), 403);
  const row = tab.getByRole('list', { name: 'API keys' }).getByRole('listitem');
  await row.getByText(`plk_…${secret.slice(-4)}`).waitFor();
  await row.getByRole('button', { name: 'Revoke' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await row.getByText('revoked').waitFor();
  assert.equal(await use('GET'), 401);
  await stage.accessibleEverywhere(tab, 'keys');
}

async function teams(stage, { base }, tab) {
  stage.at('a team is renamed, and one that holds nothing removed');
  await tab.goto(`${base}/teams`);
  await tab.getByLabel('New team').fill('Payments');
  await tab.getByRole('button', { name: 'Add team' }).click();
  const team = (name) =>
    tab.getByRole('list', { name: 'Teams' }).getByRole('listitem').filter({ hasText: name });
  await team('Payments').getByRole('button', { name: 'Rename' }).click();
  await tab.getByRole('dialog').getByLabel('Name').fill('Treasury');
  await tab.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await team('Treasury').getByRole('button', { name: 'Remove' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await team('Treasury').waitFor({ state: 'detached' });
  await team('Default').getByRole('button', { name: 'Remove' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await tab.getByRole('dialog').getByRole('alert').waitFor();
  await tab.keyboard.press('Escape');
}

async function organisation(stage, { base, org, access }, tab) {
  stage.at('an organisation that is deleted refuses calls, says so everywhere, and can be restored');
  const passes = async () => {
    const { status, message } = await call(access.gateway, access.token, 'get_order', { order: 'A-1' });
    return status === 200 && message.result?.isError !== true;
  };
  assert.equal(await passes(), true);
  await tab.goto(`${base}/settings`);
  await tab.getByRole('button', { name: `Delete ${org}` }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByLabel(`Type ${org} to confirm`).fill(org);
  await dialog.getByRole('button', { name: 'Delete the organisation' }).click();
  await tab.getByText('This organisation will be deleted').waitFor();
  await until('calls are refused', async () => !(await passes()));
  await tab.goto(base);
  await tab.getByRole('button', { name: 'Restore it' }).waitFor();
  await stage.accessibleEverywhere(tab, 'overview, being deleted');
  await tab.getByRole('button', { name: 'Restore it' }).click();
  await tab.getByText('This organisation will be deleted').waitFor({ state: 'detached' });
  await until('calls pass again', passes);

  stage.at('an organisation gets another name, and keeps its address');
  await tab.goto(`${base}/settings`);
  await tab.getByRole('button', { name: 'Rename' }).click();
  await dialog.getByLabel('Name').fill('Owning & Sons');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await tab.getByText('Owning & Sons', { exact: true }).waitFor();
  await tab.getByRole('switch', { name: 'Keep argument values' }).click();
  await tab.getByRole('switch', { name: 'Keep argument values', checked: true }).waitFor();
}

async function account(stage, { admin, base }, tab) {
  stage.at('an account that is deleted signs out, and signing in again keeps it');
  await tab.goto(`${base}/settings`);
  await tab.getByRole('button', { name: 'Delete your account' }).click();
  await tab.getByRole('dialog').getByLabel('Your password').fill(admin.password);
  await stage.accessible(tab, 'settings, deleting the account');
  await tab.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await tab.getByLabel('Email').fill(admin.email);
  await tab.getByLabel('Password').fill(admin.password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { name: 'Overview' }).waitFor();
}
