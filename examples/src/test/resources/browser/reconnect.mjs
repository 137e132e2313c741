// The connection is lost, and all come back.

import assert from 'node:assert/strict';
import { Network, until, Visitor } from './people.mjs';

async function two({ url }) {
  return [await Visitor.in(url, 'Ann'), await Visitor.in(url, 'Ben')];
}

export async function aKilledServerIsComeBackToAndWhatIsGoneIsSaid(room) {
  const [ann, ben] = await two(room);
  await ann.says('before');
  await ben.sees('before');
  await room.kill();
  for (const each of [ann, ben]) await each.page.waitForSelector('#state.waiting');
  assert.match(await ann.page.textContent('#state-text'), /Reconnecting in \d+ s/);
  assert.match(await ann.page.textContent('#announcer'), /connection is lost/i);
  await ann.says('said while away');
  assert.deepEqual(await ann.texts('.pending'), ['said while away']);
  await room.start();
  for (const each of [ann, ben]) await each.connected();
  await ann.sees('said while away');
  // Ben may come back after Ann: then it is in his history.
  await ben.sees('said while away');
  for (const each of [ann, ben]) {
    assert.deepEqual(await each.texts(), ['before', 'said while away']);
    await each.isTold('are gone');
    await each.isTold('Connected again');
  }
  await ben.says('after');
  await ann.sees('after');
}

export async function aRestartInOrderBringsEverybodyBack(room) {
  const [ann, ben] = await two(room);
  await ann.says('before');
  await ben.sees('before');
  await room.stop();
  await room.start();
  for (const each of [ann, ben]) await each.isTold('Connected again');
  await ben.says('after');
  await ann.sees('after');
  assert.deepEqual(await ann.texts(), ['before', 'after']);
}

export async function aCutNetworkIsNoticedAndWhatWasMissedComesOnceInOrder(room) {
  const network = await Network.to(room.webPort);
  try {
    const ann = await Visitor.in(network.url, 'Ann');
    const ben = await Visitor.in(room.url, 'Ben');
    await ben.says('before');
    await ann.sees('before');
    network.cut();
    for (const text of ['missed 1', '@Ann missed 2', 'missed 3']) await ben.says(text);
    await ben.sees('missed 3');
    await ann.says('under way');
    await ann.page.evaluate(() => dispatchEvent(new Event('offline')));
    await ann.page.waitForSelector('#state.waiting');
    network.mend();
    await ann.connected();
    await ann.sees('under way');
    await ben.says('after');
    await ann.sees('after');
    assert.deepEqual(await ann.texts(), ['before', 'missed 1', 'missed 2', 'missed 3', 'under way', 'after']);
    assert.deepEqual(await ben.texts('.said'), ['before', 'missed 1', 'missed 3', 'under way', 'after']);
    const told = await ann.notices();
    assert.ok(!told.some(each => each.includes('gone')), `nothing is gone: ${told}`);
    const benTold = await ben.notices();
    assert.ok(!benTold.some(each => each.includes('left')), `nobody left: ${benTold}`);
  } finally {
    network.close();
  }
}

export async function whatWasTakenBeforeTheCutIsNotSaidTwice(room) {
  const network = await Network.to(room.webPort);
  try {
    const ann = await Visitor.in(network.url, 'Ann');
    const ben = await Visitor.in(room.url, 'Ben');
    // The way to the room stays, the way back is cut: the room takes the message and Ann is not told.
    network.cutBack();
    await ann.says('once');
    await ann.says('@Ben once too');
    await ben.sees('once too', '.whisper');
    assert.deepEqual(await ann.texts('.pending'), ['once', 'once too']);
    network.cut();
    await ann.page.evaluate(() => dispatchEvent(new Event('offline')));
    await ann.page.waitForSelector('#state.waiting');
    network.mend();
    await ann.sees('once');
    await ann.sees('once too', '.whisper');
    await ann.says('after');
    await ben.sees('after');
    assert.deepEqual(await ben.texts(), ['once', 'once too', 'after']);
    assert.deepEqual((await ann.texts()).sort(), ['after', 'once', 'once too']);
  } finally {
    network.close();
  }
}

export async function oneCanTryAtOnceInsteadOfWaiting(room) {
  const ann = await Visitor.in(room.url, 'Ann');
  await room.kill();
  // After some attempts in vain the pauses are long.
  await until(async () => /in ([5-9]|\d\d) s/.test(await ann.page.textContent('#state-text')), 'the pauses grow');
  await room.start();
  await ann.page.click('#retry');
  await ann.connected();
  assert.equal(await ann.page.locator('#retry:visible').count(), 0);
}

export async function whoIsConnectedElsewhereIsToldAndStaysAway({ url }) {
  const ann = await Visitor.in(url, 'Ann');
  await ann.page.evaluate(() => dispatchEvent(new Event('pagehide')));
  // The same session in another tab: the storage of a tab is copied by its "duplicate".
  const kept = await ann.page.evaluate(() => sessionStorage.getItem('netloop.chat.session'));
  const other = await Visitor.at('about:blank');
  await other.page.addInitScript(value => sessionStorage.setItem('netloop.chat.session', value), kept);
  await other.page.goto(url);
  await other.connected();
  await ann.page.waitForSelector('#state.gone');
  assert.match(await ann.page.getAttribute('#state', 'title'), /connected from elsewhere/);
  assert.equal(await ann.page.textContent('#retry'), 'Connect again');
  assert.deepEqual(await other.names(), ['Ann (you)']);
}

export async function anUnreachableRoomIsSaidAtTheDoor(room) {
  const ann = await Visitor.at(room.url);
  await room.kill();
  await ann.enters('Ann');
  await until(async () => /cannot be reached/.test(await ann.page.textContent('#name-error')), 'it is said');
  await room.start();
  await ann.page.click('#enter');
  await ann.connected();
}
