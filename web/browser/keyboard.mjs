/** A person without a pointer: what is used has to be reached by keys first. */
import assert from 'node:assert/strict';

const FARTHEST = 80;

const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);

/** Presses a key until the focus is there. */
export async function reach(tab, locator, key = 'Tab') {
  await locator.waitFor();
  for (let presses = 0; presses < FARTHEST; presses++) {
    if (await isFocused(locator)) return;
    await tab.keyboard.press(key);
  }
  assert.fail(`${FARTHEST} times ${key} do not lead to ${locator}`);
}

/** Reaches something and presses Enter on it. */
export async function activate(tab, locator) {
  await reach(tab, locator);
  await tab.keyboard.press('Enter');
}

/** Reaches a field and writes into it, in place of what is there. */
export async function write(tab, locator, text) {
  await reach(tab, locator);
  await tab.keyboard.press('Control+a');
  await tab.keyboard.type(text);
}

/** One of a group that takes one stop: to the group by Tab, within it by arrows. */
export async function choose(tab, group, choice) {
  await group.waitFor();
  for (let presses = 0; presses < FARTHEST; presses++) {
    if (await group.evaluate((element) => element.contains(document.activeElement))) break;
    await tab.keyboard.press('Tab');
  }
  await reach(tab, choice, 'ArrowRight');
}
