package io.netloop.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Which byte may stand where (RFC 9110 §5.6.2, RFC 9112 §3 and §5), and where a run of them ends.
 * The runs are looked through eight bytes at a time, by arithmetic on the word that they make.
 */
final class Syntax {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long BLANKS = 0x20 * ONES;
  private static final long AFTER_BLANKS = 0x21 * ONES;
  private static final long DELETES = 0x7f * ONES;

  private static final byte[] LOWER = new byte[256];
  private static final boolean[] TOKEN = new boolean[256];
  private static final byte[] HEX = new byte[256];

  static {
    for (int i = 0; i < 256; i++) {
      LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i);
      HEX[i] = (byte) Character.digit(i < 128 ? i : 0, 16);
      TOKEN[i] =
          (i >= '0' && i <= '9')
              || (i >= 'A' && i <= 'Z')
              || (i >= 'a' && i <= 'z')
              || (i > 0 && i < 128 && "!#$%&'*+-.^_`|~".indexOf(i) >= 0);
    }
  }

  private Syntax() {}

  /** Eight bytes as one word, the first byte lowest. */
  static long word(byte[] bytes, int at) {
    return (long) WORD.get(bytes, at);
  }

  static boolean isToken(int character) {
    return character >= 0 && character < 128 && TOKEN[character];
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hex(byte digit) {
    return HEX[digit & 0xff];
  }

  /** The byte, a capital letter of ASCII as a small one. */
  static byte lower(byte letter) {
    return LOWER[letter & 0xff];
  }

  /** Where the run of token characters ends that begins here. */
  static int tokenEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && TOKEN[bytes[at] & 0xff]) {
      at++;
    }
    return at;
  }

  /** Where the first byte stands that is not visible ASCII. */
  static int targetEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= 8) {
      long word = word(bytes, at);
      long deletes = word ^ DELETES;
      long found =
          (((word - AFTER_BLANKS) & ~word) | ((deletes - ONES) & ~deletes) | word) & HIGH_BITS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      at += 8;
    }
    while (at < to && bytes[at] > 0x20 && bytes[at] != 0x7f) {
      at++;
    }
    return at;
  }

  /** Where the first byte stands that no field's value may hold: a control other than a tab. */
  static int valueEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= 8) {
      long word = word(bytes, at);
      long deletes = word ^ DELETES;
      long found = (((word - BLANKS) & ~word) | ((deletes - ONES) & ~deletes)) & HIGH_BITS;
      if (found == 0) {
        at += 8;
        continue;
      }
      at += Long.numberOfTrailingZeros(found) >>> 3;
      if (bytes[at] != '\t') {
        return at;
      }
      at++;
    }
    while (at < to && isOfValue(bytes[at])) {
      at++;
    }
    return at;
  }

  /** Whether a byte may stand in a field's value; bytes above ASCII may, as obs-text. */
  private static boolean isOfValue(byte b) {
    return b < 0 || (b >= 0x20 && b != 0x7f) || b == '\t';
  }

  /** Whether the bytes are this text of small letters, in any letter case. */
  static boolean isText(byte[] bytes, int from, int to, String small) {
    if (to - from != small.length()) {
      return false;
    }
    for (int i = 0; i < small.length(); i++) {
      if (LOWER[bytes[from + i] & 0xff] != small.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the bytes are this name of a field, in any letter case of either. */
  static boolean isName(byte[] bytes, int from, int to, String name) {
    if (to - from != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c > 127 || LOWER[bytes[from + i] & 0xff] != LOWER[c]) {
        return false;
      }
    }
    return true;
  }

  /** Whether all of the text are token characters, and there is one at least. */
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isToken(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** The first character that can't be sent in a field's value, or -1: sent is Latin-1. */
  static int badValueCharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f || c > 0xff) {
        return i;
      }
    }
    return -1;
  }
}
