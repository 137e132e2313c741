package io.netloop.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Takes escapes of URLs back, and makes them (RFC 3986 §2.1). */
final class Percent {
  /** What {@code encodeURIComponent} leaves as it is, beside letters and digits. */
  private static final String PLAIN_IN_COMPONENT = "-_.!~*'()";

  /** What stays as it is in a URL, as npm's encodeurl has it. */
  private static final String PLAIN_IN_URL = "!#$&'()*+,-./:;=?@[\\]^_|~";

  private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

  private Percent() {}

  /** The text behind the escapes, which have to be UTF-8; null where one is broken. */
  static @Nullable String decode(String text, int from, int to) {
    int first = text.indexOf('%', from);
    if (first < 0 || first >= to) {
      return text.substring(from, to);
    }
    byte[] bytes = new byte[3 * (to - from)];
    int length = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int octet = octet(text, i, to);
        if (octet < 0) {
          return null;
        }
        bytes[length++] = (byte) octet;
        i += 2;
      } else if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else {
        byte[] utf8 = String.valueOf(c).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException wrong) {
      return null;
    }
  }

  /** What the escape at this place stands for, or -1 where it is broken. */
  static int octet(String text, int at, int to) {
    if (at + 2 >= to) {
      return -1;
    }
    int high = digit(text.charAt(at + 1));
    int low = digit(text.charAt(at + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /**
   * A part of a form or a query: {@code +} is a blank, a broken escape stays as it is, and what is
   * not of the charset becomes U+FFFD.
   */
  static String decodeForm(String text, int from, int to, Charset charset) {
    boolean plain = true;
    for (int i = from; i < to && plain; i++) {
      char c = text.charAt(i);
      plain = c != '%' && c != '+' && c < 0x80;
    }
    if (plain) {
      return text.substring(from, to);
    }
    byte[] bytes = text.substring(from, to).getBytes(charset);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '+') {
        bytes[length++] = ' ';
      } else if (bytes[i] == '%' && isEscape(bytes, i)) {
        bytes[length++] = (byte) (digit(bytes[i + 1]) << 4 | digit(bytes[i + 2]));
        i += 2;
      } else {
        bytes[length++] = bytes[i];
      }
    }
    return new String(bytes, 0, length, charset);
  }

  /** As JavaScript's {@code encodeURIComponent}. */
  static String encodeComponent(String text) {
    return encode(text, PLAIN_IN_COMPONENT, false);
  }

  /** Escapes what no URL may hold, and leaves escapes that are there as they are. */
  static String encodeUrl(String url) {
    return encode(url, PLAIN_IN_URL, true);
  }

  private static String encode(String text, String plain, boolean keepEscapes) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      int c = bytes[i] & 0xff;
      boolean isPlain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || (c < 0x80 && plain.indexOf(c) >= 0)
              || (keepEscapes && c == '%' && isEscape(bytes, i));
      if (isPlain) {
        encoded.append((char) c);
      } else {
        encoded.append('%').append(DIGITS[c >> 4]).append(DIGITS[c & 15]);
      }
    }
    return encoded.toString();
  }

  private static boolean isEscape(byte[] bytes, int at) {
    return at + 2 < bytes.length && digit(bytes[at + 1]) >= 0 && digit(bytes[at + 2]) >= 0;
  }

  /** Not {@code Character.digit}, which knows digits of other scripts too. */
  private static int digit(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int small = c | 0x20;
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
  }
}
