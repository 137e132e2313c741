// How a nickname looks: the same on every page, and told apart from its neighbours.

const HUES = 24;

/** The hue of a name's colour in degrees. Lightness and chroma are the style sheet's, so that contrast holds for all. */
export function hueOf(name) {
  let hash = 0x811c9dc5;
  for (const character of name) {
    hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
  }
  // The low bits of such a hash differ little between short names.
  hash ^= hash >>> 15;
  return ((hash >>> 0) % HUES) * (360 / HUES);
}

let graphemes; // Made with the first name: it would hold up the page by 20 ms.

/** The first character as people see it, an emoji of several code points included. */
export function initialOf(name) {
  if (Intl.Segmenter) graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const first = graphemes ? graphemes.segment(name)[Symbol.iterator]().next().value?.segment : [...name][0];
  return (first ?? '?').toLocaleUpperCase();
}

export function colour(element, name) {
  // Set by script, not by an attribute: the policy forbids style in markup.
  element.style.setProperty('--hue', hueOf(name));
  return element;
}
