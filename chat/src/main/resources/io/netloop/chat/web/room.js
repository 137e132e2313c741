// What this page knows of the room: who is here, what was said and in which order, and what of one's own is under way.
// It knows nothing of the page: a view is told of every change.

/** What is shown at the most; older entries go. */
const MAX_ENTRIES = 1000;
/** Notices of who comes and goes in a row; in a busy house they would drive out what is said. */
const MAX_TRAFFIC = 6;
/** Own messages that wait to be taken. After a reconnect they go out at once, and the server takes 100 in a burst. */
const MAX_PENDING = 50;
/** The server takes 64 KiB; the rest is for what is around the text. */
const MAX_BYTES = 60 * 1024;

const utf8 = new TextEncoder();
const isText = value => typeof value === 'string';

/**
 * Entries: {kind: 'said' | 'whisper' | 'notice', from, to, text, time, id, mine, state, why, ref, key, values}. The state of
 * one's own is 'pending', 'sent' or 'failed'. The entries that are pending stay at the end until the room has given them
 * their place, so that all pages show one order.
 */
export class Room {
  me = '';
  people = new Set();
  entries = [];
  /** What proves after a loss who we are. */
  session = null;

  #view;
  #write;
  /** Entries with an id of the server that we talk to. */
  #byId = new Map();
  /** The highest id that came in, or null where none did. */
  #last = null;
  #pending = 0;
  #nextRef = 1;
  /** Makes refs unique over reloads within a session. */
  #refs = Math.random().toString(36).slice(2, 10);

  /** view.place(entry, before), view.change(entry), view.remove(entry), view.people(); write(object) says whether it went out. */
  constructor(view, write) {
    this.#view = view;
    this.#write = write;
  }

  /** What to log in with. */
  login(nickname) {
    const login = { type: 'login', nickname, v: 1, features: ['history', 'presence', 'ack'] };
    if (this.session !== null) login.session = this.session;
    if (this.#last !== null) login.last = this.#last;
    return login;
  }

  /** The room has let us in, for the first time or again: then what we have seen is not shown twice. */
  loggedIn(answer) {
    const before = this.#last !== null;
    const sameSession = isText(answer.session) && answer.session === this.session;
    this.me = answer.nickname;
    this.session = isText(answer.session) ? answer.session : null;
    this.#setPeople(Array.isArray(answer.users) ? answer.users.filter(isText) : [answer.nickname]);
    const lost = before && answer.recovered !== true;
    if (lost) {
      // Perhaps another server, which counts from one again: only what is the same in all is known already.
      this.#byId.clear();
      this.#last = null;
      this.notice('missing');
    }
    for (const message of told(answer)) {
      if (lost && this.#knows(message)) this.#noteId(message);
      else this.#take(message);
    }
    this.#noteId(answer);
    this.notice(before ? 'back' : 'youJoined', [this.people.size], answer.time);
    if (lost && !sameSession) this.#forgotten();
    for (const entry of this.#tail()) entry.written = this.#writeOut(entry);
  }

  /** Anything but the answer to a login. */
  received(message) {
    switch (message.type) {
      case 'broadcast':
        if (isText(message.nickname)) this.#take(message);
        break;
      case 'p2p':
        if (message.success === false) this.#refused(message);
        else if (isText(message.nickname)) this.#take({ ...message, p2p: true });
        break;
      case 'ack':
        this.#acknowledged(message);
        break;
      case 'users':
        if (Array.isArray(message.users)) this.#setPeople(message.users.filter(isText));
        break;
      case 'log':
        this.#told(message);
        break;
      default:
      // From a newer server.
    }
  }

  /** Says a text to all, or to one; why not, or null. */
  send(text, to) {
    if (utf8.encode(JSON.stringify(text)).length > MAX_BYTES) return 'tooLong';
    if (this.#pending >= MAX_PENDING) return 'tooMany';
    const ref = `${this.#refs}-${this.#nextRef++}`;
    const entry = { kind: to === undefined ? 'said' : 'whisper', from: this.me, to, text, time: Date.now() };
    Object.assign(entry, { id: null, mine: true, state: 'pending', ref, written: false });
    this.#pend(entry);
    return null;
  }

  /** Once more, under its old ref: the server delivers it once, however often it is sent. */
  again(entry) {
    if (entry.state !== 'failed' || this.#pending >= MAX_PENDING) return;
    this.#takeOut(entry);
    Object.assign(entry, { state: 'pending', why: undefined, written: false, time: Date.now() });
    this.#pend(entry);
  }

  discard(entry) {
    this.#takeOut(entry);
    this.#view.remove(entry);
  }

  /**
   * The connection is lost. If the server said goodbye in order, what it has not acknowledged it has not taken. If not, and
   * it then does not know our session any more, nobody can tell: that is said, rather than to say a thing twice.
   */
  lost({ polite, tooBig }) {
    if (tooBig) this.#failOldest('MESSAGE_TOO_LONG');
    for (const entry of this.#tail()) entry.written &&= !polite;
  }

  /** A line of the page's own, or of the server's. */
  notice(key, values = [], time = Date.now()) {
    this.#settle({ kind: 'notice', key, values, time: Number.isFinite(time) ? time : Date.now() });
  }

  /** Starts anew, as nobody. */
  leave() {
    for (const entry of this.entries) this.#view.remove(entry);
    this.entries = [];
    this.#byId.clear();
    this.#last = this.session = null;
    this.#pending = 0;
    this.#setPeople([]);
  }

  #told(message) {
    this.#noteId(message);
    const { event, nickname, sumUsers, code } = message;
    if (isText(nickname) && (event === 'join' || event === 'leave')) {
      if (event === 'join') this.people.add(nickname);
      else this.people.delete(nickname);
      this.#view.people();
      const count = Number.isInteger(sumUsers) ? sumUsers : this.people.size;
      this.notice(event === 'join' ? 'joined' : 'left', [nickname, count], message.time);
      this.#thinOut();
    } else if (isText(code) && this.#pending > 0) {
      // It is about something we sent; the server answers in order.
      this.#failRef(message.ref, code);
    } else if (isText(message.message)) {
      this.notice('server', [code, message.message], message.time);
    }
  }

  /** Of many notices of comings and goings in a row, the oldest goes. */
  #thinOut() {
    const settled = this.entries.length - this.#pending;
    const run = this.entries.slice(Math.max(0, settled - MAX_TRAFFIC - 1), settled);
    if (run.length > MAX_TRAFFIC && run.every(({ key }) => key === 'joined' || key === 'left')) this.discard(run[0]);
  }

  #refused(message) {
    this.#noteId(message);
    const fits = entry => (isText(message.ref) ? entry.ref === message.ref : entry.to === message.to);
    const entry = this.#tail().find(fits);
    if (entry) this.#fail(entry, message.code, message.message);
    else this.notice('server', [message.code, String(message.message)], message.time);
  }

  #acknowledged(message) {
    const entry = this.entries.findLast(each => each.ref !== undefined && each.ref === message.ref);
    if (entry && entry.id === null) this.#confirm(entry, message);
  }

  /** A message of the room, unless it is known. */
  #take(message) {
    this.#noteId(message);
    if (this.#byId.has(message.id)) return;
    const own = message.nickname === this.me && message.p2p !== true;
    const sent = own && this.entries.find(each => each.mine && each.id === null && isSame(each, message));
    if (sent) {
      this.#confirm(sent, message);
      return;
    }
    const entry = {
      kind: message.p2p === true ? 'whisper' : 'said',
      from: message.nickname,
      text: String(message.message),
      time: Number.isFinite(message.time) ? message.time : Date.now(),
      id: message.id,
      mine: own,
      state: 'sent',
    };
    if (entry.kind === 'whisper') entry.to = this.me;
    if (Number.isFinite(entry.id)) this.#byId.set(entry.id, entry);
    this.#settle(entry);
  }

  /** The room has taken one's own message: now it has its place and its time. */
  #confirm(entry, { id, time }) {
    this.#takeOut(entry);
    entry.state = 'sent';
    entry.why = undefined;
    entry.id = id;
    if (Number.isFinite(time)) entry.time = time;
    if (Number.isFinite(id)) this.#byId.set(id, entry);
    this.#settle(entry);
  }

  #pend(entry) {
    this.entries.push(entry);
    this.#pending++;
    this.#view.place(entry, null);
    entry.written = this.#writeOut(entry);
  }

  #writeOut(entry) {
    const { to, text, ref } = entry;
    return this.#write(
      to === undefined
        ? { type: 'broadcast', message: text, ref }
        : { type: 'p2p', nickname: to, message: text, ref },
    );
  }

  /** Gives an entry its place: behind all that have one, before what is under way. */
  #settle(entry) {
    const at = this.entries.length - this.#pending;
    const before = this.entries[at] ?? null;
    this.entries.splice(at, 0, entry);
    this.#view.place(entry, before);
    if (this.entries.length - this.#pending > MAX_ENTRIES) {
      const oldest = this.entries.shift();
      this.#byId.delete(oldest.id);
      this.#view.remove(oldest);
    }
  }

  #takeOut(entry) {
    const at = this.entries.indexOf(entry);
    if (at < 0) return;
    if (entry.state === 'pending') this.#pending--;
    this.entries.splice(at, 1);
  }

  #tail() {
    return this.entries.slice(this.entries.length - this.#pending);
  }

  #failRef(ref, code) {
    const entry = isText(ref) ? this.#tail().find(each => each.ref === ref) : undefined;
    if (entry) this.#fail(entry, code);
    else this.#failOldest(code);
  }

  #failOldest(code) {
    const entry = this.#tail().find(each => each.written);
    if (entry) this.#fail(entry, code);
  }

  #fail(entry, why, text) {
    this.#takeOut(entry);
    Object.assign(entry, { state: 'failed', why, whyText: text });
    this.#settle(entry);
  }

  /** The server does not know what we sent before. */
  #forgotten() {
    for (const entry of this.#tail()) if (entry.written) this.#fail(entry, 'unsure');
  }

  /** Whether this very message is shown, under whatever id. */
  #knows(message) {
    const known = this.entries.findLast(
      each => each.id === message.id && each.time === message.time && each.from === message.nickname && each.text === message.message,
    );
    if (known) this.#byId.set(message.id, known);
    return known !== undefined;
  }

  #noteId({ id }) {
    if (Number.isFinite(id) && (this.#last === null || id > this.#last)) this.#last = id;
  }

  #setPeople(names) {
    this.people = new Set(names);
    this.#view.people();
  }
}

/** History and what was missed, in one order. */
function told({ history, missed }) {
  return [...(Array.isArray(history) ? history : []), ...(Array.isArray(missed) ? missed : [])]
    .filter(message => message !== null && typeof message === 'object' && isText(message.nickname) && isText(message.message))
    .sort((a, b) => a.id - b.id);
}

function isSame(entry, message) {
  return entry.kind === 'said' && entry.text === message.message;
}
