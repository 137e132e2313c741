package io.netloop.engine;

import java.util.Arrays;

/**
 * Turns a stream of bytes into text piece by piece and never splits a character: what is incomplete
 * at the end of one piece waits for the next. <i>Loop-confined.</i>
 */
public final class TextDecoder {
  private static final byte[] NONE = {};

  private final Encoding encoding;

  /** The incomplete tail of what was decoded so far: three bytes at the most. */
  private byte[] rest = NONE;

  public TextDecoder(Encoding encoding) {
    this.encoding = encoding;
  }

  /** The text that is complete after these bytes; empty where not one character is. */
  public String decode(byte[] bytes) {
    byte[] all = bytes;
    if (rest.length > 0) {
      all = Arrays.copyOf(rest, rest.length + bytes.length);
      System.arraycopy(bytes, 0, all, rest.length, bytes.length);
    }
    int whole = all.length - incomplete(all);
    rest = whole == all.length ? NONE : Arrays.copyOfRange(all, whole, all.length);
    return encoding.decode(all, 0, whole);
  }

  /** What the unfinished tail is worth at the end of the stream: U+FFFD for a cut character. */
  public String finish() {
    byte[] tail = rest;
    rest = NONE;
    if (encoding == Encoding.UTF16LE && tail.length % 2 == 1) {
      return encoding.decode(tail, 0, tail.length) + '\uFFFD';
    }
    return encoding.decode(tail, 0, tail.length);
  }

  private int incomplete(byte[] bytes) {
    return switch (encoding) {
      case UTF8 -> incompleteUtf8(bytes);
      case UTF16LE -> incompleteUtf16(bytes);
      case BASE64, BASE64URL -> bytes.length % 3;
      case LATIN1, ASCII, HEX -> 0;
    };
  }

  /** Looks back for a lead byte that wants more continuation bytes than have come. */
  private static int incompleteUtf8(byte[] bytes) {
    for (int back = 1; back <= Math.min(3, bytes.length); back++) {
      int b = bytes[bytes.length - back] & 0xff;
      if (b >= 0xc0) {
        int wanted = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
        return wanted > back ? back : 0;
      }
      if (b < 0x80) {
        return 0;
      }
    }
    return 0;
  }

  /** Holds the odd byte, and the first half of a surrogate pair. */
  private static int incompleteUtf16(byte[] bytes) {
    int odd = bytes.length % 2;
    int last = bytes.length - odd - 1;
    boolean highSurrogate = last > 0 && (bytes[last] & 0xfc) == 0xd8;
    return highSurrogate ? odd + 2 : odd;
  }
}
