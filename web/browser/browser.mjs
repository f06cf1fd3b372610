/** Chromium as the system has it, and what every test does with it. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { PATIENCE_MS } from './product.mjs';

const CANDIDATES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The browser's program; nothing when there is none. */
export function chromiumPath() {
  return CANDIDATES.find((path) => path && existsSync(path));
}

export async function browser() {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('no Chromium; on Debian: apt-get install chromium');
  // Root has no sandbox to put it in; it sees nothing but our own pages.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
  return chromium.launch({ executablePath, args, timeout: PATIENCE_MS });
}

/** A page that fails the test when a script of it fails. */
export async function page(context, faults) {
  const tab = await context.newPage();
  tab.setDefaultTimeout(PATIENCE_MS);
  tab.on('pageerror', (error) => faults.push(`${tab.url()}: ${error.message}`));
  tab.on('console', (message) => {
    const text = message.text();
    // An answer of 401 or 404 that the page deals with is told by the browser all the same.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource'))
      faults.push(`${tab.url()}: ${text}`);
  });
  return tab;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The serious findings of axe on what is shown, or on those parts of it. */
export async function axe(tab, where = { exclude: [] }) {
  // Evaluated by the debugger, which the page's content security policy rightly does not concern.
  if (!(await tab.evaluate(() => 'axe' in globalThis))) await tab.evaluate(AXE);
  const result = await tab.evaluate(
    ([context, values]) =>
      globalThis.axe.run(context, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
    [where, RULES],
  );
  return result.violations
    .filter((found) => ['serious', 'critical'].includes(found.impact))
    .map(
      (found) =>
        `${found.id}: ${found.help}\n    ${found.nodes
          .map((node) => node.html)
          .slice(0, 4)
          .join('\n    ')}`,
    );
}
