// How it looks and what it weighs: phones, dark and light, contrast, axe.

import assert from 'node:assert/strict';
import { axeSource, until, Visitor } from './people.mjs';

const PHONE = { viewport: { width: 360, height: 700 }, isMobile: true, hasTouch: true };
const LONG_NAME = 'W'.repeat(32);

/** What axe finds, as sentences. */
async function axe(visitor, what) {
  // By evaluation: the policy of the page forbids a script tag.
  await visitor.page.evaluate(axeSource);
  const { violations } = await visitor.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const sentences = violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`));
  assert.deepEqual(sentences, [], what);
}

async function fill(visitor, other) {
  await other.says('Good morning, see https://example.com/ for more.');
  await visitor.says('Thanks!');
  await other.says(`@${visitor.name} a word for you`);
  await visitor.says(`@${other.name} and one back`);
  await visitor.says('@Nobody hello');
  await visitor.sees('a word for you');
  await visitor.page.waitForSelector('.message.failed');
}

export const axeFindsNothingOnAWideScreen = looked({});
export const axeFindsNothingInTheDark = looked({ colorScheme: 'dark' });
export const axeFindsNothingOnAPhone = looked(PHONE);
export const axeFindsNothingOnAPhoneInTheDarkInChinese = looked({ ...PHONE, colorScheme: 'dark', locale: 'zh-CN' });

function looked(given) {
  // Without motion, so that nothing is measured half way.
  const options = { reducedMotion: 'reduce', ...given };
  return async room => {
    const door = await Visitor.at(room.url, options);
    await axe(door, 'the door');
    const ann = await Visitor.in(room.url, 'Ann', options);
    const ben = await Visitor.in(room.url, '小本');
    await door.enters('Ann');
    await until(async () => (await door.page.textContent('#name-error')) !== '', 'the name is refused');
    await axe(door, 'the door after a refusal');
    await fill(ann, ben);
    await axe(ann, 'the room');
    await ann.page.fill('#message', '@');
    await axe(ann, 'the completion');
    await ann.page.fill('#message', '@小本 hm');
    await axe(ann, 'a whisper');
    if (options.isMobile) {
      await ann.page.click('#people-open');
      await axe(ann, 'the drawer');
      await ann.page.click('#people-close');
    }
    await room.kill();
    await ann.page.waitForSelector('#state.waiting');
    await ann.page.fill('#message', 'into the blue');
    await ann.page.press('#message', 'Enter');
    await axe(ann, 'a lost connection');
  };
}

export async function allNamesHaveEnoughContrast({ url }) {
  for (const colorScheme of ['light', 'dark']) {
    const ann = await Visitor.in(url, `Ann-${colorScheme}`, { colorScheme });
    await ann.says('hello');
    const worst = await ann.page.evaluate(worstContrast);
    assert.ok(worst.name >= 4.5, `names on the ground, ${colorScheme}: ${worst.name}`);
    assert.ok(worst.avatar >= 4.5, `letters on their discs, ${colorScheme}: ${worst.avatar}`);
  }
}

/** Runs in the page: measures the colours as the browser paints them. */
function worstContrast() {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const luminance = colour => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const linear = [...context.getImageData(0, 0, 1, 1).data]
      .slice(0, 3)
      .map(each => each / 255)
      .map(each => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const person = document.querySelector('#names .person');
  const [name, avatar] = [person.querySelector('.name'), person.querySelector('.avatar')];
  const ground = getComputedStyle(document.body).backgroundColor;
  const surface = getComputedStyle(document.getElementById('people')).backgroundColor;
  const worst = { name: 21, avatar: 21 };
  for (let hue = 0; hue < 360; hue += 15) {
    person.style.setProperty('--hue', hue);
    const ink = getComputedStyle(name).color;
    const disc = getComputedStyle(avatar);
    worst.name = Math.min(worst.name, contrast(ink, ground), contrast(ink, surface));
    worst.avatar = Math.min(worst.avatar, contrast(disc.color, disc.backgroundColor));
  }
  return worst;
}

export async function nothingIsCutOffOnANarrowPhone({ url }) {
  const ann = await Visitor.in(url, LONG_NAME, { ...PHONE, viewport: { width: 320, height: 560 } });
  const ben = await Visitor.in(url, 'Ben');
  await ben.says('x'.repeat(500));
  await ben.says('https://example.com/' + 'y'.repeat(300));
  await ben.says(`@${LONG_NAME} ${'字'.repeat(200)}`);
  await ann.says('z'.repeat(100));
  await ann.sees('字'.repeat(200));
  const tooWide = await ann.page.evaluate(() =>
    [...document.querySelectorAll('html, body, #bar, #log, .bubble, .who, #composer')]
      .filter(each => each.scrollWidth > each.clientWidth + 1)
      .map(each => each.id || each.className || each.tagName),
  );
  assert.deepEqual(tooWide, []);
  const small = await ann.page.$$eval('#bar button, #send', all =>
    all.filter(each => each.offsetParent && each.getBoundingClientRect().height < 24).map(each => each.id),
  );
  assert.deepEqual(small, [], 'what one taps is 24 pixels high at least (WCAG 2.2, 2.5.8)');
  await ann.page.setViewportSize({ width: 320, height: 300 });
  await ann.page.waitForFunction(() => {
    const { bottom } = document.getElementById('composer').getBoundingClientRect();
    return bottom <= innerHeight;
  });
}

export async function motionIsReducedWhereThatIsWished({ url }) {
  const ann = await Visitor.in(url, 'Ann', { ...PHONE, reducedMotion: 'reduce' });
  assert.equal(await ann.page.$eval('#people', each => getComputedStyle(each).transitionProperty), 'none');
}

export async function itIsLightAndUsableAtOnce({ url }) {
  const times = [];
  // A machine that is busy with other tests may take longer now and then.
  for (let i = 0; i < 12 && !(Math.min(...times) < 300); i++) {
    const visitor = await Visitor.at('about:blank');
    await visitor.page.addInitScript(() => {
      // The name can be typed from when the field has the focus, which the script gives it.
      addEventListener('focusin', () => (globalThis.usableAt ??= performance.now()));
    });
    await visitor.page.goto(url);
    await visitor.page.waitForFunction(() => globalThis.usableAt !== undefined);
    const { usableAt, bytes, parts } = await visitor.page.evaluate(() => {
      const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
      const sum = entries.reduce((total, { transferSize }) => total + transferSize, 0);
      return { usableAt: globalThis.usableAt, bytes: sum, parts: entries.length };
    });
    assert.ok(parts > 5, 'the parts are counted');
    assert.ok(bytes > 5_000 && bytes < 60 * 1024, `${bytes} bytes over the wire`);
    times.push(usableAt);
    if (i === 0) console.log(`# ${bytes} bytes over the wire in ${parts} parts`);
    await visitor.context.close();
  }
  console.log(`# usable after ${times.map(Math.round).join(', ')} ms`);
  assert.ok(Math.min(...times) < 300, `usable after ${times} ms`);
}

export async function everythingComesFromTheRoomItself({ url }) {
  const ann = await Visitor.at('about:blank');
  const asked = [];
  ann.page.on('request', request => asked.push(new URL(request.url()).origin));
  await ann.page.goto(url);
  await ann.enters('Ann');
  await ann.connected();
  assert.deepEqual([...new Set(asked)], [new URL(url).origin]);
  const inline = await ann.page.$$eval('script:not([src]), style, [style*=url], [onclick], [onload]', all => all.length);
  assert.equal(inline, 0);
}
