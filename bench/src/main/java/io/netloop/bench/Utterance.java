package io.netloop.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What somebody says again and again; perhaps with a number in it that is another one each time.
 * For one thread.
 */
final class Utterance {
  private final MemorySegment bytes;
  private final byte[] digits;
  private final byte[] mask;
  private final int at;

  private Utterance(MemorySegment bytes, byte[] digits, byte[] mask, int at) {
    this.bytes = bytes;
    this.digits = digits;
    this.mask = mask;
    this.at = at;
  }

  /** The same bytes each time. */
  static Utterance of(Connections connections, byte[] message) {
    return new Utterance(Opening.copy(connections, message), new byte[0], new byte[0], 0);
  }

  /**
   * A masked text of a client, in which a number counts.
   *
   * @param from where in the payload its digits begin
   * @param count how many there are; behind the highest comes zero
   */
  static Utterance counting(Connections connections, byte[] payload, int from, int count) {
    byte[] frame = Frames.fromClient(Frames.TEXT, payload);
    int at = frame.length - payload.length + from;
    byte[] digits = new byte[count];
    byte[] mask = new byte[count];
    for (int i = 0; i < count; i++) {
      digits[i] = payload[from + i];
      mask[i] = (byte) (payload[from + i] ^ frame[at + i]);
    }
    return new Utterance(Opening.copy(connections, frame), digits, mask, at);
  }

  /** What is to be sent now; it holds until the next call. */
  MemorySegment next() {
    boolean carries = true;
    for (int i = digits.length - 1; carries && i >= 0; i--) {
      carries = digits[i] == '9';
      digits[i] = carries ? (byte) '0' : (byte) (digits[i] + 1);
      bytes.set(ValueLayout.JAVA_BYTE, (long) at + i, (byte) (digits[i] ^ mask[i]));
    }
    return bytes;
  }
}
