// Who is here: a column at the side, or a drawer where there is no room for one.

import { $, button, el, setText } from './dom.js';
import { onLanguage, say } from './language.js';
import { colour, initialOf } from './names.js';

let collator; // Made with the first list that has an order.

export class People {
  #list = $('names');
  #panel = $('people');
  #opener = $('people-open');
  #wide = matchMedia('(min-width: 56rem)');
  #open = false;
  #drawing = 0;
  #drawMillis = 0;
  #room = null;
  #whisper;

  /** whisper(name): a name was chosen. */
  constructor(whisper) {
    this.#whisper = whisper;
    this.#opener.addEventListener('click', () => this.#show(!this.#open));
    $('people-close').addEventListener('click', () => this.#show(false));
    $('shade').addEventListener('click', () => this.#show(false));
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape' && this.#open) this.#show(false);
    });
    this.#list.addEventListener('keydown', event => this.#move(event));
    this.#wide.addEventListener('change', () => this.#show(false));
    onLanguage(() => this.changed());
  }

  shows(room) {
    this.#room = room;
  }

  /** Who is here has changed. Drawn once however much did, and the less often the longer it takes. */
  changed() {
    if (this.#drawing === 0) this.#drawing = setTimeout(() => this.#draw(), 30 + 10 * this.#drawMillis);
  }

  names() {
    const names = [...this.#room.people];
    if (names.length > 1) {
      collator ??= new Intl.Collator(undefined, { numeric: true });
      names.sort(collator.compare);
    }
    return names;
  }

  #draw() {
    this.#drawing = 0;
    const start = performance.now();
    const count = this.#room.people.size;
    setText($('people-count'), String(count));
    setText($('people-total'), String(count));
    this.#opener.setAttribute('aria-label', say('peopleHere', count));
    const focused = document.activeElement?.dataset?.name;
    const me = this.#room.me;
    const others = this.names().filter(name => name !== me);
    const items = others.map(name => this.#item(name));
    if (this.#room.people.has(me)) items.unshift(this.#ownItem(me));
    this.#list.replaceChildren(...items);
    if (focused !== undefined) this.#buttons().find(each => each.dataset.name === focused)?.focus();
    this.#drawMillis = performance.now() - start;
  }

  #item(name) {
    const item = button('person', '', () => {
      this.#show(false);
      this.#whisper(name);
    });
    item.dataset.name = name;
    item.title = say('whisperTo', name);
    item.append(avatar(name), el('bdi', 'name', name));
    return el('li', '', colour(item, name));
  }

  #ownItem(name) {
    return el('li', '', colour(el('span', 'person', avatar(name), el('bdi', 'name', say('youName', name))), name));
  }

  #buttons() {
    return [...this.#list.querySelectorAll('button')];
  }

  #move(event) {
    const buttons = this.#buttons();
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    buttons[Math.min(Math.max(to, 0), buttons.length - 1)].focus();
  }

  /** The drawer; what is behind it cannot be reached meanwhile. */
  #show(open) {
    if (open === this.#open) return;
    this.#open = open;
    this.#panel.classList.toggle('open', open);
    $('shade').hidden = !open;
    $('talk').inert = open;
    $('bar').inert = open;
    this.#opener.setAttribute('aria-expanded', String(open));
    if (open) $('people-close').focus();
    else if (!this.#wide.matches) this.#opener.focus();
  }
}

function avatar(name) {
  const avatar = el('span', 'avatar', initialOf(name));
  avatar.setAttribute('aria-hidden', 'true');
  return avatar;
}
