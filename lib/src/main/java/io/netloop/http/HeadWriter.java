package io.netloop.http;

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

  private byte[] bytes = NOTHING;
  private int length;

  /** How much the last row of bytes came to, which the next will come to as well, as a rule. */
  private int likely = FIRST_BYTES;

  int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /** The array with what was put in from its begin on; the writer begins anew with another. */
  byte[] take() {
    byte[] taken = bytes;
    likely = Math.max(FIRST_BYTES, length + length / 8);
    bytes = NOTHING;
    length = 0;
    return taken;
  }

  /** Takes back what was put in after this length was reached. */
  void truncate(int to) {
    length = to;
  }

  /** Makes sure that so many bytes more have room. */
  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.max(likely, bytes.length * 2), length + more));
    }
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
