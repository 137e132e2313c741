package io.netloop.ws;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts frames together (RFC 6455 §5.2), many into one array where they are small. A client's are
 * masked, each with a key of its own that nobody can guess.
 *
 * <p>Loop-confined.
 */
final class FrameWriter {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final int FIRST_BYTES = 256;

  /** One long message says nothing about the next: no array of that length is made in advance. */
  private static final int MOST_LIKELY_BYTES = 32 * 1024;

  private static final int MOST_HEADER = 14;
  private static final byte[] NOTHING = {};

  static final int FIN = 0x80;
  static final int RSV1 = 0x40;

  /** Where a client's keys come from, or null for a server. */
  private final @Nullable RandomGenerator keys;

  private byte[] bytes = NOTHING;
  private int length;
  private int likely = FIRST_BYTES;

  FrameWriter(@Nullable RandomGenerator keys) {
    this.keys = keys;
  }

  boolean isEmpty() {
    return length == 0;
  }

  int length() {
    return length;
  }

  /** What was put in, and the writer is empty again. */
  Buffer take() {
    Buffer taken = BYTES.wrap(bytes, 0, length);
    likely = Math.clamp(length + (long) length / 8, FIRST_BYTES, MOST_LIKELY_BYTES);
    bytes = NOTHING;
    length = 0;
    return taken;
  }

  /**
   * Puts a frame in whole.
   *
   * @param first its first byte: opcode, {@link #FIN}, {@link #RSV1}
   */
  void put(int first, Buffer payload) {
    int size = payload.length();
    room(MOST_HEADER + size);
    int key = header(first, size);
    int from = length;
    length += payload.copyTo(bytes, from);
    if (keys != null) {
      Mask.apply(bytes, from, length, key, 0);
    }
  }

  /** Puts in the header alone; the payload follows as it is. Only for a server. */
  void putHeader(int first, long size) {
    room(MOST_HEADER);
    header(first, size);
  }

  /** Puts in a frame that was put together already. */
  void putFrame(Buffer frame) {
    room(frame.length());
    length += frame.copyTo(bytes, length);
  }

  /** Returns the key, or 0. */
  private int header(int first, long size) {
    int maskBit = keys == null ? 0 : 0x80;
    bytes[length++] = (byte) first;
    if (size < 126) {
      bytes[length++] = (byte) (maskBit | size);
    } else if (size < 65_536) {
      bytes[length++] = (byte) (maskBit | 126);
      bytes[length++] = (byte) (size >> 8);
      bytes[length++] = (byte) size;
    } else {
      bytes[length++] = (byte) (maskBit | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        bytes[length++] = (byte) (size >> shift);
      }
    }
    if (keys == null) {
      return 0;
    }
    int key = keys.nextInt();
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[length++] = (byte) (key >> shift);
    }
    return key;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.max(likely, bytes.length * 2), length + more));
    }
  }

  /** One unmasked frame, to be sent to many. */
  static Buffer frame(int first, Buffer payload) {
    FrameWriter writer = new FrameWriter(null);
    writer.likely = payload.length() + MOST_HEADER;
    writer.put(first, payload);
    return writer.take();
  }
}
