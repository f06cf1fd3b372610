/**
 * From a public page about one tool to its call under a policy: a list of 1,057 tools, an account made on the way, the
 * recommended rule, and what the log says of it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PASSWORD } from '../flow.mjs';
import { call, sharedFile, until } from '../product.mjs';

const LIST = 'data/tools-list/sperax__sperax-crypto-mcp.all-modules.json';
const COUNT = 1057;
/** Moves money: asks a person each time. */
const TOOL = 'transfer_nft';
/** Only reads. */
const READS = 'get_chain_info';
/** No rule names it. */
const OTHER = 'batch_transfer_erc20';

export default async function journey(stage) {
  const file = sharedFile(LIST);
  if (!file) {
    console.log(`browser: journey is skipped: there is no ${LIST} beside the project`);
    return;
  }
  const { world } = stage;
  const address = await world.serve(file);
  const { tools } = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(tools.length, COUNT);
  await world.catalogue([{ name: 'Chain Tools', transport: 'http', url: address, tools }]);
  const tab = await stage.tab(await stage.context());
  await catalogue(stage, tab, address);
  await register(stage, tab);
  await publish(stage, tab);
  const access = await giveAccess(stage, tab);
  await enforced(stage, access);
  await logged(stage, tab);
  await returning(stage, tab);
}

async function catalogue(stage, tab, address) {
  stage.at('a tool’s public page leads through signing up to its server, with all that is known filled in');
  await tab.goto(`${stage.world.url}/catalog/chain-tools/${TOOL}`);
  await tab.getByRole('heading', { name: TOOL, exact: true }).waitFor();
  await tab.getByRole('link', { name: 'register Chain Tools' }).click();
  await tab.getByRole('heading', { name: 'Create your account' }).waitFor();
  await stage.accessible(tab, 'sign-up on the way');
  await tab.getByLabel('Email').fill('journey@example.com');
  await tab.getByLabel('Password').fill(PASSWORD);
  await tab.getByRole('button', { name: 'Create account' }).click();
  await tab.getByRole('heading', { name: 'Register Chain Tools' }).waitFor();
  assert.equal(await tab.getByLabel('Address of the MCP server').inputValue(), address);
  assert.equal(await tab.getByLabel('Name', { exact: true }).inputValue(), 'Chain Tools');
  await stage.accessibleEverywhere(tab, 'register');
}

async function register(stage, tab) {
  stage.at('registered, its policy opens with the rule that is recommended for the tool, unpublished');
  await tab.getByRole('button', { name: 'Connect and register' }).click();
  await tab
    .getByRole('status')
    .filter({ hasText: `recommends for ${TOOL} was added` })
    .waitFor();
  await tab.getByRole('button', { name: `${TOOL}: Custom` }).waitFor();
  await tab.getByText('not published', { exact: true }).waitFor();
  await tab.getByLabel('Policy as JSON').getByText('requires human approval').waitFor();

  stage.at('what is recommended for all tools is offered, and one of many is found by its name');
  await tab.getByRole('button', { name: 'Recommended for all tools' }).click();
  await tab.getByRole('dialog').getByRole('row').nth(100).waitFor();
  await tab.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await tab.getByText('more; find them by name', { exact: false }).waitFor();
  await tab.getByLabel('Find a tool').fill(READS);
  await tab.getByRole('button', { name: new RegExp(`^${READS}: `) }).click();
  await tab.getByRole('menuitem', { name: /^Allow/ }).click();
  await tab.getByRole('button', { name: `${READS}: Allow` }).waitFor();
  await stage.accessibleEverywhere(tab, 'policy, from the catalogue');
}

async function publish(stage, tab) {
  stage.at('the first version leads on to giving access');
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByRole('dialog').locator('.cm-content').waitFor();
  await tab.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText('version 1', { exact: true }).waitFor();
  await tab.getByRole('link', { name: 'Give an agent access' }).click();
  await tab.getByText(`Chain Tools, ${COUNT} tools`).waitFor();
}

async function giveAccess(stage, tab) {
  stage.at('an agent gets its token and the address of the gateway');
  await tab.getByLabel('Who will call').fill('trading-agent');
  await tab.getByRole('button', { name: 'Give access' }).click();
  const shown = tab.locator('code', { hasText: /^plt_/ });
  await shown.waitFor();
  const token = (await shown.textContent())?.trim() ?? '';
  await tab.getByRole('tab', { name: 'curl' }).click();
  const text = (await tab.getByRole('region', { name: 'Configuration for curl' }).textContent()) ?? '';
  return { token, gateway: /https?:\/\/[^']+/.exec(text)?.[0] ?? '' };
}

async function enforced(stage, { gateway, token }) {
  stage.at('a real agent may read, has to ask before it moves money, and is refused the rest');
  const isRefused = async (name) => {
    const { status, message } = await call(gateway, token, name, { network: 'bsc' });
    assert.equal(status, 200);
    return message.result?.isError === true ? JSON.stringify(message.result) : null;
  };
  await until('the policy is heard of', async () => (await isRefused(READS)) === null);
  assert.match(await isRefused(TOOL), /approv/i);
  assert.ok(await isRefused(OTHER));
}

async function logged(stage, tab) {
  stage.at('the first call turns the waiting green, and the log says of each call why');
  await tab.getByText('The first call is here').waitFor();
  await tab.keyboard.press('g');
  await tab.keyboard.press('l');
  await tab.getByRole('heading', { name: 'Log', exact: true }).waitFor();
  const rows = tab.getByRole('table', { name: 'Decisions' });
  const row = (name, decision) =>
    rows.getByRole('row').filter({ hasText: name }).filter({ hasText: decision });
  await row(OTHER, 'Denied').waitFor();
  await row(READS, 'Allowed').first().waitFor();
  await row(TOOL, 'Asked').getByRole('button', { name: TOOL }).click();
  const drawer = tab.getByRole('dialog', { name: TOOL });
  const steps = drawer.getByRole('list', { name: 'How it came about' });
  await steps.getByText(`/tools/${TOOL}/approval`).waitFor();
  await drawer.getByRole('link', { name: 'What it waits for' }).click();
  await tab.getByRole('button', { name: 'Approve once' }).waitFor();
}

async function returning(stage, tab) {
  stage.at('whoever has the server already is led to its policy, and the query does nothing by itself');
  await tab.goto(`${stage.world.url}/catalog/chain-tools/${READS}`);
  await tab.getByRole('link', { name: 'register Chain Tools' }).click();
  await tab.getByText('is registered at this address already').waitFor();
  await tab.getByRole('button', { name: 'Go to its policy' }).click();
  await tab
    .getByRole('status')
    .filter({ hasText: `recommends for ${READS} was added, in place of the rule that was there` })
    .waitFor();
  await tab.getByText('version 1', { exact: true }).waitFor();
}
