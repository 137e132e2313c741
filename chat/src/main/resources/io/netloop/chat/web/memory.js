// What the page remembers. A browser may forbid that, and then it remembers nothing.

const PREFIX = 'netloop.chat.';

function store(kind) {
  return {
    get(key) {
      try {
        return window[kind].getItem(PREFIX + key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        window[kind].setItem(PREFIX + key, value);
      } catch {
        // Full or forbidden.
      }
    },
    remove(key) {
      try {
        window[kind].removeItem(PREFIX + key);
      } catch {
        // Forbidden.
      }
    },
  };
}

/** For all pages of this server, until it is deleted. */
export const lasting = store('localStorage');

/** For this tab, over a reload. */
export const passing = store('sessionStorage');
