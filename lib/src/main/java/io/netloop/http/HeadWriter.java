package io.netloop.http;

import io.netloop.engine.SpareArray;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that grow: where heads and small bodies are put together, straight into the array that is
 * handed to the system. Loop-confined.
 */
final class HeadWriter {
  private static final int FIRST_BYTES = 256;
  private static final byte[] NOTHING = {};
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final SpareArray spare;
  private byte[] bytes = NOTHING;
  private int length;

  /** One that takes the array of its loop for what is put in, and gives it back afterwards. */
  HeadWriter(SpareArray spare) {
    this.spare = spare;
  }

  int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /** What was put in, as an array to be kept; the writer begins anew. */
  byte[] take() {
    byte[] copy = Arrays.copyOf(bytes, length);
    giveBack(lend());
    return copy;
  }

  /**
   * The array with what was put in from its begin on, for somebody who gives it back; the writer
   * begins anew.
   */
  byte[] lend() {
    byte[] lent = bytes;
    bytes = NOTHING;
    length = 0;
    return lent;
  }

  /** Nobody looks at the array any more. */
  void giveBack(byte[] lent) {
    spare.give(lent);
  }

  /** Takes back what was put in after this length was reached. */
  void truncate(int to) {
    length = to;
  }

  /** Makes sure that so many bytes more have room. */
  private void room(int more) {
    if (bytes.length - length < more) {
      grow(Math.max(FIRST_BYTES, Math.max(length + more, bytes.length * 2)));
    }
  }

  private void grow(int least) {
    byte[] larger = spare.take(least);
    System.arraycopy(bytes, 0, larger, 0, length);
    bytes = larger;
  }

  void put(byte[] source) {
    put(source, 0, source.length);
  }

  void put(byte[] source, int from, int count) {
    room(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  void put(char ascii) {
    room(1);
    bytes[length++] = (byte) ascii;
  }

  void put(byte b) {
    room(1);
    bytes[length++] = b;
  }

  /** The low three bytes of a number, the highest first. */
  void put24(int number) {
    room(3);
    bytes[length++] = (byte) (number >> 16);
    bytes[length++] = (byte) (number >> 8);
    bytes[length++] = (byte) number;
  }

  /** A number of four bytes, the highest first. */
  void put32(int number) {
    room(4);
    bytes[length++] = (byte) (number >> 24);
    bytes[length++] = (byte) (number >> 16);
    bytes[length++] = (byte) (number >> 8);
    bytes[length++] = (byte) number;
  }

  /** Puts three bytes over what was put here before. */
  void set24(int at, int number) {
    bytes[at] = (byte) (number >> 16);
    bytes[at + 1] = (byte) (number >> 8);
    bytes[at + 2] = (byte) number;
  }

  /** Puts a byte over what was put here before. */
  void set(int at, byte b) {
    bytes[at] = b;
  }

  /** A copy of what was put in from here on. */
  byte[] copyFrom(int at) {
    return Arrays.copyOfRange(bytes, at, length);
  }

  /** Text that was found to be of Latin-1. */
  @SuppressWarnings("deprecation") // the only way that copies no more than once; higher bytes are 0
  void put(String latin1) {
    int count = latin1.length();
    room(count);
    latin1.getBytes(0, count, bytes, length);
    length += count;
  }

  void put(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    room(digits);
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = DIGITS[(int) (rest % 10)];
      rest /= 10;
    }
    length += digits;
  }

  void putHex(long number) {
    int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(number)) / 4);
    room(digits);
    for (int i = digits - 1; i >= 0; i--) {
      bytes[length++] = DIGITS[(int) (number >>> (4 * i)) & 15];
    }
  }

  void putLineEnd() {
    room(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  void putHeader(String name, String value) {
    int nameLength = name.length();
    int valueLength = value.length();
    room(nameLength + valueLength + 4);
    put(name);
    bytes[length++] = ':';
    bytes[length++] = ' ';
    put(value);
    putLineEnd();
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }
}
