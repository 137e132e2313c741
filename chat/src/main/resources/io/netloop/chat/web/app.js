// Puts the parts together.

import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { $, setText } from './dom.js';
import { Door } from './door.js';
import { onLanguage, say, speak, switchLanguage } from './language.js';
import { Log } from './log.js';
import { lasting, passing } from './memory.js';
import { People } from './people.js';
import { Room } from './room.js';
import { Status } from './status.js';

let nickname = '';
let inside = false;

const log = new Log({
  whisper: name => composer.address(name),
  again: entry => room.again(entry),
  discard: entry => {
    room.discard(entry);
    composer.focus();
  },
});
const people = new People(name => composer.address(name));
const composer = new Composer(() => people.names());
const room = new Room(
  {
    place(entry, before) {
      log.place(entry, before);
      if (entry.kind !== 'notice' && !entry.mine) status.came();
    },
    remove: entry => log.remove(entry),
    people() {
      people.changed();
      composer.refresh();
    },
  },
  object => loggedIn && connection.send(object),
);
for (const view of [log, people, composer]) view.shows(room);

const door = new Door(name => {
  nickname = name;
  if (connection.state.name === 'open') connection.send(room.login(name));
  else connection.open();
});
const status = new Status(() => connection.open());

/** Whether the room has let this connection in. */
let loggedIn = false;
const connection = new Connection(address(), {
  open: () => connection.send(room.login(nickname)),
  message: received,
  lost: how => {
    loggedIn = false;
    room.lost(how);
  },
  state(state) {
    status.becomes(state, state.name === 'gone' ? reason(state.code) : null);
    if (state.name === 'closed' && !inside && nickname !== '') door.unreachable();
  },
});

/** Where the page came from. */
function address() {
  const url = new URL('/ws', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

function reason(code) {
  return code >= 4000 ? 'taken' : 'ended';
}

function received(message) {
  if (message.type !== 'login') {
    room.received(message);
  } else if (message.success === true && typeof message.nickname === 'string') {
    comeIn(message);
  } else if (!loggedIn) {
    refused(message);
  }
}

function comeIn(answer) {
  loggedIn = true;
  nickname = answer.nickname;
  connection.accepted();
  status.loggedIn();
  door.accepted(nickname);
  show(true);
  log.quietly(() => room.loggedIn(answer));
}

function refused({ code, message }) {
  if (!inside) {
    door.refused(code, String(message));
  } else if (code === 'NICKNAME_TAKEN') {
    // Away for too long: somebody else has the name now, and what is under way waits for a new one.
    const old = nickname;
    room.session = null;
    connection.refused();
    show(false);
    door.nameLost(old);
  } else {
    connection.later();
  }
}

function show(theRoom) {
  if (inside === theRoom) return;
  inside = theRoom;
  $('door').hidden = theRoom;
  for (const id of ['room', 'state', 'people-open', 'leave']) $(id).hidden = !theRoom;
  if (theRoom) composer.focus();
  else door.open();
}

$('leave').addEventListener('click', () => {
  loggedIn = false;
  nickname = '';
  connection.close();
  room.leave();
  composer.clear();
  show(false);
});

$('language').addEventListener('click', switchLanguage);
onLanguage(() => {
  const other = $('language');
  setText(other, say('otherLanguage'));
  other.lang = say('otherLanguage') === '中文' ? 'zh-CN' : 'en';
});

// A reload comes back as who one was. It is kept only while the page goes: a second tab must not take the place of this one.
addEventListener('pagehide', () => {
  if (inside && room.session !== null) passing.set('session', JSON.stringify({ nickname, session: room.session }));
});
addEventListener('pageshow', event => {
  if (event.persisted) passing.remove('session');
});

function comeBack() {
  const kept = passing.get('session');
  passing.remove('session');
  try {
    const { nickname: name, session } = JSON.parse(kept);
    nickname = name;
    room.session = session;
    $('door').hidden = true;
    connection.open();
  } catch {
    door.open();
  }
}

speak();
comeBack();
