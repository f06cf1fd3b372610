/** Signing in and out, and what keeps a sign-in. */
import assert from 'node:assert/strict';
import { traffic } from '../flow.mjs';
import { enter, seeded } from '../seed.mjs';

export default async function account(stage) {
  const place = await seeded(stage.world, 'account@example.com');
  await traffic(place.access.gateway, place.access.token);
  const context = await stage.context();
  await enter(context, stage.world.url, place.admin);
  const tab = await stage.tab(context);
  await sessions(stage, context, tab, place);
  await forgotten(stage, tab, place);
}

async function sessions(stage, context, tab, { admin, base }) {
  stage.at('a reload keeps the sign-in, and no script can read what keeps it');
  await tab.goto(base);
  await tab.getByText('Most called').waitFor();
  assert.equal(await tab.evaluate(() => document.cookie), '');
  const stored = await tab.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.ok(!/plr_|eyJ/.test(stored), stored);
  const cookie = (await context.cookies()).find(({ name }) => name.includes('refresh'));
  assert.equal(cookie?.httpOnly, true);
  assert.equal(cookie?.sameSite, 'Strict');

  stage.at('signing out ends it, and signing in leads back to where one was going');
  await tab.getByRole('button', { name: admin.email }).click();
  await tab.getByRole('menuitem', { name: 'Sign out' }).click();
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await tab.goto(`${base}/log?verdict=deny`);
  await tab.getByLabel('Email').fill(admin.email);
  await tab.getByLabel('Password').fill(admin.password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { name: 'Log' }).waitFor();
  assert.match(tab.url(), /\/log\?verdict=deny$/);
}

/** Ends in being signed in with another password. */
async function forgotten(stage, tab, { admin, base }) {
  stage.at('a forgotten password is set anew by mail, and ends every sign-in');
  const settings = `${base}/settings`;
  await tab.goto(`${stage.world.url}/app/forgot-password`);
  await tab.getByLabel('Email').fill(admin.email);
  await stage.accessible(tab, 'forgot password');
  await tab.getByRole('button', { name: 'Mail me a link' }).click();
  await tab.getByRole('status').waitFor();
  const link = await stage.world.mailed(admin.email, /(http\S+reset-password#token=plp_\w+)/);
  await tab.goto(link);
  await tab.getByLabel('New password').fill(`another ${admin.password}`);
  await stage.accessible(tab, 'reset password');
  await tab.getByRole('button', { name: 'Set the password' }).click();
  await tab.getByRole('heading', { name: 'Your password is set' }).waitFor();
  await tab.goto(settings);
  await tab.getByLabel('Email').fill(admin.email);
  await tab.getByLabel('Password').fill(`another ${admin.password}`);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByText('this one', { exact: true }).waitFor();
  assert.equal(await tab.getByRole('button', { name: 'End', exact: true }).count(), 0);
}
