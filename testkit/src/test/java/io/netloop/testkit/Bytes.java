package io.netloop.testkit;

import io.netloop.loop.Buffer;

/** An endless row of bytes, one for each key, of which any part can be made and recognised. */
record Bytes(long key) implements Incoming {
  private byte at(long position) {
    long mixed = (position / 8 + key) * 0x9E3779B97F4A7C15L;
    mixed ^= mixed >>> 29;
    mixed *= 0xBF58476D1CE4E5B9L;
    return (byte) (mixed >>> (8 * (position % 8)));
  }

  /** So many bytes from this position on. */
  Buffer from(long position, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = at(position + i);
    }
    return Buffer.from(bytes);
  }

  @Override
  public int firstWrong(Buffer data, long position) {
    for (int i = 0; i < data.length(); i++) {
      if ((byte) data.get(i) != at(position + i)) {
        return i;
      }
    }
    return -1;
  }
}
