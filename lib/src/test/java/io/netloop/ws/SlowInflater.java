package io.netloop.ws;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Inflates (RFC 1951) as simply as can be, and remembers how far a stream has ever looked back:
 * what the platform's inflater does not tell.
 */
final class SlowInflater {
  private static final int[] LENGTHS = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] LENGTH_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };
  private static final int[] DISTANCES = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577
  };
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private final byte[] in;
  private int bit;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  int furthest;

  /** A message as it is on the wire: without its tail. */
  SlowInflater(byte[] message) {
    in = Frames.join(message, new byte[] {0, 0, -1, -1});
  }

  byte[] inflate() {
    while (bit < in.length * 8) {
      bits(1); // whether it is the last block: more may follow all the same
      switch (bits(2)) {
        case 0 -> stored();
        case 1 -> compressed(fixed(), new Code(filled(30, 5)));
        case 2 -> dynamic();
        default -> throw new AssertionError("a block of no type");
      }
    }
    return out.toByteArray();
  }

  private int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++, bit++) {
      value |= (in[bit >> 3] >> (bit & 7) & 1) << i;
    }
    return value;
  }

  private void stored() {
    bit = (bit + 7) & ~7;
    int length = bits(16);
    if (length != (~bits(16) & 0xffff)) {
      throw new AssertionError("a stored block of no length");
    }
    for (int i = 0; i < length; i++) {
      out.write(bits(8));
    }
  }

  private static int[] filled(int count, int length) {
    int[] lengths = new int[count];
    Arrays.fill(lengths, length);
    return lengths;
  }

  private Code fixed() {
    int[] lengths = filled(288, 8);
    Arrays.fill(lengths, 144, 256, 9);
    Arrays.fill(lengths, 256, 280, 7);
    return new Code(lengths);
  }

  private void dynamic() {
    int literals = bits(5) + 257;
    int distances = bits(5) + 1;
    int count = bits(4) + 4;
    int[] first = new int[19];
    for (int i = 0; i < count; i++) {
      first[ORDER[i]] = bits(3);
    }
    Code code = new Code(first);
    int[] lengths = new int[literals + distances];
    for (int i = 0; i < lengths.length; ) {
      int symbol = code.next();
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      int value = symbol == 16 ? lengths[i - 1] : 0;
      int times = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
      for (int j = 0; j < times; j++) {
        lengths[i++] = value;
      }
    }
    compressed(
        new Code(Arrays.copyOf(lengths, literals)),
        new Code(Arrays.copyOfRange(lengths, literals, lengths.length)));
  }

  private void compressed(Code literals, Code distances) {
    int symbol;
    while ((symbol = literals.next()) != 256) {
      if (symbol < 256) {
        out.write(symbol);
        continue;
      }
      int length = LENGTHS[symbol - 257] + bits(LENGTH_BITS[symbol - 257]);
      int which = distances.next();
      int distance = DISTANCES[which] + bits(which < 4 ? 0 : which / 2 - 1);
      furthest = Math.max(furthest, distance);
      byte[] before = out.toByteArray();
      for (int i = 0; i < length; i++) {
        int from = before.length - distance + i % distance;
        out.write(before[from]);
      }
    }
  }

  /** A Huffman code, looked up bit by bit. */
  private final class Code {
    private final int[] counts = new int[16];
    private final int[] symbols;

    Code(int[] lengths) {
      symbols = new int[lengths.length];
      for (int length : lengths) {
        counts[length]++;
      }
      counts[0] = 0;
      int[] offsets = new int[16];
      for (int i = 1; i < 15; i++) {
        offsets[i + 1] = offsets[i] + counts[i];
      }
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] != 0) {
          symbols[offsets[lengths[symbol]]++] = symbol;
        }
      }
    }

    int next() {
      int code = 0;
      int first = 0;
      int index = 0;
      for (int length = 1; length < 16; length++) {
        code |= bits(1);
        int count = counts[length];
        if (code - count < first) {
          return symbols[index + code - first];
        }
        index += count;
        first = (first + count) << 1;
        code <<= 1;
      }
      throw new AssertionError("a code of no symbol");
    }
  }
}
