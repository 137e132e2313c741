// Finds web addresses in a text.

// Chinese and Japanese text follows an address without a blank, so it ends one; in a path such letters come encoded.
const ADDRESS = /\bhttps?:\/\/[^\s<>"`\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d]+/giu;
const TRAILING = /[.,:;!?'*_~…]$/u;
const PAIRS = { ')': '(', ']': '[', '}': '{' };

/** The parts of a text in order: strings, and {text, href} for what may be a link. */
export function parts(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    const href = safe(address);
    if (href === null) continue;
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

/** Without the punctuation of the sentence around it. */
function trimmed(address) {
  let end = address.length;
  for (;;) {
    const last = address[end - 1];
    const open = PAIRS[last];
    const unpaired = open && count(address, last, end) > count(address, open, end);
    if (!unpaired && !TRAILING.test(last)) return address.slice(0, end);
    end--;
  }
}

function count(text, character, end) {
  let n = 0;
  for (let i = 0; i < end; i++) if (text[i] === character) n++;
  return n;
}

/** Where it leads, or null. A user name in an address ("https://bank.example@evil.example") is there to deceive. */
function safe(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && !url.username && !url.password ? url.href : null;
}
