// The state of the connection, in sight and to be heard, and the title with what was not read yet.

import { $, setText } from './dom.js';
import { onLanguage, say } from './language.js';

export class Status {
  #state = { name: 'closed' };
  #ticker = 0;
  #unread = 0;
  #reason = null;

  constructor(retry) {
    $('retry').addEventListener('click', retry);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        this.#unread = 0;
        this.#title();
      }
    });
    onLanguage(() => {
      this.#draw();
      this.#title();
    });
  }

  /** A state of the connection; reason: a text's key for why it is gone. */
  becomes(state, reason = null) {
    const before = this.#state.name;
    this.#state = state;
    this.#reason = reason;
    clearInterval(this.#ticker);
    if (state.name === 'waiting') this.#ticker = setInterval(() => this.#draw(), 500);
    this.#draw();
    // The seconds are for the eye: read out, they would drown all else.
    if (state.name === 'waiting' && before === 'open') setText($('announcer'), say('waitingNews'));
    else if (state.name === 'gone') setText($('announcer'), `${say('gone')}. ${reason ? say(reason) : ''}`);
  }

  loggedIn() {
    setText($('announcer'), say('connected'));
  }

  /** A message came; what is not seen is counted. */
  came() {
    if (!document.hidden) return;
    this.#unread++;
    this.#title();
  }

  #draw() {
    const { name, until } = this.#state;
    const box = $('state');
    box.className = name;
    const texts = {
      closed: () => '',
      connecting: () => say('connecting'),
      open: () => say('connected'),
      waiting: () => say('waiting', Math.max(1, Math.ceil((until - Date.now()) / 1000))),
      gone: () => say('gone'),
    };
    setText($('state-text'), texts[name]());
    box.title = this.#reason ? say(this.#reason) : '';
    const retry = $('retry');
    retry.hidden = name !== 'waiting' && name !== 'gone';
    setText(retry, say(name === 'gone' ? 'retryGone' : 'retry'));
  }

  #title() {
    document.title = this.#unread > 0 ? `(${this.#unread}) ${say('title')}` : say('title');
  }
}
