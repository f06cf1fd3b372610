/** People come, are given roles, and go; what was changed is written down. */
import assert from 'node:assert/strict';
import { PASSWORD } from '../flow.mjs';
import { until } from '../product.mjs';
import { enter, seeded, signedUp } from '../seed.mjs';

const BOB = 'bob@people.example.com';
const CAROL = 'carol@people.example.com';
const DAVE = 'dave@people.example.com';

export default async function people(stage) {
  const place = await seeded(stage.world, 'people@example.com');
  const context = await stage.context();
  await enter(context, stage.world.url, place.admin);
  const tab = await stage.tab(context);
  const bob = await stage.tab(await stage.context());
  await joins(stage, place, tab, bob);
  await roles(stage, place, tab);
  await takenBack(stage, place, tab);
  await leaves(stage, place, tab);
  await removed(stage, place, tab, bob);
  await audit(stage, place, tab);
}

/** Fills in the form and gives the link that was mailed. */
async function invite(stage, tab, email, role = 'Viewer') {
  await tab.getByRole('button', { name: 'Invite' }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByLabel('Email').fill(email);
  await dialog.getByLabel('Role').selectOption({ label: role });
  await stage.accessible(tab, 'members, inviting');
  await dialog.getByRole('button', { name: 'Send the invitation' }).click();
  await tab.getByRole('list', { name: 'Invitations' }).getByText(email).waitFor();
  return stage.world.mailed(email, /(http\S+\/invitation#token=pli_\w+)/);
}

async function joins(stage, { base, org }, tab, bob) {
  stage.at('somebody without an account joins by the mailed link, with a password alone');
  await tab.goto(`${base}/members`);
  const link = await invite(stage, tab, BOB);
  await bob.goto(link);
  await bob.getByRole('heading', { name: `Join ${org}` }).waitFor();
  await bob.getByLabel('Choose a password').fill(PASSWORD);
  await stage.accessibleEverywhere(bob, 'invitation');
  await bob.getByRole('button', { name: 'Create account and join' }).click();
  await bob.getByRole('heading', { name: 'Overview' }).waitFor();
  await tab.reload();
  await tab.getByRole('list', { name: 'Members' }).getByText(BOB).waitFor();
  assert.equal(await tab.getByRole('list', { name: 'Invitations' }).count(), 0);
}

async function roles(stage, { base }, tab) {
  stage.at('a member is given another role, and one on a new team alone');
  await tab.goto(`${base}/teams`);
  await tab.getByLabel('New team').fill('Payments');
  await tab.getByRole('button', { name: 'Add team' }).click();
  await tab.getByRole('link', { name: 'Payments' }).waitFor();
  await stage.accessibleEverywhere(tab, 'teams');
  await tab.goto(`${base}/members`);
  const row = tab.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: BOB });
  await row.getByRole('button', { name: 'Roles' }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByLabel('Payments').selectOption({ label: 'Admin' });
  await dialog.getByLabel('Throughout the organisation').selectOption({ label: 'Policy manager' });
  await dialog.getByText('Writes policies and decides approvals.').waitFor();
  await stage.accessibleEverywhere(tab, 'members, roles');
  await tab.keyboard.press('Escape');
  await row.getByText('Policy manager', { exact: true }).waitFor();
  await row.getByText('payments: Admin').waitFor();

  stage.at('the last admin cannot become less, and is told why');
  const own = tab.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: 'You' });
  await own.getByRole('button', { name: 'Roles' }).click();
  await dialog.getByLabel('Throughout the organisation').selectOption({ label: 'Viewer' });
  await dialog.getByRole('alert').filter({ hasText: 'last_admin' }).waitFor();
  await tab.keyboard.press('Escape');
}

async function takenBack(stage, { base }, tab) {
  stage.at('an invitation that was taken back opens nothing');
  await tab.goto(`${base}/members`);
  const link = await invite(stage, tab, CAROL);
  await tab.getByRole('button', { name: 'Take back' }).click();
  await tab.getByRole('list', { name: 'Invitations' }).waitFor({ state: 'detached' });
  const carol = await stage.tab(await stage.context());
  await carol.goto(link);
  await carol.getByRole('alert').waitFor();
  await stage.accessible(carol, 'invitation, ended');
}

async function leaves(stage, { base, org }, tab) {
  stage.at('somebody with an account signs in from the invitation, and leaves again');
  await signedUp(stage.world.url, DAVE);
  await tab.goto(`${base}/members`);
  const link = await invite(stage, tab, DAVE);
  const dave = await stage.tab(await stage.context());
  await dave.goto(link);
  await dave.getByLabel(`Password of ${DAVE}`).fill(PASSWORD);
  await dave.getByRole('button', { name: 'Sign in and accept' }).click();
  await dave.getByRole('heading', { name: 'Overview' }).waitFor();
  await dave.goto(`${base}/settings`);
  await dave.getByRole('button', { name: `Leave ${org}` }).click();
  await dave.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await dave.waitForURL((address) => !address.pathname.includes(`/o/${org}/`));
  await dave.goto(base);
  await dave.getByText('There is nothing here').waitFor();
}

async function removed(stage, { base }, tab, bob) {
  stage.at('a removed member sees nothing any more');
  await tab.goto(`${base}/members`);
  const row = tab.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: BOB });
  await row.getByRole('button', { name: 'Remove' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  await bob.goto(`${bob.url().split('/app/')[0]}/app/`);
  await bob.getByText('You belong to no organisation').waitFor();
  await stage.accessible(bob, 'no organisation');
}

async function audit(stage, { admin, path, base }, tab) {
  stage.at('the audit of changes shows before and after, filters by address, and reads on');
  await tab.goto(`${base}/audit?action=member`);
  const changes = tab.getByRole('list', { name: 'Changes' });
  const change = changes.getByRole('listitem').filter({ hasText: 'role: viewer → policy_manager' });
  await change.getByText('member.update').click();
  await change.getByText('+ policy_manager').waitFor();
  await change.getByText('− viewer').waitFor();
  assert.equal(await changes.getByText('server.create').count(), 0);
  await stage.accessibleEverywhere(tab, 'audit, one open');
  await tab.getByLabel('What').selectOption({ label: 'Invitations' });
  await changes.getByText('invitation.revoke').waitFor();
  assert.match(tab.url(), /action=invitation/);

  for (let index = 0; index < 55; index++)
    await admin.api('POST', `${path}/teams/default/identities`, { label: `agent-${index}`, kind: 'agent' });
  await tab.goto(`${base}/audit?action=identity`);
  await changes.getByText('agent-54', { exact: true }).waitFor();
  await tab.getByRole('button', { name: 'Load older' }).click();
  await changes.getByText('agent-0', { exact: true }).waitFor();
  await until('all are there', async () => (await changes.getByRole('listitem').count()) === 56);
}
