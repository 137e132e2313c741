// All by keyboard, and what a screen reader is told.

import assert from 'node:assert/strict';
import { until, Visitor } from './people.mjs';

const PHONE = { viewport: { width: 390, height: 760 } };

async function typed(visitor, ...keys) {
  for (const key of keys) await visitor.page.keyboard.press(key);
}

export async function oneComesInTalksAndLeavesByKeyboardAlone({ url }) {
  const ann = await Visitor.at(url);
  const { page } = ann;
  assert.equal(await ann.focused(), 'nickname');
  await page.keyboard.type('Ann');
  await typed(ann, 'Enter');
  await page.waitForSelector('#room:not([hidden])');
  assert.equal(await ann.focused(), 'message');
  await page.keyboard.type('one');
  await typed(ann, 'Shift+Enter');
  await page.keyboard.type('two');
  await typed(ann, 'Enter');
  await ann.sees('one\ntwo');
  assert.equal(await page.inputValue('#message'), '');
  await typed(ann, 'Shift+Tab');
  assert.equal(await ann.focused(), 'log');
  await typed(ann, 'Shift+Tab');
  assert.equal(await ann.focused(), 'leave');
  await typed(ann, 'Enter');
  await page.waitForSelector('#door:not([hidden])');
  assert.equal(await ann.focused(), 'nickname');
}

export async function namesAreCompletedWithTheArrowKeys({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const others = ['Ben', 'Cara', 'Carla', '小本'];
  for (const name of others) await Visitor.in(url, name);
  await ann.isTold('小本 joined');
  const { page } = ann;
  const chosen = () => page.evaluate(() => {
    const id = document.getElementById('message').getAttribute('aria-activedescendant');
    return id && document.getElementById(id).querySelector('.name').textContent;
  });
  await page.focus('#message');
  await page.keyboard.type('@');
  assert.deepEqual(await page.$$eval('#choices .name', all => all.map(each => each.textContent)), others);
  assert.equal(await chosen(), 'Ben');
  await typed(ann, 'ArrowDown');
  assert.equal(await chosen(), 'Cara');
  await typed(ann, 'ArrowUp', 'ArrowUp');
  assert.equal(await chosen(), '小本');
  await page.keyboard.type('car');
  await typed(ann, 'ArrowDown');
  assert.equal(await chosen(), 'Carla');
  assert.equal(await page.locator('#choices [aria-selected=true]').count(), 1);
  await typed(ann, 'Escape');
  assert.equal(await page.locator('#choices:visible').count(), 0);
  assert.equal(await page.inputValue('#message'), '@car');
  assert.equal(await chosen(), null);
  await typed(ann, 'Backspace', 'Tab');
  assert.equal(await page.inputValue('#message'), '@Cara ');
  assert.equal(await ann.focused(), 'message');
  await page.keyboard.type('hello');
  await typed(ann, 'Escape');
  assert.equal(await page.inputValue('#message'), 'hello');
}

export async function anInputMethodKeepsItsKeys({ url }) {
  const ben = await Visitor.in(url, '小本');
  await ben.page.fill('#message', 'ni hao');
  const event = init => ben.page.dispatchEvent('#message', 'keydown', { key: 'Enter', bubbles: true, ...init });
  await event({ isComposing: true });
  await event({ keyCode: 229 });
  assert.equal(await ben.page.inputValue('#message'), 'ni hao');
  assert.deepEqual(await ben.texts(), []);
  await event({});
  await ben.sees('ni hao');
}

export async function whereTheFocusIsCanBeSeen({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  await Visitor.in(url, 'Ben');
  await ann.isTold('Ben joined');
  await until(async () => (await ann.names()).length === 2, 'the list has two');
  const seen = new Set();
  for (let i = 0; i < 12; i++) {
    await typed(ann, 'Tab');
    const { what, visible } = await ann.page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement === document.body) return { what: 'body', visible: true };
      const outlined = getComputedStyle(activeElement);
      const framed = getComputedStyle(activeElement.closest('form') ?? activeElement);
      const visible = (outlined.outlineStyle !== 'none' && outlined.outlineWidth !== '0px') || framed.boxShadow !== 'none';
      return { what: activeElement.id || activeElement.className, visible };
    });
    assert.ok(visible, `the focus on ${what} can be seen`);
    seen.add(what);
  }
  for (const what of ['language', 'leave', 'log', 'message', 'send', 'person']) assert.ok(seen.has(what), `${what} is reached`);
}

export async function theListOfPeopleIsADrawerOnAPhone({ url }) {
  const ann = await Visitor.in(url, 'Ann', PHONE);
  for (const name of ['Ben', 'Cara']) await Visitor.in(url, name);
  await ann.isTold('Cara joined');
  const { page } = ann;
  assert.equal(await page.locator('#people:visible').count(), 0);
  await until(async () => (await page.textContent('#people-count')) === '3', 'the button tells how many');
  await page.focus('#people-open');
  await typed(ann, 'Enter');
  assert.equal(await ann.focused(), 'people-close');
  assert.equal(await page.getAttribute('#people-open', 'aria-expanded'), 'true');
  await typed(ann, 'Tab', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'End', 'Home');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.name), 'Ben');
  await typed(ann, 'Escape');
  assert.equal(await ann.focused(), 'people-open');
  assert.equal(await page.getAttribute('#people-open', 'aria-expanded'), 'false');
  await until(async () => (await page.locator('#people:visible').count()) === 0, 'the drawer closes');
  await typed(ann, 'Enter', 'Tab', 'Enter');
  assert.equal(await page.inputValue('#message'), '@Ben ');
  assert.equal(await ann.focused(), 'message');
}

export async function aScreenReaderFindsTheParts({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, 'Ben');
  await ben.says('one');
  await ben.says('two');
  await ann.sees('two');
  const { page } = ann;
  for (const role of ['banner', 'main', 'complementary', 'log']) {
    assert.equal(await page.getByRole(role).count(), 1, `there is one ${role}`);
  }
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.getByRole('button', { name: 'Send' }).waitFor();
  await page.getByRole('log', { name: 'Messages' }).waitFor();
  // Each message is read by itself, with its name, though the name is shown once.
  const spoken = await page.$$eval('.message .bubble', all => all.map(each => each.innerText.replace(/\s+/g, ' ')));
  assert.match(spoken[1], /^Ben: two/);
  await until(async () => (await page.getAttribute('#log', 'aria-live')) === null, 'the log speaks after the history');
}
