package io.netloop.template;

import org.jspecify.annotations.Nullable;

/**
 * Makes one blank of each run of white space in the text of a template, piece by piece between the
 * tags; what stands in {@code <pre>} and its kin stays.
 */
final class Collapse {
  private static final String[] KEPT = {"pre", "textarea", "script", "style"};

  /** The element that is open and whose text stays; null outside of such. */
  private @Nullable String open;

  /** The next piece of text. */
  String next(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      if (open != null) {
        int end = endOf(text, at, open);
        out.append(text, at, end);
        at = end;
        continue;
      }
      char c = text.charAt(at);
      if (isBlank(c)) {
        out.append(' ');
        while (at < text.length() && isBlank(text.charAt(at))) {
          at++;
        }
        continue;
      }
      if (c == '<') {
        open = begins(text, at);
      }
      out.append(c);
      at++;
    }
    return out.toString();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f';
  }

  private static @Nullable String begins(String text, int at) {
    for (String name : KEPT) {
      int after = at + 1 + name.length();
      if (text.regionMatches(true, at + 1, name, 0, name.length())
          && (after >= text.length() || !Character.isLetterOrDigit(text.charAt(after)))) {
        return name;
      }
    }
    return null;
  }

  /** Moves to the tag that closes the element, or to the end. */
  private int endOf(String text, int from, String name) {
    for (int at = text.indexOf("</", from); at >= 0; at = text.indexOf("</", at + 1)) {
      if (text.regionMatches(true, at + 2, name, 0, name.length())) {
        open = null;
        return at + 2;
      }
    }
    return text.length();
  }
}
