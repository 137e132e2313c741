package io.netloop.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Whole WebSocket messages in one frame each (RFC 6455, section 5.2), as they are on the wire. */
final class Frames {
  static final int TEXT = 1;
  static final int BINARY = 2;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int MOST_IN_ONE_BYTE = 125;
  private static final int TWO_BYTES = 126;
  private static final int MOST_IN_TWO_BYTES = 0xffff;
  private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private Frames() {}

  /** A frame as a client sends it: masked, with a key that is always the same. */
  static byte[] fromClient(int opcode, byte[] payload) {
    ByteBuffer frame = head(opcode, payload.length, MASKED, KEY.length).put(KEY);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ KEY[i % KEY.length]));
    }
    byte[] bytes = new byte[frame.flip().remaining()];
    frame.get(bytes);
    return bytes;
  }

  /** The same message as a server sends it, with the shortest head, which all must choose. */
  static byte[] fromServer(int opcode, byte[] payload) {
    return head(opcode, payload.length, 0, 0).put(payload).array();
  }

  private static ByteBuffer head(int opcode, int length, int masked, int keyBytes) {
    if (length > MOST_IN_TWO_BYTES) {
      throw new IllegalArgumentException("a frame of the bench has no " + length + " bytes");
    }
    boolean isShort = length <= MOST_IN_ONE_BYTE;
    ByteBuffer frame =
        ByteBuffer.allocate(2 + (isShort ? 0 : Short.BYTES) + keyBytes + length)
            .put((byte) (FINAL | opcode))
            .put((byte) (masked | (isShort ? length : TWO_BYTES)));
    return isShort ? frame : frame.putShort((short) length);
  }

  /** A payload of one letter. */
  static byte[] payload(int length) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 'x');
    return payload;
  }
}
