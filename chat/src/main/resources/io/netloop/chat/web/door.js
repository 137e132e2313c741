// Where one says one's name.

import { $, setText } from './dom.js';
import { onLanguage, say, sayServer } from './language.js';
import { lasting } from './memory.js';

export class Door {
  #input = $('nickname');
  #error = $('name-error');
  #button = $('enter');
  #text = () => '';

  /** enter(name): somebody wants to come in. */
  constructor(enter) {
    this.#input.value = lasting.get('nickname') ?? '';
    $('door-form').addEventListener('submit', event => {
      event.preventDefault();
      const name = this.#input.value.trim();
      if (name === '') {
        this.#fails(() => say('nameMissing'));
      } else if (!this.#button.disabled) {
        this.#busy(true);
        this.#says(() => '');
        enter(name);
      }
    });
    onLanguage(() => this.#says(this.#text));
  }

  open() {
    this.#busy(false);
    this.#says(() => '');
    this.#input.focus();
    this.#input.select();
  }

  refused(code, text) {
    this.#fails(() => sayServer(code, text));
  }

  /** The connection is gone; nobody needs to know unless they wait for it. */
  unreachable() {
    if (this.#button.disabled || $('door').hidden) this.#fails(() => say('unreachable'));
  }

  /** The name was somebody else's when we came back. */
  nameLost(name) {
    this.#fails(() => say('nameLost', name));
  }

  accepted(name) {
    this.#busy(false);
    this.#says(() => '');
    lasting.set('nickname', name);
  }

  #fails(text) {
    $('door').hidden = false;
    this.#busy(false);
    this.#says(text);
    this.#input.focus();
    this.#input.select();
  }

  #busy(busy) {
    this.#button.disabled = busy;
    this.#button.dataset.text = busy ? 'entering' : 'enter';
    setText(this.#button, say(this.#button.dataset.text));
  }

  #says(text) {
    this.#text = text;
    setText(this.#error, text());
    this.#input.setAttribute('aria-invalid', String(text() !== ''));
  }
}
