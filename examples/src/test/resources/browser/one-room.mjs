// Terminals, programs of the course and browsers in one room; the pictures of the documents come from here.

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { browser, pictures, until, Visitor } from './people.mjs';

const WIDE = { viewport: { width: 900, height: 560 } };
const PHONE = { viewport: { width: 390, height: 700 }, isMobile: true, hasTouch: true };

async function picture(page, name) {
  await fs.mkdir(pictures, { recursive: true });
  await page.mouse.move(0, 0);
  return page.screenshot({ path: path.join(pictures, `chat-${name}.png`) });
}

export async function aTerminalAProgramOfTheCourseAndTwoPagesSeeTheSame(room) {
  const terminal = room.terminal();
  const course = room.courseClient();
  try {
    await terminal.prints('请输入昵称：');
    terminal.types('小安');
    await terminal.prints('登录成功');
    await course.prints('请输入昵称：');
    course.types('Cara');
    await course.prints('登录成功');
    const ann = await Visitor.in(room.url, 'Ann', WIDE);
    const ben = await Visitor.in(room.url, '小本', { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' });
    await terminal.prints('小本 进入了聊天室');
    await course.prints('小本 进入了聊天室');
    // One after the other: the course's program takes whatever comes in one piece for one message.
    const said = [
      ['小安', '大家好，我在终端里。', text => terminal.types(text)],
      ['Ann', 'Hello from a browser! The guide: https://example.com/chat', text => ann.says(text)],
      ['Cara', 'And from forty lines of Node.', text => course.types(text)],
      ['小本', '手机上也很好用 👍', text => ben.says(text)],
    ];
    for (const [name, text, say] of said) {
      await say(text);
      await ann.sees(text);
      await ben.sees(text);
      await terminal.prints(`${name}: ${text}`);
      await course.prints(`${name}: ${text}`);
    }
    const order = said.map(([, text]) => text);
    assert.deepEqual(await ann.texts(), order);
    assert.deepEqual(await ben.texts(), order);
    for (const program of [terminal, course]) {
      const places = said.map(([name, text]) => program.output.indexOf(`${name}: ${text}`));
      assert.deepEqual(places, [...places].sort((a, b) => a - b));
    }
    await ann.says('@小安 a word for the terminal alone');
    await terminal.prints('Ann 对你说：a word for the terminal alone');
    terminal.types('@Ann 收到');
    await ann.sees('收到', '.whisper');
    await pictureOfAll(ann, ben, terminal);
    course.types('@Ann me too');
    await ann.sees('me too', '.whisper');
    assert.deepEqual(await ben.texts(), order);
  } finally {
    await terminal.ends();
    await course.ends();
  }
}

/** All three side by side, as one would see them on a desk. */
async function pictureOfAll(ann, ben, terminal) {
  const [wide, phone] = [await picture(ann.page, 'wide'), await picture(ben.page, 'phone')];
  const page = await browser.newPage({ viewport: { width: 1398, height: 900 } });
  const image = (bytes, place) => `<img style="${place}" src="data:image/png;base64,${bytes.toString('base64')}">`;
  await page.setContent(`<style>
    body { margin: 0; background: #dfe4ee; position: relative; overflow: hidden }
    img, pre { position: absolute; border-radius: 12px; margin: 0; box-sizing: border-box }
    pre { left: 36px; top: 620px; width: 900px; height: 244px; padding: 40px 24px 0; background: #16181d; color: #d7dae0; font: 15px/22px monospace }
    pre::before { content: "./netloop join"; position: absolute; inset: 0 0 auto; padding: 4px; text-align: center; color: #8d93a0; font-size: 13px; background: #23262e; border-radius: 12px 12px 0 0 }
  </style>${image(wide, 'left: 36px; top: 36px')}<pre></pre>${image(phone, 'right: 36px; top: 100px')}`);
  await page.$eval('pre', (pre, text) => (pre.textContent = text), lines(terminal.output));
  await page.evaluate(() => Promise.all([...document.images].map(each => each.decode())));
  await page.screenshot({ path: path.join(pictures, 'chat-room.png') });
  await page.close();
}

/** What it printed, without its prompts. */
function lines(output) {
  return output
    .split('\n')
    .map(line => line.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').trim())
    .filter(line => line !== '')
    .join('\n');
}

export async function theDoorAndAWhisperHaveTheirPictures({ url }) {
  const door = await Visitor.at(url, PHONE);
  await picture(door.page, 'door');
  const ann = await Visitor.in(url, 'Ann', WIDE);
  const ben = await Visitor.in(url, 'Ben');
  await Visitor.in(url, '小本');
  await ben.says('Shall we surprise Cara?');
  await ben.says('@Ann The cake is in my office.');
  await ann.sees('The cake is in my office.');
  await ann.says('@Ben Good. I bring the candles.');
  await ann.sees('Good. I bring the candles.');
  await until(async () => (await ann.names()).length === 3, 'the list has three');
  await ann.page.locator('#names button', { hasText: 'Ben' }).click();
  await ann.page.keyboard.type('At four?');
  await picture(ann.page, 'whisper');
  assert.match(await ann.page.textContent('#hint'), /only Ben will see this/);
}
