/** What a person does in the first five minutes, by what is written on the page. */
import { call } from './product.mjs';

export const EMAIL = 'alice@example.com';
export const PASSWORD = 'correct horse battery staple';

export async function signUp(tab, url) {
  await tab.goto(`${url}/app/sign-up`);
  await tab.getByLabel('Email').fill(EMAIL);
  await tab.getByLabel('Password').fill(PASSWORD);
  await tab.getByRole('button', { name: 'Create account' }).click();
  await tab.getByRole('heading', { name: 'Get started' }).waitFor();
}

export async function registerServer(tab, address, name = 'Orders') {
  await tab.getByLabel('Address of the MCP server').fill(address);
  await tab.getByLabel('Name', { exact: true }).fill(name);
  await tab.getByRole('button', { name: 'Connect and register' }).click();
  await tab.getByText('Orders, 7 tools').waitFor();
}

export async function publishTemplate(tab, title = 'Read freely, refuse changes') {
  await tab.getByRole('radio', { name: title }).click();
  await tab.getByRole('button', { name: 'Publish this policy' }).click();
  await tab.getByText('Policy main, version 1').waitFor();
}

/** Gives access and returns the token and the address, as the page shows them. */
export async function giveAccess(tab, label = 'alice-laptop') {
  await tab.getByLabel('Who will call').fill(label);
  await tab.getByRole('button', { name: 'Give access' }).click();
  const shown = tab.locator('code', { hasText: /^plt_/ });
  await shown.waitFor();
  const token = (await shown.textContent())?.trim() ?? '';
  await tab.getByRole('tab', { name: 'curl' }).click();
  const text = (await tab.getByRole('region', { name: 'Configuration for curl' }).textContent()) ?? '';
  const gateway = /https?:\/\/[^']+/.exec(text)?.[0] ?? '';
  return { token, gateway };
}

/** Calls for the screens to have something to show. */
export async function traffic(gateway, token) {
  for (let round = 0; round < 12; round++) {
    await call(gateway, token, 'get_order', { order: `A-${round}` });
    if (round % 2) await call(gateway, token, 'search_orders', { customer: 'c', state: 'open' });
    if (round % 3 === 0) await call(gateway, token, 'create_refund', { order: 'A-1', amount: 12 });
    if (round % 5 === 0) await call(gateway, token, 'delete_order', { order: 'A-1' });
  }
}
