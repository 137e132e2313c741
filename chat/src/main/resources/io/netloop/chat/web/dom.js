// The few words that the views build the page with. Text goes in as text, never as markup.

export const $ = id => document.getElementById(id);

/** An element; children are elements or texts. */
export function el(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

export function button(className, text, click) {
  const element = el('button', className, text);
  element.type = 'button';
  element.addEventListener('click', click);
  return element;
}

/** Sets a text only where it differs: a live region would otherwise say it again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
