package io.netloop.ws;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks a text as it comes, piece by piece, and says so at the first byte that no valid UTF-8 has
 * there (RFC 3629 §4): no surrogates, nothing above U+10FFFF, no form longer than needed. ASCII is
 * looked through eight bytes at a time.
 */
final class Utf8Check {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** How many bytes the character wants that is under way, and between what the next must be. */
  private int wanted;

  private int least;
  private int most;

  /** A new text begins. */
  void reset() {
    wanted = 0;
  }

  /** Whether the text ends here, and not within a character. */
  boolean isComplete() {
    return wanted == 0;
  }

  /** Goes on with these bytes; returns false where they are no UTF-8. */
  boolean accept(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (wanted == 0) {
        at = asciiEnd(bytes, at, to);
        if (at < to && !lead(bytes[at++] & 0xff)) {
          return false;
        }
      } else {
        int next = bytes[at++] & 0xff;
        if (next < least || next > most) {
          return false;
        }
        least = 0x80;
        most = 0xbf;
        wanted--;
      }
    }
    return true;
  }

  private static int asciiEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= 8 && ((long) WORD.get(bytes, at) & HIGH_BITS) == 0) {
      at += 8;
    }
    while (at < to && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /** The first byte of a character of more than one. */
  private boolean lead(int first) {
    least = 0x80;
    most = 0xbf;
    if (first < 0xc2 || first > 0xf4) {
      return false;
    }
    if (first < 0xe0) {
      wanted = 1;
    } else if (first < 0xf0) {
      wanted = 2;
      if (first == 0xe0) {
        least = 0xa0;
      } else if (first == 0xed) {
        most = 0x9f;
      }
    } else {
      wanted = 3;
      if (first == 0xf0) {
        least = 0x90;
      } else if (first == 0xf4) {
        most = 0x8f;
      }
    }
    return true;
  }
}
