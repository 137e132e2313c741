// Finds web addresses in a text.

// Chinese and Japanese text follows an address without a blank, so it ends one; in a path such letters come encoded.
const ADDRESS = /\bhttps?:\/\/[^\s<>"`\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d]+/giu;
const TRAILING = new Set(".,:;!?'*_~…");
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

/** Without the punctuation of the sentence around it. The time it takes grows with the length, not with its square. */
function trimmed(address) {
  const counts = { '(': 0, ')': 0, '[': 0, ']': 0, '{': 0, '}': 0 };
  for (const character of address) if (character in counts) counts[character]++;
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1];
    if (last in PAIRS) {
      if (counts[last] <= counts[PAIRS[last]]) break;
      counts[last]--;
    } else if (!TRAILING.has(last)) {
      break;
    }
  }
  return address.slice(0, end);
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
