/** What a role does not include stays in sight, does nothing, and says why. */
import assert from 'node:assert/strict';
import { call } from '../product.mjs';
import { enter, joined, seeded } from '../seed.mjs';

export default async function roles(stage) {
  const place = await seeded(stage.world, 'roles@example.com');
  await call(place.access.gateway, place.access.token, 'create_refund', { order: 'A-1', amount: 3 });
  await viewer(stage, place);
  await manager(stage, place);
}

async function as(stage, { admin }, role) {
  const person = await joined(stage.world, admin, `${role}@roles.example.com`, role);
  const context = await stage.context();
  await enter(context, stage.world.url, person);
  return stage.tab(context);
}

/** The control is there and refused; a try changes nothing and says why. */
async function refused(tab, name, why) {
  const button = tab.getByRole('button', { name, description: why }).first();
  await button.waitFor();
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  await button.click({ force: true });
  await tab.getByRole('tooltip').filter({ hasText: why }).waitFor();
  assert.equal(await tab.getByRole('dialog').count(), 0);
  await tab.keyboard.press('Escape');
}

async function viewer(stage, place) {
  const { base, identity } = place;
  const tab = await as(stage, place, 'viewer');
  stage.at('a viewer is told on every screen what they cannot do');
  for (const [path, name, why] of [
    ['/servers', 'Add a server', 'Only admins register and change servers.'],
    ['/servers/orders', 'Switch off', 'Only admins register and change servers.'],
    ['/access', 'Give access', 'Only admins hand out identities, grants and tokens.'],
    [`/access/default/${identity}`, 'New token', 'Only admins hand out identities, grants and tokens.'],
    ['/members', 'Invite', 'Only admins see and change who belongs to the organisation.'],
    ['/teams', 'Add team', 'Only admins make and change teams.'],
  ]) {
    await tab.goto(`${base}${path}`);
    await tab.getByText(`You can look, and not change. ${why}`).waitFor();
    await refused(tab, name, why);
    await stage.accessible(tab, `${path}, viewer`);
  }
  await tab.goto(`${base}/audit`);
  await tab.getByText('Only admins read the audit of changes.').waitFor();
  await tab.goto(`${base}/settings`);
  const keep = tab.getByRole('switch', { name: 'Keep argument values' });
  await keep.waitFor();
  assert.equal(await keep.isDisabled(), true);

  stage.at('a refused control takes the keyboard, and says why there too');
  await tab.goto(`${base}/servers`);
  const add = tab.getByRole('button', { name: 'Add a server' });
  await add.waitFor();
  await tab.locator('#content').focus();
  await tab.keyboard.press('Tab');
  assert.equal(await add.evaluate((button) => button === document.activeElement), true);
  await tab.getByRole('tooltip').filter({ hasText: 'Only admins' }).waitFor();

  stage.at('a viewer sees what waits for approval, and decides nothing');
  await tab.goto(`${base}/approvals`);
  await tab.getByRole('list', { name: 'Requests' }).getByRole('link').first().click();
  await refused(
    tab,
    'Approve once',
    'Only admins and policy managers decide on calls that wait for approval.',
  );
  await tab.keyboard.press('a');
  assert.equal(await tab.getByRole('dialog').count(), 0);
  await stage.accessibleEverywhere(tab, 'approvals, viewer');
}

async function manager(stage, place) {
  const { base } = place;
  const tab = await as(stage, place, 'policy_manager');
  stage.at('a policy manager decides and publishes, and registers no servers');
  await tab.goto(`${base}/servers`);
  await refused(tab, 'Add a server', 'Only admins register and change servers.');
  await tab.goto(`${base}/approvals`);
  await tab.getByRole('list', { name: 'Requests' }).getByRole('link').first().click();
  await tab.getByRole('button', { name: 'Deny' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Deny' }).click();
  await tab.getByText('Denied', { exact: true }).first().waitFor();
  await tab.goto(`${base}/servers/orders/policies/main`);
  await tab.getByRole('button', { name: 'get_order: Allow' }).waitFor();
  await tab.goto(`${base}/access`);
  await refused(tab, 'Give access', 'Only admins hand out identities, grants and tokens.');
  assert.equal(await tab.getByLabel('Policy of alice-laptop on orders').isDisabled(), false);
}
