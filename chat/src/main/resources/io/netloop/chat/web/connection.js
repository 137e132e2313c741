// A WebSocket that comes back: with growing pauses after a loss, at once when the network does.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const GIVE_UP_MS = 30 * 60_000;
const PING_MS = 20_000;
/** How long silence may last after a ping. */
const PATIENCE_MS = 8_000;
/** When the network itself is said to be gone. */
const SHORT_PATIENCE_MS = 3_000;

const BROKE_A_RULE = 1008;
/** The server's last word, after which coming back by itself would be rude: a plain goodbye, or that we broke a rule. */
const FINAL_CODES = new Set([1000, 1002, 1003, 1007, BROKE_A_RULE]);
/** A message was over the server's limit. */
const TOO_BIG = 1009;
/** To the server: not a goodbye, we are about to come back. Without a code it would take us for gone. */
const BACK_SOON = 4000;
/** The server said goodbye in order, so it had answered all that it took. */
const POLITE_CODES = new Set([1001, 1012, 1013]);

export class Connection {
  #url;
  #on;
  #socket = null;
  #state = { name: 'closed' };
  #attempts = 0;
  #lostAt = 0;
  #comesBack = false;
  #timer = 0;
  #pinger = 0;
  #verdict = 0;

  /**
   * on.open(): connected, time to log in. on.message(object). on.lost({polite, tooBig}): there was a connection and it
   * is gone. on.state({name}): closed, connecting, open, waiting (until) or gone (code).
   */
  constructor(url, on) {
    this.#url = url;
    this.#on = on;
    addEventListener('online', () => this.#networkChanged());
    addEventListener('offline', () => this.#networkChanged());
    document.addEventListener('visibilitychange', () => {
      // A phone wakes up: its timers were asleep, and its connection may have died meanwhile.
      if (!document.hidden) this.#networkChanged();
    });
  }

  get state() {
    return this.#state;
  }

  /** Connects now, whatever it was waiting for. */
  open() {
    clearTimeout(this.#timer);
    this.#drop();
    this.#become({ name: 'connecting' });
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#expect(PATIENCE_MS);
    socket.onopen = () => {
      this.#heard();
      this.#become({ name: 'open' });
      this.#on.open();
    };
    socket.onmessage = event => this.#received(event.data);
    socket.onclose = event => this.#closed(event.code);
  }

  /** From now on it comes back after a loss: the login is accepted. */
  accepted() {
    this.#comesBack = true;
    this.#attempts = 0;
    this.#lostAt = 0;
  }

  /** The name is not ours any more: a person has to say what now. */
  refused() {
    this.#comesBack = false;
  }

  /** There is no place for us now: tries again after a pause. */
  later() {
    this.#drop(1000);
    this.#wait();
  }

  /** Ends it for good. */
  close() {
    this.#comesBack = false;
    clearTimeout(this.#timer);
    this.#drop(1000);
    this.#become({ name: 'closed' });
  }

  /** Whether it was handed to the network. */
  send(object) {
    if (this.#state.name !== 'open') return false;
    this.#socket.send(JSON.stringify(object));
    return true;
  }

  #received(data) {
    this.#heard();
    let object;
    try {
      object = JSON.parse(data);
    } catch {
      return;
    }
    if (object !== null && typeof object === 'object' && object.type !== 'pong') this.#on.message(object);
  }

  /** A sign of life: the next ping is due a while from now. */
  #heard() {
    clearTimeout(this.#verdict);
    this.#verdict = 0;
    clearTimeout(this.#pinger);
    this.#pinger = setTimeout(() => this.#check(PATIENCE_MS), PING_MS);
  }

  #check(patience) {
    if (this.send({ type: 'ping' })) this.#expect(patience);
  }

  /** A peer that vanished sends no close: who stays silent is taken for gone. */
  #expect(patience) {
    clearTimeout(this.#verdict);
    this.#verdict = setTimeout(() => this.#closed(1006), patience);
  }

  #networkChanged() {
    if (this.#state.name === 'open') {
      this.#check(SHORT_PATIENCE_MS);
    } else if ((this.#state.name === 'waiting' || this.#state.code === BROKE_A_RULE) && navigator.onLine) {
      // A page that sleeps reads too slowly for the server's taste; awake, it may come back.
      this.open();
    }
  }

  #closed(code) {
    const wasOpen = this.#state.name === 'open';
    this.#drop();
    if (wasOpen) this.#on.lost({ polite: POLITE_CODES.has(code), tooBig: code === TOO_BIG });
    this.#lostAt ||= Date.now();
    if (!this.#comesBack) {
      this.#become({ name: 'closed' });
    } else if (FINAL_CODES.has(code) || code >= 4000 || Date.now() - this.#lostAt > GIVE_UP_MS) {
      this.#lostAt = 0;
      this.#become({ name: 'gone', code });
    } else {
      this.#wait();
    }
  }

  /** Half of the pause is by chance: a server that restarts is not to meet all its users at once. */
  #wait() {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#attempts++);
    const chosen = pause / 2 + (Math.random() * pause) / 2;
    this.#timer = setTimeout(() => this.open(), chosen);
    this.#become({ name: 'waiting', until: Date.now() + chosen });
  }

  /** Forgets the socket; what it still does is nobody's business. */
  #drop(code = BACK_SOON) {
    clearTimeout(this.#pinger);
    clearTimeout(this.#verdict);
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  #become(state) {
    this.#state = state;
    this.#on.state(state);
  }
}
