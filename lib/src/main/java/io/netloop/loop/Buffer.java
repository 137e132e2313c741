package io.netloop.loop;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Encoding;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A run of bytes that never changes: what a 'data' listener receives and what is written. It may be
 * kept as long as one likes; nothing is ever recycled under it. <i>Immutable.</i>
 *
 * <p>Where Node's functions take an encoding name, so do these: {@code utf8}, {@code utf16le}
 * ({@code ucs2}), {@code latin1} ({@code binary}), {@code ascii}, {@code hex}, {@code base64},
 * {@code base64url}, in any letter case.
 *
 * @see <a href="https://nodejs.org/api/buffer.html">Node: Buffer</a>
 */
public final class Buffer {
  private static final Buffer EMPTY = new Buffer(new byte[0], 0, 0);

  static {
    BufferAccess.share(
        new BufferAccess<Buffer>() {
          @Override
          public byte[] array(Buffer buffer) {
            return buffer.bytes;
          }

          @Override
          public int offset(Buffer buffer) {
            return buffer.offset;
          }

          @Override
          public Buffer wrap(byte[] array, int offset, int length) {
            return new Buffer(array, offset, length);
          }
        });
  }

  private final byte[] bytes;
  private final int offset;
  private final int length;

  private Buffer(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /** A buffer of no bytes. */
  public static Buffer empty() {
    return EMPTY;
  }

  /** The text in UTF-8. */
  public static Buffer from(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new Buffer(utf8, 0, utf8.length);
  }

  /**
   * The bytes that the text stands for in a named encoding. As in Node, hexadecimal text counts up
   * to its first bad pair, and base64 text skips what is not of its alphabet.
   *
   * @throws NetException {@code ERR_UNKNOWN_ENCODING} for a name that is not listed above
   */
  public static Buffer from(String text, String encoding) {
    byte[] encoded = encoding(encoding).encode(text);
    return new Buffer(encoded, 0, encoded.length);
  }

  /** A copy of these bytes. */
  public static Buffer from(byte[] bytes) {
    return new Buffer(bytes.clone(), 0, bytes.length);
  }

  /** A copy of {@code length} bytes beginning at {@code from}. */
  public static Buffer from(byte[] bytes, int from, int length) {
    Objects.checkFromIndexSize(from, length, bytes.length);
    return new Buffer(Arrays.copyOfRange(bytes, from, from + length), 0, length);
  }

  /** A copy of what remains in this byte buffer, whose position moves to its limit. */
  public static Buffer from(ByteBuffer remaining) {
    byte[] copy = new byte[remaining.remaining()];
    remaining.get(copy);
    return new Buffer(copy, 0, copy.length);
  }

  /** All these buffers, one after another, in a new one. */
  public static Buffer concat(List<Buffer> parts) {
    int total = 0;
    for (Buffer part : parts) {
      total = Math.addExact(total, part.length);
    }
    byte[] all = new byte[total];
    int at = 0;
    for (Buffer part : parts) {
      at += part.copyTo(all, at);
    }
    return new Buffer(all, 0, total);
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** Whether there is no byte. */
  public boolean isEmpty() {
    return length == 0;
  }

  /**
   * The byte at this place, from 0 to 255.
   *
   * @throws IndexOutOfBoundsException where there is no such place
   */
  public int get(int index) {
    return bytes[offset + Objects.checkIndex(index, length)] & 0xff;
  }

  /**
   * The bytes from {@code start} up to, not including, {@code end}: a view, no copy.
   *
   * @throws IndexOutOfBoundsException where the range is not inside this buffer
   */
  public Buffer slice(int start, int end) {
    Objects.checkFromToIndex(start, end, length);
    return new Buffer(bytes, offset + start, end - start);
  }

  /** The bytes from {@code start} to the end: a view, no copy. */
  public Buffer slice(int start) {
    return slice(start, length);
  }

  /** The first place at or after {@code from} that holds this byte value, or -1. */
  public int indexOf(int value, int from) {
    for (int i = Math.max(0, from); i < length; i++) {
      if (bytes[offset + i] == (byte) value) {
        return i;
      }
    }
    return -1;
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  /** A read-only view of the bytes. */
  public ByteBuffer toByteBuffer() {
    return ByteBuffer.wrap(bytes, offset, length).slice().asReadOnlyBuffer();
  }

  /**
   * Copies all bytes into an array.
   *
   * @return how many bytes were copied: {@link #length()}
   * @throws IndexOutOfBoundsException where they do not fit
   */
  public int copyTo(byte[] target, int at) {
    System.arraycopy(bytes, offset, target, at, length);
    return length;
  }

  /** The bytes as UTF-8 text; what is not UTF-8 becomes U+FFFD. */
  @Override
  public String toString() {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  /**
   * The bytes as text in a named encoding.
   *
   * @throws NetException {@code ERR_UNKNOWN_ENCODING} for a name that is not listed above
   */
  public String toString(String encoding) {
    return encoding(encoding).decode(bytes, offset, length);
  }

  /** The bytes as text in a charset of the platform. */
  public String toString(Charset charset) {
    return new String(bytes, offset, length, charset);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Buffer that
        && Arrays.equals(
            bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + bytes[offset + i];
    }
    return hash;
  }

  private static Encoding encoding(String name) {
    Encoding encoding = Encoding.of(name);
    if (encoding == null) {
      throw new NetException("ERR_UNKNOWN_ENCODING", "Unknown encoding: " + name);
    }
    return encoding;
  }
}
