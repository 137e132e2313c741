package io.netloop.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** What the package does with text. */
final class Texts {
  /** No text made by a template grows longer. */
  static final int LONGEST = 16 * 1024 * 1024;

  private static final String[] CHARACTERS = new String[128];

  static {
    for (char c = 0; c < CHARACTERS.length; c++) {
      CHARACTERS[c] = String.valueOf(c);
    }
  }

  private Texts() {}

  static String character(char c) {
    return c < CHARACTERS.length ? CHARACTERS[c] : String.valueOf(c);
  }

  static void grow(long length) {
    if (length > LONGEST) {
      throw new LimitExceeded(
          "A text is longer than %d characters, which is the limit.".formatted(LONGEST));
    }
  }

  static String concat(String a, String b) {
    grow((long) a.length() + b.length());
    return a.concat(b);
  }

  /** White space of JavaScript: Unicode's blanks, tab, line ends and the byte order mark. */
  static boolean isBlank(char c) {
    if (c < 0x80) {
      return c == ' ' || (c >= 9 && c <= 13);
    }
    return c == '\u00a0'
        || c == '\ufeff'
        || c == '\u2028'
        || c == '\u2029'
        || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  /** A number as the English write it, with at most three decimals. */
  static String grouped(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
    }
    BigDecimal rounded = new BigDecimal(Numbers.text(value)).setScale(3, RoundingMode.HALF_UP);
    DecimalFormat format =
        new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ENGLISH));
    return format.format(rounded);
  }

  static String trim(String text) {
    return trimEnd(trimStart(text));
  }

  static String trimStart(String text) {
    int from = 0;
    while (from < text.length() && isBlank(text.charAt(from))) {
      from++;
    }
    return text.substring(from);
  }

  static String trimEnd(String text) {
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }
}
