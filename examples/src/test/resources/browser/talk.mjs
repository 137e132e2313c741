// Talking, whispering, coming and going.

import assert from 'node:assert/strict';
import { until, Visitor } from './people.mjs';

export async function twoPagesTalkAndSeeTheSameInTheSameOrder({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, '小本');
  const said = [];
  for (let i = 0; i < 10; i++) {
    await Promise.all([ann.says(`a${i}`), ben.says(`b${i}`)]);
    said.push(`a${i}`, `b${i}`);
  }
  for (const each of [ann, ben]) for (const text of said) await each.sees(text);
  assert.deepEqual(await ann.texts(), await ben.texts());
  assert.equal((await ann.texts()).length, 20);
  assert.deepEqual(await ann.texts('.mine'), said.filter(text => text[0] === 'a'));
}

export async function messagesOfOnePersonAreGroupedAndEachHasItsTime({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, 'Ben');
  for (const text of ['one', 'two', 'three']) await ann.says(text);
  await ben.sees('three');
  const groups = await ben.page.$$eval('#lines .message', all => all.map(each => each.classList.contains('follows')));
  assert.deepEqual(groups, [false, true, true]);
  assert.equal(await ben.page.locator('.message .name:visible').count(), 1);
  assert.equal(await ben.page.locator('.message time:visible').count(), 3);
  assert.match(await ben.page.locator('.message time').first().textContent(), /^\d\d:\d\d$/);
  assert.equal(await ben.page.locator('.day:visible').count(), 1);
  assert.equal(await ben.page.locator('.day:visible').textContent(), 'Today');
}

export async function whoComesLaterSeesWhatWasSaidToAllButNoWhispers({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, 'Ben');
  await ann.says('before');
  await ann.says('@Ben a secret');
  await ann.says('after');
  await ben.sees('after');
  const cara = await Visitor.in(url, 'Cara');
  await cara.sees('after');
  assert.deepEqual(await cara.texts(), ['before', 'after']);
}

export async function aWhisperReachesOneAloneAndIsMarked({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, '小本');
  const cara = await Visitor.in(url, 'Cara');
  await ann.page.locator('#names button', { hasText: '小本' }).click();
  assert.equal(await ann.focused(), 'message');
  await ann.page.keyboard.type('for you');
  assert.match(await ann.page.textContent('#hint'), /only 小本 will see this/);
  await ann.page.keyboard.press('Enter');
  await ann.sees('for you', '.whisper');
  await ben.sees('for you', '.whisper');
  assert.match(await ben.page.locator('.whisper .who').textContent(), /Ann to you, privately/);
  await ben.page.locator('.whisper .who button').click();
  await ben.page.keyboard.type('thanks');
  await ben.page.keyboard.press('Enter');
  await ann.sees('thanks', '.whisper');
  await ann.says('to all');
  await cara.sees('to all');
  assert.deepEqual(await cara.texts(), ['to all']);
}

export async function aWhisperToNobodyFailsAndCanBeDiscardedOrSentAgain({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  await ann.says('@Ben are you there?');
  await ann.page.waitForSelector('.message.failed');
  assert.match(await ann.page.textContent('.failed .state'), /Not sent: nobody of this name is here/);
  const ben = await Visitor.in(url, 'Ben');
  await ann.isTold('Ben joined');
  await ann.page.click('.failed .state button >> text=Send again');
  await ben.sees('are you there?', '.whisper');
  await ann.sees('are you there?', '.whisper');
  await ann.says('@Nobody hello');
  await ann.page.click('.failed .state button >> text=Discard');
  await until(async () => (await ann.texts()).length === 1, 'the discarded message goes');
}

export async function aNameAloneIsNotSentToAll({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, 'Ben');
  await ben.page.fill('#message', '@Ann ');
  await ben.page.press('#message', 'Enter');
  assert.equal(await ben.page.inputValue('#message'), '@Ann ');
  await ben.says('hello');
  await ann.sees('hello');
  assert.deepEqual(await ann.texts(), ['hello']);
}

export async function aTakenNameIsRefusedAndAnotherAccepted({ url }) {
  await Visitor.in(url, 'Ann');
  const other = await Visitor.at(url);
  await other.enters('Ann');
  await until(async () => /taken/.test(await other.page.textContent('#name-error')), 'the name is refused');
  assert.equal(await other.page.getAttribute('#nickname', 'aria-invalid'), 'true');
  assert.equal(await other.focused(), 'nickname');
  await other.enters('a b');
  await until(async () => /cannot be a nickname/.test(await other.page.textContent('#name-error')), 'blanks are refused');
  await other.enters('  ');
  assert.match(await other.page.textContent('#name-error'), /Please choose/);
  await other.enters('Anna');
  await other.page.waitForSelector('#room:not([hidden])');
  assert.deepEqual(await other.names(), ['Anna (you)', 'Ann']);
}

export async function whoComesAndGoesIsToldAndListed({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, 'Ben');
  await ann.isTold('Ben joined · 2 here');
  await until(async () => (await ann.names()).length === 2, 'the list has two');
  assert.deepEqual(await ann.names(), ['Ann (you)', 'Ben']);
  assert.equal(await ann.page.textContent('#people-total'), '2');
  await ben.page.click('#leave');
  await ann.isTold('Ben left · 1 here');
  await until(async () => (await ann.names()).length === 1, 'the list has one');
  assert.equal(await ben.page.inputValue('#nickname'), 'Ben');
  assert.equal(await ben.focused(), 'nickname');
}

export async function theNameIsRememberedAndAReloadComesBackByItself({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, 'Ben');
  await ann.isTold('Ben joined');
  await ben.says('before');
  await ann.says('@Ben a word for you');
  await ben.sees('a word for you');
  await ben.page.reload();
  await ben.connected();
  await ben.sees('before');
  await ben.says('after');
  await ann.sees('after');
  assert.deepEqual(await ann.texts(), ['before', 'a word for you', 'after']);
  assert.deepEqual(await ben.texts(), ['before', 'a word for you', 'after']);
  await until(async () => (await ann.names()).length === 2, 'the list has two');
  assert.deepEqual(await ann.names(), ['Ann (you)', 'Ben']);
  const tab = await ben.context.newPage();
  await tab.goto(url);
  assert.equal(await tab.inputValue('#nickname'), 'Ben');
}

export async function markupInNamesAndMessagesStaysText({ url }) {
  const nasty = '<img/src=x/onerror=pwned=1>';
  const eve = await Visitor.in(url, nasty);
  const ann = await Visitor.in(url, 'Ann');
  const texts = [
    '<script>pwned = 1</script>',
    '<img src=x onerror="pwned = 1">',
    '"><svg onload=pwned=1>',
    '&lt;b&gt; &amp; {{7*7}} ${7*7}',
    'javascript:alert(1)',
    'data:text/html,<script>pwned=1</script>',
    '\u202eright to left\u202e',
  ];
  for (const text of texts) await eve.says(text);
  await eve.says(`@Ann ${texts[1]}`);
  await ann.sees(texts[1], '.whisper');
  assert.deepEqual(await ann.texts('.said'), texts);
  for (const each of [ann, eve]) {
    assert.equal(await each.page.evaluate(() => typeof window.pwned), 'undefined');
    assert.equal(await each.page.locator('#room img, #room script, #lines a').count(), 0);
  }
  assert.deepEqual(await ann.names(), ['Ann (you)', nasty]);
}

export async function webAddressesAreLinksThatGiveNothingAway({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  await ann.says('See http://example.com/a?b=c#d, and https://user@evil.example/ not.');
  await ann.sees('See http://example.com/a?b=c#d, and https://user@evil.example/ not.');
  const links = await ann.page.$$eval('#lines a', all => all.map(({ href, rel, target }) => ({ href, rel, target })));
  assert.deepEqual(links, [{ href: 'http://example.com/a?b=c#d', rel: 'noopener noreferrer', target: '_blank' }]);
}

export async function whatIsNotSeenIsCountedInTheTitle({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  const ben = await Visitor.in(url, 'Ben');
  assert.equal(await ann.page.title(), 'Netloop chat');
  await ann.hides(true);
  for (const text of ['one', 'two', '@Ann three']) await ben.says(text);
  await until(async () => (await ann.page.title()) === '(3) Netloop chat', 'the title counts');
  await ann.hides(false);
  assert.equal(await ann.page.title(), 'Netloop chat');
}

export async function whoReadsFurtherUpStaysThereAndIsToldOfNewMessages({ url }) {
  const ann = await Visitor.in(url, 'Ann', { viewport: { width: 900, height: 420 } });
  const ben = await Visitor.in(url, 'Ben');
  for (let i = 0; i < 20; i++) await ben.says(`line ${i}`);
  await ann.sees('line 19');
  const place = () => ann.page.$eval('#log', log => log.scrollTop);
  const isAtEnd = () => ann.page.$eval('#log', log => log.scrollHeight - log.scrollTop - log.clientHeight < 2);
  await until(isAtEnd, 'the log keeps to its end');
  await ann.page.$eval('#log', log => (log.scrollTop = 40));
  await ann.page.waitForSelector('#newer:visible');
  await ben.says('new one');
  await until(async () => /1 new message/.test(await ann.page.textContent('#newer')), 'the button tells');
  assert.equal(await place(), 40);
  await ann.page.click('#newer');
  await until(isAtEnd, 'the button leads to the end');
  assert.equal(await ann.page.locator('#newer:visible').count(), 0);
}

export async function itSpeaksTheLanguageOfTheBrowserOrTheOneChosen({ url }) {
  const ben = await Visitor.in(url, '小本', { locale: 'zh-CN' });
  assert.equal(await ben.page.title(), 'Netloop 聊天室');
  assert.equal(await ben.page.getAttribute('html', 'lang'), 'zh-CN');
  await ben.isTold('登录成功，当前在线用户：1');
  const ann = await Visitor.in(url, 'Ann');
  await ben.isTold('Ann 进入了聊天室，当前在线人数：2');
  await ann.says('hello');
  await ben.sees('hello');
  await ben.page.click('#language');
  assert.equal(await ben.page.getAttribute('html', 'lang'), 'en');
  await ben.isTold('Ann joined · 2 here');
  assert.deepEqual(await ben.texts(), ['hello']);
  await ben.page.reload();
  await ben.connected();
  assert.equal(await ben.page.textContent('#leave'), 'Leave');
}
