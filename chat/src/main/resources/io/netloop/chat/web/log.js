// The log of the room: keeps to its end while one reads there, and stays put while one reads further up.

import { $, setText } from './dom.js';
import { onLanguage, say } from './language.js';
import { join, lineOf } from './line.js';

/** So near to the end counts as there. */
const NEAR = 48;

export class Log {
  #box = $('log');
  #lines = $('lines');
  #newer = $('newer');
  #room = null;
  #actions;
  /** Of each entry its line, and of each line its entry. */
  #lineOf = new Map();
  #entryOf = new WeakMap();
  #atEnd = true;
  #unread = 0;
  #scrolling = 0;

  /** actions: whisper(name), again(entry), discard(entry). */
  constructor(actions) {
    this.#actions = actions;
    this.#box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#newer.addEventListener('click', () => {
      this.toEnd();
      $('message').focus();
    });
    // A phone's keyboard takes half of the room.
    new ResizeObserver(() => this.#keepEnd()).observe(this.#box);
    onLanguage(() => this.#redraw());
  }

  shows(room) {
    this.#room = room;
  }

  /** Puts an entry before another, or at the end; one that is there already moves. */
  place(entry, before) {
    const old = this.#lineOf.get(entry);
    const below = old?.nextSibling;
    old?.remove();
    if (below) this.#join(below);
    const line = this.#build(entry);
    this.#lines.insertBefore(line, this.#lineOf.get(before) ?? null);
    this.#join(line);
    if (line.nextSibling) this.#join(line.nextSibling);
    if (!old) this.#came(entry);
    this.#keepEnd();
  }

  remove(entry) {
    const line = this.#lineOf.get(entry);
    const below = line.nextSibling;
    line.remove();
    this.#lineOf.delete(entry);
    if (below) this.#join(below);
  }

  toEnd() {
    this.#atEnd = true;
    this.#unread = 0;
    this.#showNewer();
    this.#keepEnd();
  }

  /** Many at once, such as the history, which a screen reader need not read out. */
  quietly(change) {
    this.#box.setAttribute('aria-live', 'off');
    change();
    // The browser tells the reader of changes when it next draws.
    requestAnimationFrame(() => requestAnimationFrame(() => this.#box.removeAttribute('aria-live')));
  }

  #build(entry) {
    const line = lineOf(entry, this.#room.me, this.#actions);
    this.#lineOf.set(entry, line);
    this.#entryOf.set(line, entry);
    return line;
  }

  #join(line) {
    const above = line.previousSibling;
    join(line, this.#entryOf.get(line), above && this.#entryOf.get(above));
  }

  #came(entry) {
    if (entry.mine) {
      this.toEnd();
    } else if (!this.#atEnd && entry.kind !== 'notice') {
      this.#unread++;
      this.#showNewer();
    }
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    // While we go to the end ourselves, where we are on the way there says nothing about the reader.
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR || this.#scrolling !== 0;
    if (this.#atEnd) this.#unread = 0;
    this.#showNewer();
  }

  #showNewer() {
    this.#newer.hidden = this.#atEnd;
    setText(this.#newer, this.#unread > 0 ? say('newer', this.#unread) : say('toEnd'));
  }

  /** Once per picture, however much came. */
  #keepEnd() {
    if (!this.#atEnd || this.#scrolling !== 0) return;
    this.#scrolling = requestAnimationFrame(() => {
      this.#scrolling = 0;
      if (this.#atEnd) this.#box.scrollTop = this.#box.scrollHeight;
    });
  }

  #redraw() {
    if (!this.#room) return;
    this.quietly(() => {
      this.#lines.replaceChildren();
      for (const entry of this.#room.entries) {
        const line = this.#build(entry);
        this.#lines.append(line);
        this.#join(line);
      }
      this.#showNewer();
      this.#keepEnd();
    });
  }
}
