package io.netloop.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whole WebSocket messages in one frame each (RFC 6455, section 5.2), as they are on the wire. */
final class Frames {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int PONG = 10;

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

  /**
   * Where the frame of a server ends that begins at a place, or {@link Units#INCOMPLETE}.
   *
   * @throws IOException if it is masked or has a length of eight bytes, as none here has
   */
  static int end(byte[] bytes, int from, int to) throws IOException {
    if (to - from < 2) {
      return Units.INCOMPLETE;
    }
    int length = bytes[from + 1] & 0xff;
    if (length > TWO_BYTES) {
      throw new IOException("it sent a frame that is masked, or far too long");
    }
    int payload = payload(bytes, from);
    if (length == TWO_BYTES) {
      if (payload > to) {
        return Units.INCOMPLETE;
      }
      length = (bytes[from + 2] & 0xff) << Byte.SIZE | (bytes[from + 3] & 0xff);
    }
    return to - payload < length ? Units.INCOMPLETE : payload + length;
  }

  /** What the whole text says that begins at a place; nothing if it is no text. */
  static String text(byte[] bytes, int from) throws IOException {
    int payload = payload(bytes, from);
    int length = end(bytes, from, bytes.length) - payload;
    return bytes[from] == (byte) (FINAL | TEXT)
        ? new String(bytes, payload, length, StandardCharsets.UTF_8)
        : "";
  }

  private static int payload(byte[] bytes, int from) {
    return from + 2 + (bytes[from + 1] == TWO_BYTES ? Short.BYTES : 0);
  }

  /** A payload of one letter. */
  static byte[] payload(int length) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 'x');
    return payload;
  }
}
