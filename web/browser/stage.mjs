/** What all topics of the browser tests work with: the program, a browser, and what was found on the way. */
import { axe, browser, page } from './browser.mjs';
import { product } from './product.mjs';

const SIZE = { width: 1280, height: 860 };

export async function openStage() {
  const world = await product();
  const chromium = await browser();
  const faults = [];
  const findings = [];
  const tabs = [];
  const stage = {
    world,
    faults,
    findings,
    step: 'starting',
    /** Says what is tried, so that a failure has a name. */
    at(name) {
      stage.step = name;
      console.log(`browser: ${name}`);
    },
    /** A browser of its own, where nobody is signed in. */
    async context(viewport = SIZE) {
      return chromium.newContext({ viewport });
    },
    async tab(context) {
      const tab = await page(context, faults);
      tabs.push(tab);
      return tab;
    },
    /** What axe finds on this screen, and whether it is wider than the window, is told at the end. */
    async accessible(tab, name) {
      await settled(tab);
      const wider = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wider > 0) findings.push(`${name}: the page is ${wider} px wider than the window`);
      // A message that comes or goes has no contrast worth measuring; `message` measures one that stands.
      const found = await axe(tab, { exclude: [['[data-sonner-toaster]']] });
      findings.push(...found.map((finding) => `${name}: ${finding}`));
    },
    /** What axe finds on a message, in the moment in which it stands still. */
    async message(tab, text) {
      const toast = tab.locator('[data-sonner-toast]').filter({ hasText: text });
      await toast.waitFor();
      await toast.evaluate(async (element) => {
        await Promise.all(element.getAnimations().map((animation) => animation.finished));
      });
      const found = await axe(tab, { include: [['[data-sonner-toast]']] });
      findings.push(...found.map((finding) => `message ${text}: ${finding}`));
    },
    /** What axe finds in both colour schemes, one of them on a phone. */
    async accessibleEverywhere(tab, name) {
      await stage.accessible(tab, `${name}, light`);
      // Colours that are still on their way from one scheme to the other have no contrast worth measuring.
      await tab.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      await tab.setViewportSize({ width: 390, height: 844 });
      await stage.accessible(tab, `${name}, dark, phone`);
      await tab.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
      await tab.setViewportSize(SIZE);
    },
    /** What every open page shows, for whoever reads of a failure. */
    async shown() {
      const open = tabs.filter((tab) => !tab.isClosed());
      const texts = open.map(async (tab) => {
        const text = await tab
          .locator('body')
          .innerText({ timeout: 5000 })
          .catch(() => '');
        return `at ${tab.url()}:\n${text.slice(0, 2000)}`;
      });
      return (await Promise.all(texts)).join('\n\n');
    },
    /** Closes what a topic has left open, so that the next begins with nothing. */
    async clear() {
      tabs.length = 0;
      await Promise.all(chromium.contexts().map((context) => context.close()));
    },
    async close() {
      await chromium.close();
      await world.stop();
    },
  };
  return stage;
}

/** Everything that was asked for is there, and nothing is on its way from one look to another; messages come and go by themselves. */
export async function settled(tab) {
  await tab.waitForFunction(() => !document.querySelector('[data-loading]'));
  await tab.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => {
      const endless = effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY;
      return playState !== 'running' || endless || effect?.target?.closest('[data-sonner-toaster]');
    }),
  );
}
