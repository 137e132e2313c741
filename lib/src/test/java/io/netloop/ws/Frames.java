package io.netloop.ws;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.Deflater;

/** Puts frames together byte by byte as RFC 6455 §5.2 draws them: the tests' own way, not ours. */
final class Frames {
  static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};
  static final int FIN = 0x80;
  static final int RSV1 = 0x40;

  private Frames() {}

  /** A client's frame, in the shortest form. */
  static byte[] masked(int first, byte[] payload) {
    return frame(first, payload, KEY, form(payload.length));
  }

  static byte[] masked(int first, String payload) {
    return masked(first, utf8(payload));
  }

  /** A server's frame, in the shortest form. */
  static byte[] plain(int first, byte[] payload) {
    return frame(first, payload, null, form(payload.length));
  }

  static byte[] plain(int first, String payload) {
    return plain(first, utf8(payload));
  }

  /** A whole text from a client. */
  static byte[] text(String payload) {
    return masked(FIN | 1, payload);
  }

  /** A whole message of bytes from a client. */
  static byte[] binary(byte[] payload) {
    return masked(FIN | 2, payload);
  }

  /** A close frame from a client. */
  static byte[] close(int code, String reason) {
    return masked(FIN | 8, closePayload(code, reason));
  }

  static byte[] closePayload(int code, String reason) {
    byte[] words = utf8(reason);
    return ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array();
  }

  private static int form(int length) {
    return length < 126 ? 0 : length < 65_536 ? 2 : 8;
  }

  /**
   * Any frame.
   *
   * @param key of the mask, or null for none
   * @param form how many bytes the length takes behind the second byte: 0, 2 or 8
   */
  static byte[] frame(int first, byte[] payload, byte[] key, int form) {
    return join(header(first, payload.length, key, form), masked(payload, key));
  }

  /** A header alone, which may promise more than ever comes. */
  static byte[] header(int first, long length, byte[] key, int form) {
    ByteBuffer header = ByteBuffer.allocate(2 + form + (key == null ? 0 : 4));
    int mask = key == null ? 0 : 0x80;
    header.put((byte) first);
    switch (form) {
      case 0 -> header.put((byte) (mask | length));
      case 2 -> header.put((byte) (mask | 126)).putShort((short) length);
      default -> header.put((byte) (mask | 127)).putLong(length);
    }
    if (key != null) {
      header.put(key);
    }
    return header.array();
  }

  private static byte[] masked(byte[] payload, byte[] key) {
    byte[] out = payload.clone();
    if (key != null) {
      for (int i = 0; i < out.length; i++) {
        out[i] ^= key[i % 4];
      }
    }
    return out;
  }

  /** A message as RFC 7692 §7.2.1 compresses it, with nothing to refer back to. */
  static byte[] compressed(byte[] message) {
    Deflater zlib = new Deflater(9, true);
    zlib.setInput(message);
    byte[] out = new byte[message.length + 1_000];
    int length = zlib.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    zlib.end();
    return Arrays.copyOf(out, length - 4);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
