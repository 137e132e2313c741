package io.netloop.http;

import java.util.Arrays;

/**
 * The field lines that the requests of a connection have in common: all of them, as a rule, since a
 * client that asks again changes nothing but the target. Where the bytes are those of a head
 * before, they mean what they meant then, and one comparison takes the place of reading them. Lines
 * that say how a message is read, but for {@code keep-alive}, are always read. Loop-confined.
 */
final class RepeatedFields {
  /** Longer ones are read each time: a connection that waits would keep them. */
  private static final int MOST_BYTES = 1024;

  /** After so many that did not come again a connection is taken for one that repeats nothing. */
  private static final int MOST_IN_VAIN = 8;

  private static final byte[] NOTHING = {};

  /** The lines and the empty one behind them; nothing where none are known. */
  private byte[] lines = NOTHING;

  private Headers fields = Headers.NONE;
  private int hosts;
  private boolean keepAlive;

  private boolean isFirst = true;
  private int inVain;

  /** Whether all lines of a head begin here, are complete, and those that are known. */
  boolean begin(byte[] b, int from, int to) {
    int length = lines.length;
    boolean same =
        length > 0
            && to - from >= length
            && Arrays.equals(b, from, from + length, lines, 0, length);
    if (same) {
      inVain = 0;
    }
    return same;
  }

  /** Has the head say what these lines say about the message. */
  void restore(MessageHead head) {
    head.hosts = hosts;
    head.keepAlive = keepAlive;
  }

  int length() {
    return lines.length;
  }

  Headers fields() {
    return fields;
  }

  /** A head was read; not of the first, since many connections have one only. */
  void learn(MessageHead head, byte[] b, int from, int to, int[] spans, int spansLength) {
    if (isFirst) {
      isFirst = false;
      return;
    }
    if (to - from > MOST_BYTES || inVain == MOST_IN_VAIN || head.fieldsConcernReading()) {
      return;
    }
    inVain++;
    int[] places = Arrays.copyOf(spans, spansLength);
    for (int i = 0; i < spansLength; i++) {
      places[i] -= from;
    }
    lines = Arrays.copyOfRange(b, from, to);
    fields = spansLength == 0 ? Headers.NONE : new Headers(lines, places);
    hosts = head.hosts;
    keepAlive = head.keepAlive;
  }
}
