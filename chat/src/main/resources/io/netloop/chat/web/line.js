// How one entry of the log looks.

import { button, el } from './dom.js';
import { dayText, fullTimeText, midnight, say, sayServer, timeText } from './language.js';
import { parts } from './links.js';
import { colour, initialOf } from './names.js';

/** Within this time, what one person says belongs together. */
const TOGETHER_MS = 5 * 60_000;

/** Builds an entry. actions: whisper(name), again(entry), discard(entry). */
export function lineOf(entry, me, actions) {
  const line = entry.kind === 'notice' ? noticeLine(entry) : messageLine(entry, me, actions);
  // For what is found out only when its neighbours are known.
  line.prepend(el('p', 'day'));
  return line;
}

/** Makes an entry fit the one above it: the day between them, and whether one person goes on talking. */
export function join(line, entry, above) {
  const newDay = !above || midnight(above.time) !== midnight(entry.time);
  line.classList.toggle('new-day', newDay);
  line.firstChild.textContent = newDay ? dayText(entry.time) : '';
  line.classList.toggle('follows', !newDay && goesOn(entry, above));
}

function goesOn(entry, above) {
  return (
    entry.kind !== 'notice' &&
    entry.kind === above.kind &&
    entry.from === above.from &&
    entry.to === above.to &&
    entry.time - above.time < TOGETHER_MS
  );
}

function noticeLine({ key, values, time }) {
  const text = key === 'server' ? sayServer(...values) : say(key, ...values);
  const line = el('div', `line notice ${key}`);
  line.append(el('p', '', el('bdi', '', text), ' ', timeOf(time)));
  return line;
}

function messageLine(entry, me, actions) {
  const line = colour(el('div', `line message ${entry.kind} ${entry.state}`), entry.from);
  line.classList.toggle('mine', entry.mine);
  const avatar = el('span', 'avatar', initialOf(entry.from));
  avatar.setAttribute('aria-hidden', 'true');
  // Inline, so that the time stands beside its last line.
  const text = el('span', 'text', ...textOf(entry.text));
  text.dir = 'auto';
  // Below the first message of a person the name is not repeated, but a screen reader reads each by itself.
  const bubble = el('div', 'bubble', el('span', 'unseen', `${who(entry)}: `), text, timeOf(entry.time));
  const body = el('div', 'body', ...headOf(entry, me, actions), bubble);
  if (entry.state !== 'sent') body.append(stateOf(entry, actions));
  line.append(avatar, body);
  return line;
}

function who(entry) {
  if (entry.kind !== 'whisper') return entry.mine ? say('you') : entry.from;
  return entry.mine ? say('privatelyTo', entry.to) : say('privately', entry.from);
}

/** Who said it; the name leads to a whisper. Nothing where one said it oneself, to all. */
function headOf(entry, me, actions) {
  const isWhisper = entry.kind === 'whisper';
  const partner = entry.mine ? entry.to : entry.from;
  if (partner === undefined) return [];
  const text = el('bdi', '', who(entry));
  const head = el('p', 'who', ...(isWhisper ? [lock()] : []));
  if (partner === me) {
    head.append(el('span', 'name', text));
    return [head];
  }
  const name = button('name', text, () => actions.whisper(partner));
  name.title = say('whisperTo', partner);
  if (!isWhisper) name.setAttribute('aria-label', `${partner} (${say('whisperTo', partner)})`);
  head.append(name);
  return [head];
}

function lock() {
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(icon.namespaceURI, 'path');
  path.setAttribute('d', 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3');
  icon.append(path);
  return icon;
}

function timeOf(at) {
  const time = el('time', '', timeText(at));
  time.dateTime = new Date(at).toISOString();
  time.title = fullTimeText(at);
  return time;
}

function textOf(text) {
  return parts(text).map(part => {
    if (typeof part === 'string') return part;
    const link = el('a', '', part.text);
    link.href = part.href;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    // Shows letters that only look Latin for what they are.
    link.title = part.href;
    return link;
  });
}

function stateOf(entry, actions) {
  const state = el('p', 'state');
  if (entry.state === 'pending') {
    state.append(say('sending'));
  } else {
    const why = entry.why === 'unsure' ? say('unsure') : sayServer(entry.why, entry.whyText ?? String(entry.why));
    state.append(
      el('span', '', say('notSent', why)),
      button('link', say('again'), () => actions.again(entry)),
      button('link', say('discard'), () => actions.discard(entry)),
    );
  }
  return state;
}
