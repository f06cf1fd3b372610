/** The console in a real browser against the real program: `npm run browser`, or some topics of it by name. */
import assert from 'node:assert/strict';
import { chromiumPath } from './browser.mjs';
import { openStage } from './stage.mjs';
import account from './topics/account.mjs';
import approvals from './topics/approvals.mjs';
import definitions from './topics/definitions.mjs';
import firstMinutes from './topics/first-minutes.mjs';
import journey from './topics/journey.mjs';
import log from './topics/log.mjs';
import owning from './topics/owning.mjs';
import people from './topics/people.mjs';
import policy from './topics/policy.mjs';
import proving from './topics/proving.mjs';
import publicPages from './topics/public.mjs';
import roles from './topics/roles.mjs';
import rules from './topics/rules.mjs';
import screens from './topics/screens.mjs';

/** The first begins with an empty data folder; each of the others has an organisation of its own. */
const TOPICS = {
  'first-minutes': firstMinutes,
  policy,
  rules,
  proving,
  definitions,
  journey,
  public: publicPages,
  log,
  approvals,
  people,
  owning,
  roles,
  screens,
  account,
};

if (!chromiumPath()) {
  console.log('skipped: there is no Chromium (Debian: apt-get install chromium)');
  process.exit(0);
}
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in TOPICS));
if (unknown.length > 0) {
  console.error(`no such topic: ${unknown.join(', ')}; there are ${Object.keys(TOPICS).join(', ')}`);
  process.exit(2);
}

const stage = await openStage();
try {
  for (const [name, topic] of Object.entries(TOPICS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const begun = Date.now();
    await topic(stage);
    await stage.clear();
    console.log(`browser: ${name} took ${Math.round((Date.now() - begun) / 100) / 10} s`);
  }
  stage.step = 'looking at what was collected';
  assert.deepEqual(stage.faults, [], 'the page complained');
  assert.deepEqual(stage.findings, [], 'axe found');
  console.log('browser: all of it works');
} catch (error) {
  console.error(`browser: FAILED while: ${stage.step}\n${error instanceof Error ? error.stack : error}`);
  if (stage.faults.length > 0) console.error(`the page complained:\n${stage.faults.join('\n')}`);
  if (stage.findings.length > 0) console.error(`axe found:\n${stage.findings.join('\n')}`);
  console.error(await stage.shown());
  process.exitCode = 1;
} finally {
  await stage.close();
}
