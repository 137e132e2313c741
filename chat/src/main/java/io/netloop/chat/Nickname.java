package io.netloop.chat;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * The rules for names. Two names are the same if they are the same characters in the normal form
 * (Unicode NFC), without what is blank around them; letter case counts. <i>Stateless.</i>
 */
final class Nickname {
  /** The longest name, in characters as Unicode counts them (code points). */
  static final int MAX_CHARACTERS = 32;

  /**
   * No character has more than four in its decomposed form, none more than two places in a string:
   * a longer text cannot become a name, and normalizing it could take long.
   */
  private static final int MAX_UNNORMALIZED = MAX_CHARACTERS * 4 * 2;

  private static final int BRAILLE_BLANK = 0x2800;

  private Nickname() {}

  /**
   * The name that is meant by what was asked for, trimmed and in normal form.
   *
   * @return null where that can be no name: nothing left, over 32 characters, {@code @} at the
   *     start, or in it a blank, a line end, a control character or one that cannot be seen
   */
  static @Nullable String accept(String asked) {
    String trimmed = trim(asked);
    if (trimmed.length() > MAX_UNNORMALIZED) {
      return null;
    }
    String name = Normalizer.normalize(trimmed, Normalizer.Form.NFC);
    if (name.isEmpty()
        || name.charAt(0) == '@'
        || name.codePointCount(0, name.length()) > MAX_CHARACTERS) {
      return null;
    }
    int before = 0;
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      if (blank(c) || Harmless.dangerous(c) || unseenVariation(c, before)) {
        return null;
      }
      before = c;
      i += Character.charCount(c);
    }
    return name;
  }

  /** As JavaScript's {@code trim}, which published clients use: with no-break and wide blanks. */
  private static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && blank(text.charAt(from))) {
      from++;
    }
    while (from < to && blank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean blank(int c) {
    return (c >= '\t' && c <= '\r')
        || Character.isSpaceChar(c)
        || c == 0xfeff
        || c == BRAILLE_BLANK;
  }

  /** A variation selector that does not follow an emoji would make two equal-looking names. */
  private static boolean unseenVariation(int c, int before) {
    return c >= 0xfe00 && c <= 0xfe0f && !(c >= 0xfe0e && Character.isExtendedPictographic(before));
  }
}
