/** Every part of the policy language, written by clicking; the JSON view is in step. */
import assert from 'node:assert/strict';
import { enter, seeded } from '../seed.mjs';

const POLICY = { version: '1', default: 'deny', tools: { get_order: { action: 'allow' } } };

export default async function rules(stage) {
  const { admin, base, path } = await seeded(stage.world, 'rules@example.com', { policy: POLICY });
  const context = await stage.context({ width: 1500, height: 950 });
  await enter(context, stage.world.url, admin);
  const tab = await stage.tab(context);
  await tab.goto(`${base}/servers/orders/policies/main`);
  await tab.getByLabel('Policy as JSON').waitFor();
  await oneRule(stage, tab);
  await moreGeneral(stage, tab);
  await many(stage, tab);
  await written(stage, tab, admin, path);
}

async function oneRule(stage, tab) {
  stage.at('a rule with conditions, limits and approval is written by clicking');
  await tab.getByRole('button', { name: 'create_refund: Default' }).click();
  await tab.getByRole('menuitem', { name: /^Custom/ }).click();
  await tab.getByLabel('Action').selectOption('allow');
  await tab.getByRole('button', { name: 'Requirement' }).click();
  const required = tab.getByRole('region', { name: 'Requirement 1' });
  await required.getByLabel('Path').fill('args.amount');
  await required.getByLabel('Comparison').selectOption('lte');
  await required.getByLabel('Value').fill('500.50');
  await required.getByLabel('What the agent is told').fill('Refunds above 500.50 need a person.');

  await tab.getByRole('button', { name: 'Refusal' }).click();
  const refused = tab.getByRole('region', { name: 'Refusal 1' });
  await refused.getByLabel('Path').fill('args.order');
  await refused.getByLabel('Comparison').selectOption('in');
  await refused.getByLabel('Values, one a line').fill('A-1\nA-2\n"12"');
  await refused.getByLabel('Kind').selectOption('any');
  await refused.getByRole('button', { name: 'Condition', exact: true }).first().click();
  const second = refused.getByRole('group', { name: 'Refusal 1, condition 1, condition 2' });
  await second.getByLabel('Kind').selectOption('not');
  const inner = second.getByRole('group', { name: /not$/ });
  await inner.getByLabel('Path').fill('identity.kind');
  await inner.getByLabel('Value').fill('agent');
  await refused.getByLabel('What the agent is told').fill('Not this order.');

  await tab.getByRole('button', { name: 'Limit', exact: true }).click();
  const limit = tab.getByRole('region', { name: 'Limit 1' });
  await limit.getByLabel('Counter', { exact: true }).fill('refunded');
  await limit.getByLabel('At most').fill('1000.25');
  await limit.getByLabel('Window').selectOption('seconds');
  await limit.getByLabel('How many').fill('900');
  await limit.getByLabel('Counted for').selectOption('team');
  await limit.getByLabel('A call takes').selectOption('from');
  await limit.getByText('More about this limit').click();
  await limit.getByLabel('A counter for each value of').fill('args.order');
  await limit.getByLabel('If counting is not possible').selectOption('allow');
  await limit.getByLabel('Rolling').check();
  await tab.getByRole('button', { name: 'Rate limit' }).click();
  await tab.getByRole('region', { name: 'Rate limit' }).getByLabel('Most calls').fill('5');

  await tab.getByRole('button', { name: 'Approval' }).click();
  const approval = tab.getByRole('region', { name: 'Approval' });
  await approval.getByLabel('Asked').selectOption('admin');
  await approval.getByLabel('How many').selectOption('2');
  await approval.getByLabel('Good for, in seconds').fill('600');
  await tab.getByLabel('Problems').waitFor({ state: 'detached' });
  await stage.accessibleEverywhere(tab, 'policy, rule');

  stage.at('what is typed in the JSON is in the fields at once, and undo is one for both');
  const json = tab.getByLabel('Policy as JSON');
  await json.getByText('500.50').first().waitFor();
  await json.getByText('"quorum"').waitFor();
  await tab.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await approval.getByLabel('Good for, in seconds').inputValue(), '');
  await tab.getByRole('button', { name: 'Redo' }).click();
  assert.equal(await approval.getByLabel('Good for, in seconds').inputValue(), '600');
  await tab.getByRole('button', { name: 'Rule of create_refund' }).click();
  await tab.getByText('1 condition required', { exact: false }).waitFor();
}

async function moreGeneral(stage, tab) {
  stage.at('rules for all tools, classes, patterns, prompts and resources are written by clicking');
  await tab.getByRole('tab', { name: 'General' }).click();
  await tab.getByLabel('What this policy is for').fill('Refunds, carefully.');
  await tab.getByLabel('Pattern to hide').fill('debug_*');
  await tab.getByRole('button', { name: 'Hide', exact: true }).click();
  await tab.getByRole('button', { name: 'Rule for all tools' }).click();
  const all = tab.getByRole('region', { name: 'All tools' });
  await all.getByRole('button', { name: 'All tools' }).first().click();
  await all.getByRole('button', { name: 'Rate limit' }).click();
  await tab.getByRole('region', { name: 'Classes' }).getByRole('button', { name: 'destructive' }).click();
  await tab.getByLabel('Pattern of tool names').fill('export_*');
  await tab
    .getByRole('region', { name: 'Patterns' })
    .getByRole('button', { name: 'Rule', exact: true })
    .click();
  await stage.accessibleEverywhere(tab, 'policy, general');
  await tab.getByRole('tab', { name: 'Prompts and resources' }).click();
  await tab.getByRole('button', { name: 'Resources of their own' }).click();
  await tab.getByLabel('Pattern of resources').fill('file:///etc/*');
  await tab
    .getByRole('region', { name: 'Resources' })
    .getByRole('button', { name: 'Rule', exact: true })
    .click();
  await stage.accessibleEverywhere(tab, 'policy, sections');
  await tab.getByRole('tab', { name: 'Tools', exact: true }).click();
  await tab.getByText('Deny, by export_*').waitFor();
}

async function many(stage, tab) {
  stage.at('a class of tools is set in one go, also to a rule that is written once for all of them');
  await tab.getByRole('group', { name: 'Choose by class' }).getByRole('button', { name: /^read/ }).click();
  await tab.getByRole('button', { name: 'Set the chosen tools' }).click();
  await tab.getByRole('menuitem', { name: /^Custom/ }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Limit', exact: true }).click();
  await dialog.getByLabel('Counter', { exact: true }).fill('reads');
  await stage.accessible(tab, 'policy, a rule for many');
  await dialog.getByRole('button', { name: /^Use for/ }).click();
  await tab.getByRole('button', { name: 'get_order: Custom' }).waitFor();
  await tab.getByRole('button', { name: 'search_orders: Custom' }).waitFor();
}

/** What was clicked together is what is published. */
async function written(stage, tab, admin, path) {
  stage.at('what was clicked together is published as the document that it is');
  await tab.getByRole('button', { name: 'Review and publish' }).click();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText('version 2', { exact: true }).waitFor();
  const { document } = await admin.api('GET', `${path}/servers/orders/policies/main`);
  assert.ok(document.includes('500.50') && document.includes('1000.25'), document);
  const read = { counter: 'reads', window: 'hour', max: 20, scope: 'grant' };
  const found = JSON.parse(document);
  assert.deepEqual(found.tools.search_orders, { action: 'allow', limits: [read] });
  assert.deepEqual(found.tools.create_refund, {
    action: 'allow',
    require: [
      {
        conditions: [{ path: 'args.amount', op: 'lte', value: 500.5 }],
        on_deny: 'Refunds above 500.50 need a person.',
      },
    ],
    deny_if: [
      {
        conditions: [
          {
            any: [
              { path: 'args.order', op: 'in', value: ['A-1', 'A-2', '12'] },
              { not: { path: 'identity.kind', op: 'eq', value: 'agent' } },
            ],
          },
        ],
        on_deny: 'Not this order.',
      },
    ],
    limits: [
      {
        counter: 'refunded',
        window: 900,
        max: 1000.25,
        scope: 'team',
        increment_from: 'args.amount',
        key: 'args.order',
        on_outage: 'allow',
        rolling: true,
      },
    ],
    rate_limit: { max: 5, window: 'minute' },
    approval: { approvers: 'admin', quorum: 2, expires_in: 600 },
  });
  assert.deepEqual(found.hide, ['debug_*']);
  assert.deepEqual(found.categories, { destructive: { action: 'deny' } });
  assert.deepEqual(found.all_tools, { rate_limit: { max: 60, window: 'minute' } });
  assert.deepEqual(found.resources, { default: 'deny', rules: { 'file:///etc/*': { action: 'deny' } } });
}
