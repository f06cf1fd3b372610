/** The public pages: accessible at both widths and in both schemes, waiting for no script, and small. */
import assert from 'node:assert/strict';
import { TOOLS } from '../product.mjs';

/** The most that a page may transfer with its style and script, in bytes. */
const LARGEST = 60_000;

export default async function publicPages(stage) {
  const { world } = stage;
  await world.catalogue([{ name: 'Order Desk', transport: 'http', url: world.upstream, tools: TOOLS }]);
  const tab = await stage.tab(await stage.context());
  const paths = [
    '/',
    '/catalog',
    '/catalog?q=order',
    '/catalog/order-desk',
    '/catalog/order-desk/create_refund',
    '/category/financial',
    '/risk/high',
    '/stack',
    '/stack?s=order-desk',
    '/contact',
    '/nothing-here',
    ...(await linked(tab, world.url, '/attacks')).slice(0, 2),
    ...(await linked(tab, world.url, '/docs')),
  ];
  for (const path of paths) {
    stage.at(`${path} is accessible, waits for no script, and is small`);
    await tab.goto(`${world.url}${path}`);
    await stage.accessibleEverywhere(tab, path);
    const { bytes, blocking } = await tab.evaluate(weight);
    assert.deepEqual(blocking, [], `${path} waits for scripts`);
    assert.ok(bytes > 0 && bytes <= LARGEST, `${path} transfers ${bytes} bytes`);
  }
}

/** An index page and the pages below it that it leads to. */
async function linked(tab, url, index) {
  await tab.goto(`${url}${index}`);
  const links = await tab
    .locator(`main a[href^="${index}/"]`)
    .evaluateAll((all) => all.map((a) => a.pathname));
  assert.ok(links.length > 0, `${index} leads nowhere`);
  return [...new Set([index, ...links])];
}

/** What the page has transferred, compressed where it was, and the scripts that it waits for; runs in the page. */
function weight() {
  const loaded = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type));
  const scripts = [...document.scripts].filter(({ type }) => type !== 'application/ld+json');
  return {
    bytes: loaded.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    blocking: scripts.filter((one) => !(one.src && (one.defer || one.async))).map((one) => one.outerHTML),
  };
}
