// The page's modules one by one, in the browser that they are written for.

import assert from 'node:assert/strict';
import { Visitor } from './people.mjs';

/** Runs a function in a page: it is given the module of this name, and the argument. */
async function using(url, module, run, argument) {
  const visitor = await Visitor.at(url);
  // As one text: the policy of the page forbids it to make code of texts itself.
  const value = argument === undefined ? 'undefined' : JSON.stringify(argument);
  return visitor.page.evaluate(`import('/assets/${module}.js').then(module => (${run})(module, ${value}))`);
}

export async function webAddressesAreFoundInTexts({ url }) {
  const texts = {
    'no link at all': [],
    'http://a.example': ['http://a.example'],
    'HTTPS://A.EXAMPLE/X': ['HTTPS://A.EXAMPLE/X'],
    'see https://a.example/b, please': ['https://a.example/b'],
    '(https://a.example/b)': ['https://a.example/b'],
    'https://a.example/b_(c)': ['https://a.example/b_(c)'],
    '[https://a.example/?q=1&r=2#x].': ['https://a.example/?q=1&r=2#x'],
    'https://a.example/…': ['https://a.example/'],
    '请看https://a.example/b这里': ['https://a.example/b'],
    '请看：https://a.example/b。': ['https://a.example/b'],
    'https://a.example https://b.example': ['https://a.example', 'https://b.example'],
    '<https://a.example>': ['https://a.example'],
    '"https://a.example"': ['https://a.example'],
    'https://user:word@a.example': [],
    'https://bank.example@evil.example/': [],
    'javascript:alert(1)': [],
    'javascript://https://a.example': ['https://a.example'],
    'ftp://a.example': [],
    'xhttp://a.example': [],
    'https://': [],
    'http://.': [],
    'https://[::1]:8080/x': ['https://[::1]:8080/x'],
    'https://a.example:99999/': [],
  };
  const found = await using(
    url,
    'links',
    ({ parts }, all) => all.map(text => parts(text)),
    Object.keys(texts),
  );
  Object.entries(texts).forEach(([text, wanted], i) => {
    const links = found[i].filter(part => typeof part !== 'string');
    assert.deepEqual(links.map(link => link.text), wanted, text);
    assert.equal(found[i].map(part => part.text ?? part).join(''), text, 'nothing of the text is lost');
    for (const link of links) assert.match(link.href, /^https?:\/\//);
  });
}

export async function aLongTextOfHalfAddressesTakesNoTime({ url }) {
  const millis = await using(url, 'links', ({ parts }) => {
    const texts = ['http://'.repeat(9000), `http://a.example/${'('.repeat(60_000)}`, `http://a.example/${').'.repeat(30_000)}`];
    const start = performance.now();
    for (const text of texts) parts(text);
    return performance.now() - start;
  });
  assert.ok(millis < 1000, `${millis} ms`);
}

export async function namesHaveTheSameColourEverywhereAndNeighboursOthers({ url }) {
  const [first, again, hues] = await using(url, 'names', ({ hueOf }) => [
    hueOf('Ann'),
    hueOf('Ann'),
    Array.from({ length: 48 }, (_, i) => hueOf(`user${i}`)),
  ]);
  assert.equal(first, again);
  assert.ok(new Set(hues).size >= 16, 'most colours are used');
  assert.ok(hues.every(hue => hue >= 0 && hue < 360 && hue % 15 === 0));
}

export async function theLetterOfANameIsWhatOneSeesFirst({ url }) {
  const letters = await using(url, 'names', ({ initialOf }) => ['ann', '小本', '👩‍👩‍👧x', 'é', ''].map(initialOf));
  assert.deepEqual(letters, ['A', '小', '👩‍👩‍👧', 'É', '?']);
}

/** A room with a view that keeps the order of the entries, and what it would send. */
function stage({ Room }) {
  const shown = [];
  const sent = [];
  let connected = true;
  const view = {
    place(entry, before) {
      if (shown.includes(entry)) shown.splice(shown.indexOf(entry), 1);
      shown.splice(before === null ? shown.length : shown.indexOf(before), 0, entry);
    },
    remove: entry => shown.splice(shown.indexOf(entry), 1),
    people() {},
  };
  const room = new Room(view, object => connected && sent.push(object) > 0);
  const seed = { type: 'login', success: true, nickname: 'me', users: ['me'], session: 's', history: [], id: 1, time: 1 };
  return {
    room,
    shown,
    sent,
    say: (id, nickname, message, more) => ({ type: 'broadcast', nickname, message, id, time: 1000 + id, ...more }),
    login: more => ({ ...seed, ...more }),
    texts: () => shown.filter(each => each.kind !== 'notice').map(each => `${each.state}:${each.text}`),
    told: () => shown.filter(each => each.kind === 'notice').map(each => each.key),
    cut(how) {
      connected = false;
      room.lost({ polite: false, tooBig: false, ...how });
    },
    mend: () => (connected = true),
  };
}

/** Runs a function on that stage; at the end the view must show what the room has. */
function roomOf(url, run) {
  const play = `module => {
    const all = (${stage})(module);
    const result = (${run})(all);
    const same = all.shown.length === all.room.entries.length && all.shown.every((each, i) => each === all.room.entries[i]);
    if (!same) throw new Error('the view shows something else than the room has');
    return result;
  }`;
  return using(url, 'room', play);
}

export async function whatIsUnderWayGetsItsPlaceFromTheRoom({ url }) {
  const steps = await roomOf(url, ({ room, sent, say, login, texts }) => {
    const steps = [];
    room.loggedIn(login());
    room.send('mine 1');
    room.send('mine 2');
    room.received(say(10, 'ann', 'hers'));
    steps.push(texts());
    room.received(say(11, 'me', 'mine 1'));
    room.received({ type: 'ack', ref: sent[0].ref, id: 11 });
    steps.push(texts());
    room.received({ type: 'ack', ref: sent[1].ref, id: 13 });
    room.received(say(12, 'ann', 'hers 2'));
    room.received(say(13, 'me', 'mine 2'));
    steps.push(texts());
    return steps;
  });
  assert.deepEqual(steps[0], ['sent:hers', 'pending:mine 1', 'pending:mine 2']);
  assert.deepEqual(steps[1], ['sent:hers', 'sent:mine 1', 'pending:mine 2']);
  assert.deepEqual(steps[2].sort(), ['sent:hers', 'sent:hers 2', 'sent:mine 1', 'sent:mine 2']);
}

export async function afterALossTheRoomIsAskedForTheRestAndNothingIsShownTwice({ url }) {
  const { asked, texts, told, resent } = await roomOf(url, ({ room, sent, say, login, texts, told, cut, mend }) => {
    room.loggedIn(login({ history: [say(2, 'ann', 'two'), say(3, 'ann', 'three')], id: 4 }));
    room.received(say(5, 'ann', 'five'));
    room.send('taken, not told');
    room.send('never arrived');
    cut();
    room.send('typed while away');
    const asked = room.login('me');
    mend();
    sent.length = 0;
    const history = [say(5, 'ann', 'five'), say(6, 'me', 'taken, not told'), say(8, 'ann', 'eight')];
    const missed = [say(7, 'ben', 'a whisper', { p2p: true })];
    room.loggedIn(login({ history, missed, recovered: true, id: 9 }));
    return { asked, texts: texts(), told: told(), resent: sent.map(each => each.message) };
  });
  assert.deepEqual([asked.session, asked.last, asked.v], ['s', 5, 1]);
  assert.deepEqual(texts, [
    'sent:two', 'sent:three', 'sent:five', 'sent:taken, not told', 'sent:a whisper', 'sent:eight',
    'pending:never arrived', 'pending:typed while away',
  ]);
  assert.deepEqual(resent, ['never arrived', 'typed while away']);
  assert.deepEqual(told, ['youJoined', 'back']);
}

export async function anotherServerStartsAnewAndDoubtIsSaid({ url }) {
  const { texts, told, resent, last } = await roomOf(url, ({ room, sent, say, login, texts, told, cut, mend }) => {
    room.loggedIn(login({ history: [say(500, 'ann', 'old')], id: 501 }));
    room.send('perhaps taken');
    cut();
    room.send('typed while away');
    mend();
    sent.length = 0;
    room.loggedIn(login({ session: 'other', recovered: false, history: [say(2, 'ann', 'new')], id: 3 }));
    return { texts: texts(), told: told(), resent: sent.map(each => each.message), last: room.login('me').last };
  });
  assert.deepEqual(texts, ['sent:old', 'sent:new', 'failed:perhaps taken', 'pending:typed while away']);
  assert.deepEqual(resent, ['typed while away']);
  assert.deepEqual(told, ['youJoined', 'missing', 'back']);
  assert.equal(last, 3);
}

export async function aServerThatSaidGoodbyeHasTakenNothingUntold({ url }) {
  const resent = await roomOf(url, ({ room, sent, login, cut, mend }) => {
    room.loggedIn(login());
    room.send('not taken');
    cut({ polite: true });
    mend();
    sent.length = 0;
    room.loggedIn(login({ session: 'other', recovered: false }));
    return sent.map(each => each.message);
  });
  assert.deepEqual(resent, ['not taken']);
}

export async function refusalsFindTheMessageThatIsMeant({ url }) {
  const { texts, whys } = await roomOf(url, ({ room, sent, login, texts, shown }) => {
    room.loggedIn(login());
    for (const text of ['one', 'two', 'three']) room.send(text);
    room.send('psst', 'ben');
    room.received({ type: 'log', message: '发送过于频繁', code: 'RATE_LIMITED', ref: sent[1].ref });
    room.received({ type: 'log', message: '发送过于频繁', code: 'RATE_LIMITED' });
    room.received({ type: 'p2p', success: false, code: 'USER_NOT_FOUND', to: 'ben', message: '该用户不存在' });
    return { texts: texts(), whys: shown.filter(each => each.state === 'failed').map(each => `${each.text} ${each.why}`) };
  });
  assert.deepEqual(texts, ['failed:two', 'failed:one', 'failed:psst', 'pending:three']);
  assert.deepEqual(whys, ['two RATE_LIMITED', 'one RATE_LIMITED', 'psst USER_NOT_FOUND']);
}

export async function aMessageThatIsTooLongIsNotSentAgainAndAgain({ url }) {
  const { problem, many, resent } = await roomOf(url, ({ room, sent, login, cut, mend }) => {
    room.loggedIn(login());
    const problem = room.send('字'.repeat(30_000));
    room.send('over a smaller limit');
    cut({ tooBig: true });
    mend();
    sent.length = 0;
    room.loggedIn(login({ recovered: true }));
    const resent = [...sent];
    cut();
    const many = Array.from({ length: 60 }, (_, i) => room.send(`${i}`)).filter(each => each !== null);
    return { problem, many, resent };
  });
  assert.equal(problem, 'tooLong');
  assert.deepEqual(resent, []);
  assert.deepEqual([...new Set(many)], ['tooMany']);
  assert.equal(many.length, 10);
}

export async function whatIsKeptIsBounded({ url }) {
  const { count, first } = await roomOf(url, ({ room, say, login, shown }) => {
    room.loggedIn(login());
    for (let id = 10; id < 3010; id++) room.received(say(id, 'ann', `m${id}`));
    return { count: shown.length, first: shown[0].text };
  });
  assert.equal(count, 1000);
  assert.equal(first, 'm2010');
}

export async function aCrowdThatComesAndGoesDoesNotDriveOutWhatIsSaid({ url }) {
  const { texts, told, people } = await roomOf(url, ({ room, say, login, texts, told }) => {
    room.loggedIn(login());
    room.received(say(10, 'ann', 'hello'));
    for (let i = 0; i < 3000; i++) {
      room.received({ type: 'log', event: 'join', nickname: `user${i}`, sumUsers: i + 2, id: 20 + i, time: 1020 + i });
    }
    return { texts: texts(), told: told(), people: room.people.size };
  });
  assert.deepEqual(texts, ['sent:hello']);
  assert.deepEqual(told, ['youJoined', ...Array(6).fill('joined')]);
  assert.equal(people, 3001);
}

export async function oddMessagesOfAServerDoNoHarm({ url }) {
  const texts = await roomOf(url, ({ room, say, login, texts }) => {
    room.loggedIn(login({ users: 'none', history: [null, 7, {}, { nickname: 'ann' }, say(2, 'ann', 'fine')], missed: {} }));
    const odd = [{}, { type: 'broadcast' }, { type: 'broadcast', nickname: 7, message: 'x' }, { type: 'p2p' }];
    odd.push({ type: 'ack' }, { type: 'ack', ref: 'unknown', id: 3 }, { type: 'users', users: [1, 'ann'] }, { type: 'log' });
    odd.push({ type: 'future' }, { type: 'log', event: 'join' }, { type: 'p2p', success: false });
    odd.push(say('x', 'ann', 'no id', { time: 'never' }));
    for (const message of odd) room.received(message);
    return texts();
  });
  assert.deepEqual(texts, ['sent:fine', 'sent:no id']);
}
