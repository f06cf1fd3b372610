/** Every screen is there, accessible, and no wider than a phone. */
import { traffic } from '../flow.mjs';
import { call, until } from '../product.mjs';
import { enter, seeded } from '../seed.mjs';

export default async function screens(stage) {
  const { admin, base, access } = await seeded(stage.world, 'screens@example.com');
  await traffic(access.gateway, access.token);
  const context = await stage.context();
  await enter(context, stage.world.url, admin);
  const tab = await stage.tab(context);

  stage.at('every other screen is there and is accessible');
  const screens = [
    ['overview', '', 'Most called'],
    ['servers', '/servers', 'Connected'],
    ['server', '/servers/orders', 'export_customers'],
    ['access', '/access', 'alice-laptop'],
    ['log', '/log', 'create_refund'],
    ['settings', '/settings', 'Keep argument values'],
    ['members', '/members', 'joined'],
    ['stack', '/stack', 'main: Approve'],
    ['keys', '/keys', 'No keys yet'],
    ['teams', '/teams', 'New team'],
    ['audit', '/audit', 'grant.create'],
    ['approvals', '/approvals', 'alice-laptop'],
    ['start', '/start', 'Connect it'],
    ['policy', '/servers/orders/policies/main', 'Try a call'],
    ['register', '/register?name=Mail&url=https%3A%2F%2Fm.example%2Fmcp', 'Register Mail'],
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
      await stage.accessible(tab, `${name}, ${theme}`);
    }
    await tab.goto(`${stage.world.url}/app/dev/outbox`);
    await tab.getByText('screens@example.com').first().waitFor();
    await stage.accessible(tab, `outbox, ${theme}`);
  }

  await tab.setViewportSize({ width: 1280, height: 860 });

  stage.at('the palette opens by keyboard and leads to a server');
  await tab.goto(base);
  await tab.getByText('Most called').waitFor();
  await tab.keyboard.press('Control+k');
  await tab.getByPlaceholder('Go to a screen').fill('orders');
  // The servers may come after what was typed; Enter takes what is marked.
  await tab.getByRole('option', { name: /^Orders/, selected: true }).waitFor();
  await tab.keyboard.press('Enter');
  await tab.getByRole('heading', { name: 'Orders', exact: true }).waitFor();

  stage.at('a revoked token is refused');
  await tab.goto(`${base}/access`);
  await tab.getByRole('link', { name: 'alice-laptop' }).first().click();
  await tab.getByText('Last used').waitFor();
  await stage.accessible(tab, 'identity');
  await tab.getByRole('region', { name: 'Tokens' }).getByRole('button', { name: 'Revoke' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await stage.message(tab, 'is revoked');
  await tab.getByText('revoked', { exact: true }).waitFor();
  await until('the revocation is heard of', async () => {
    return (await call(access.gateway, access.token, 'get_order', { order: 'A-1' })).status === 401;
  });
}
