package io.netloop.chat;

import io.netloop.loop.Buffer;
import java.util.Arrays;

/**
 * The beginning of an object whose end is in a piece still to come. It grows by doubling, so that
 * an object fed byte by byte is copied a few times only, and never beyond the limit. While there is
 * nothing to keep it holds no memory: most connections are idle. <i>Loop-confined.</i>
 */
final class Carry {
  private static final byte[] NOTHING = {};
  private static final int FIRST_CAPACITY = 256;

  private final int maxBytes;
  private byte[] bytes = NOTHING;
  private int length;
  private long copied;

  Carry(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  int length() {
    return length;
  }

  /** Keeps these bytes too. The caller sees to it that all are at most the limit. */
  void add(Buffer more) {
    int needed = length + more.length();
    if (needed > bytes.length) {
      int capacity = Math.max(needed, Math.max(FIRST_CAPACITY, 2 * bytes.length));
      bytes = Arrays.copyOf(bytes, Math.min(capacity, maxBytes));
      copied += length;
    }
    copied += more.copyTo(bytes, length);
    length = needed;
  }

  /** The whole object, of which these bytes are the rest; after it nothing is kept. */
  byte[] finish(Buffer rest) {
    byte[] whole = Arrays.copyOf(bytes, length + rest.length());
    rest.copyTo(whole, length);
    copied += whole.length;
    clear();
    return whole;
  }

  void clear() {
    bytes = NOTHING;
    length = 0;
  }

  /** How many bytes of memory are held. */
  int capacity() {
    return bytes.length;
  }

  /** How many bytes were ever copied, each time counted. */
  long copied() {
    return copied;
  }
}
