package io.netloop.chat;

import java.util.Locale;

/**
 * Makes text from a peer fit for a log or a terminal: every character that could move the cursor,
 * start an escape sequence, turn the reading direction, break the line or stay unseen is shown by a
 * sign of its own. What comes out holds none of them and looks like what it was. <i>Stateless.</i>
 */
public final class Harmless {
  private static final int ZERO_WIDTH_JOINER = 0x200d;
  private static final int EMOJI_VARIATION = 0xfe0f;

  private Harmless() {}

  /**
   * The text with C0 controls and DEL as their pictures (ESC as {@code ␛}, U+241B), and as {@code
   * \\u202e} the other controls, format characters (bidirectional marks, zero width, soft hyphen,
   * tags), line and paragraph separators, invisible fillers and lone surrogates. A zero-width
   * joiner stays between two emoji, where it makes one picture of them. The same string where it is
   * clean.
   */
  public static String text(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (dangerous(c)) {
        return neutralised(text, i);
      }
      i += Character.charCount(c);
    }
    return text;
  }

  private static String neutralised(String text, int clean) {
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, clean);
    for (int i = clean; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!dangerous(c) || (c == ZERO_WIDTH_JOINER && joinsEmoji(text, i))) {
        out.appendCodePoint(c);
      } else if (c < 0x20) {
        out.append((char) (0x2400 + c));
      } else if (c == 0x7f) {
        out.append('\u2421');
      } else {
        out.append(String.format(Locale.ROOT, c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  /** Whether this code point must not reach a terminal, a log or a name as it is. */
  static boolean dangerous(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> invisible(c);
    };
  }

  /** Letters and marks that are drawn as nothing. */
  private static boolean invisible(int c) {
    return switch (c) {
      case 0x034f,
          0x115f,
          0x1160,
          0x17b4,
          0x17b5,
          0x180b,
          0x180c,
          0x180d,
          0x180f,
          0x2065,
          0x3164,
          0xffa0 ->
          true;
      default -> (c >= 0xfff0 && c <= 0xfff8) || (c >= 0xe0000 && c <= 0xe0fff);
    };
  }

  private static boolean joinsEmoji(String text, int joiner) {
    int before = joiner;
    while (before > 0) {
      int c = text.codePointBefore(before);
      before -= Character.charCount(c);
      if (c != EMOJI_VARIATION && !Character.isEmojiModifier(c)) {
        int after = joiner + 1;
        return Character.isExtendedPictographic(c)
            && after < text.length()
            && Character.isExtendedPictographic(text.codePointAt(after));
      }
    }
    return false;
  }
}
