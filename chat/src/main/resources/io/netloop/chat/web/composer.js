// Where one writes: Enter sends, "@name text" goes to that one alone, and that is said before it is sent.

import { Completion } from './completion.js';
import { $, setText } from './dom.js';
import { onLanguage, say } from './language.js';

/** As in the terminal: one blank after the name, which an input method for Chinese may write as a wide one. */
const WHISPER = /^@(\S+)\s([\s\S]*)$/u;

export class Composer {
  #form = $('composer');
  #input = $('message');
  #room = null;
  #problem = null;
  #completion;

  /** names(): who is here, sorted. */
  constructor(names) {
    this.#completion = new Completion(this.#input, $('choices'), {
      names: () => names().filter(name => name !== this.#room.me),
      taken: name => this.address(name),
    });
    this.#input.addEventListener('input', () => this.#changed());
    this.#input.addEventListener('keydown', event => this.#key(event));
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.#send();
    });
    onLanguage(() => this.refresh());
  }

  shows(room) {
    this.#room = room;
  }

  /** On a phone the keyboard would hide what one came to read. */
  focus() {
    if (matchMedia('(pointer: coarse)').matches) $('log').focus({ preventScroll: true });
    else this.#input.focus();
  }

  /** Makes what is being written a whisper to this one. */
  address(name) {
    const rest = this.#input.value.replace(/^@\S*\s?/u, '');
    const start = `@${name} `;
    this.#input.value = start + rest;
    this.#input.focus();
    this.#input.setSelectionRange(start.length, start.length);
    this.#changed();
  }

  clear() {
    this.#input.value = '';
    this.#changed();
  }

  /** Says anew to whom it goes: who is here may have changed, or the language. */
  refresh() {
    const to = WHISPER.exec(this.#input.value)?.[1];
    const isHere = to !== undefined && this.#room.people.has(to.normalize('NFC'));
    this.#form.classList.toggle('private', to !== undefined);
    this.#form.classList.toggle('problem', this.#problem !== null || (to !== undefined && !isHere));
    let hint = '';
    if (this.#problem !== null) hint = say(this.#problem);
    else if (to !== undefined) hint = say(isHere ? 'onlySees' : 'nobody', to);
    setText($('hint'), hint);
  }

  #changed() {
    this.#problem = null;
    this.#grow();
    this.#completion.update();
    this.refresh();
  }

  /** As high as its text, up to what the style sheet allows. */
  #grow() {
    const { style } = this.#input;
    style.height = 'auto';
    style.height = `${this.#input.scrollHeight + 2}px`;
  }

  #key(event) {
    // While an input method composes, its keys are its own. (229 is what Safari says of the Enter that ends it.)
    if (event.isComposing || event.keyCode === 229) return;
    if (this.#completion.key(event)) {
      event.preventDefault();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'Escape' && WHISPER.test(this.#input.value)) {
      this.#input.value = this.#input.value.replace(WHISPER, '$2');
      this.#changed();
    }
  }

  #send() {
    const text = this.#input.value.trimEnd();
    const whisper = WHISPER.exec(this.#input.value);
    // Only the name yet: to say that to all is not what is meant.
    if (text === '' || (whisper && whisper[2].trim() === '')) return;
    this.#problem = whisper ? this.#room.send(whisper[2].trimEnd(), whisper[1]) : this.#room.send(text);
    if (this.#problem === null) this.clear();
    else this.refresh();
  }
}
