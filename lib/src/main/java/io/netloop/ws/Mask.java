package io.netloop.ws;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A client's mask over the bytes of a frame (RFC 6455 §5.3), laid on and taken off alike. */
final class Mask {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Mask() {}

  /**
   * Changes bytes where they stand, eight at a time.
   *
   * @param key the four bytes of the mask, the first lowest
   * @param phase how many bytes of the frame come before these
   */
  static void apply(byte[] bytes, int from, int to, int key, long phase) {
    int turned = Integer.rotateRight(key, (int) (phase & 3) * 8);
    long twice = (turned & 0xffffffffL) | ((long) turned << 32);
    int at = from;
    while (to - at >= 8) {
      LONG.set(bytes, at, (long) LONG.get(bytes, at) ^ twice);
      at += 8;
    }
    while (at < to) {
      bytes[at++] ^= (byte) turned;
      turned = Integer.rotateRight(turned, 8);
    }
  }
}
