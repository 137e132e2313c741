// Completes the name after an "@" at the start of a message. The focus stays in the text: the list is shown beside it, and
// aria-activedescendant says which name is meant.

import { el } from './dom.js';
import { colour, initialOf } from './names.js';

const MOST = 8;

export class Completion {
  #input;
  #list;
  #names;
  #taken;
  #found = [];
  #at = 0;

  /** names(): who can be meant, sorted; taken(name): one was chosen. */
  constructor(input, list, { names, taken }) {
    this.#input = input;
    this.#list = list;
    this.#names = names;
    this.#taken = taken;
    // The focus must not leave the text, which a click would make it do.
    list.addEventListener('pointerdown', event => event.preventDefault());
    list.addEventListener('click', event => {
      const option = event.target.closest('[role=option]');
      if (option) this.#take([...list.children].indexOf(option));
    });
    input.addEventListener('blur', () => this.close());
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** The text or the caret has changed. */
  update() {
    const typed = this.#typed();
    this.#found = typed === null ? [] : this.#fitting(typed);
    if (this.#found.length === 0) {
      this.close();
      return;
    }
    this.#list.replaceChildren(...this.#found.map(option));
    this.#list.hidden = false;
    this.#go(0);
  }

  close() {
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#input.removeAttribute('aria-activedescendant');
  }

  /** Whether the key was for the list. */
  key(event) {
    if (!this.isOpen) return false;
    const count = this.#found.length;
    switch (event.key) {
      case 'ArrowDown':
        this.#go((this.#at + 1) % count);
        return true;
      case 'ArrowUp':
        this.#go((this.#at + count - 1) % count);
        return true;
      case 'Enter':
      case 'Tab':
        if (event.shiftKey) return false;
        this.#take(this.#at);
        return true;
      case 'Escape':
        this.close();
        return true;
      default:
        return false;
    }
  }

  /** What stands between the "@" and the caret, or null. */
  #typed() {
    const { value, selectionStart, selectionEnd } = this.#input;
    if (selectionStart !== selectionEnd) return null;
    return /^@(\S*)$/.exec(value.slice(0, selectionStart))?.[1] ?? null;
  }

  /** First those that start like that, then those that have it within. */
  #fitting(typed) {
    const wanted = typed.normalize('NFC').toLocaleLowerCase();
    const within = this.#names().filter(name => name.toLocaleLowerCase().includes(wanted));
    const starting = within.filter(name => name.toLocaleLowerCase().startsWith(wanted));
    return [...new Set([...starting, ...within])].slice(0, MOST);
  }

  #go(at) {
    this.#at = at;
    [...this.#list.children].forEach((each, i) => each.setAttribute('aria-selected', String(i === at)));
    const chosen = this.#list.children[at];
    chosen.scrollIntoView({ block: 'nearest' });
    this.#input.setAttribute('aria-activedescendant', chosen.id);
  }

  #take(at) {
    const name = this.#found[at];
    this.close();
    this.#taken(name);
  }
}

function option(name, i) {
  const avatar = el('span', 'avatar', initialOf(name));
  avatar.setAttribute('aria-hidden', 'true');
  const element = colour(el('li', 'person', avatar, el('bdi', 'name', name)), name);
  element.id = `choice-${i}`;
  element.setAttribute('role', 'option');
  return element;
}
