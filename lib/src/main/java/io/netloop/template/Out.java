package io.netloop.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a rendering has written: a byte for each character while all of them are Latin-1, which is
 * how Java keeps such text too, else a char. Towards an {@link Appendable} it goes in pieces,
 * except while what was written may still be taken back.
 */
final class Out {
  private static final int PIECE = 16 * 1024;

  /** 1 for the five characters that are escaped, 0 for all others of Latin-1. */
  private static final byte[] ESCAPED = escaped();

  private static final byte[] NO_BYTES = {};

  /** Text of a template, in both forms. */
  static final class Piece {
    private final String text;
    private final byte @Nullable [] latin1;

    Piece(String text) {
      this.text = text;
      this.latin1 =
          text.chars().allMatch(c -> c < 256) ? text.getBytes(StandardCharsets.ISO_8859_1) : null;
    }
  }

  static final Piece NOTHING = new Piece("");

  private static byte[] escaped() {
    byte[] table = new byte[256];
    for (char c : "\"&'<>".toCharArray()) {
      table[c] = 1;
    }
    return table;
  }

  private byte[] bytes;
  private char @Nullable [] chars;
  private int length;
  private final @Nullable Appendable sink;
  private final long limit;
  private long flushed;
  private int held;

  /** Past this length {@link #check} has something to do. */
  private long mark;

  private Out(byte[] bytes, char @Nullable [] chars, long limit, @Nullable Appendable sink) {
    this.bytes = bytes;
    this.chars = chars;
    this.sink = sink;
    this.limit = limit;
    this.mark = sink == null ? limit : Math.min(limit, PIECE);
  }

  /** Puts characters into this memory, as long as they are Latin-1 and there is room for them. */
  Out(byte[] memory, long limit, @Nullable Appendable sink) {
    this(memory, null, limit, sink);
  }

  /** Expects characters beyond Latin-1, and so many of them all. */
  static Out wide(int expected, long limit, @Nullable Appendable sink) {
    return new Out(NO_BYTES, new char[expected], limit, sink);
  }

  int length() {
    return length;
  }

  /** Takes the memory out, for another page: whoever still writes here gets some of its own. */
  byte[] takeMemory() {
    byte[] taken = bytes;
    bytes = NO_BYTES;
    length = 0;
    return taken;
  }

  /** Whether there was a character beyond Latin-1. */
  boolean isWide() {
    return chars != null;
  }

  void append(Piece piece) {
    if (piece == NOTHING) {
      return;
    }
    byte[] latin1 = piece.latin1;
    if (latin1 == null || chars != null) {
      append(piece.text);
      return;
    }
    int at = length;
    if (bytes.length - at < latin1.length) {
      grow(latin1.length);
    }
    System.arraycopy(latin1, 0, bytes, at, latin1.length);
    length = at + latin1.length;
    if (length > mark) {
      check();
    }
  }

  void append(String text) {
    int size = text.length();
    if (chars == null) {
      if (bytes.length - length < size) {
        grow(size);
      }
      byte[] to = bytes;
      int at = length;
      for (int i = 0; i < size; i++) {
        char c = text.charAt(i);
        if (c > 255) {
          widen();
          break;
        }
        to[at++] = (byte) c;
      }
      if (chars == null) {
        length = at;
      }
    }
    if (chars != null) {
      char[] to = room(size);
      text.getChars(0, size, to, length);
      length += size;
    }
    if (length > mark) {
      check();
    }
  }

  /** A whole number, digit by digit. */
  void append(int number) {
    if (chars != null || number < 0) {
      append(Integer.toString(number));
      return;
    }
    if (bytes.length - length < 10) {
      grow(10);
    }
    length = Numbers.whole(number, bytes, length);
    if (length > mark) {
      check();
    }
  }

  /** A number as JavaScript writes it; most are written without a text in between. */
  void append(double number) {
    if (number == (int) number) {
      append((int) number);
      return;
    }
    long thousandths = chars == null ? Numbers.thousandths(number) : 0;
    if (thousandths == 0 || thousandths % 1000 == 0) {
      append(Numbers.text(number));
      return;
    }
    if (bytes.length - length < 20) {
      grow(20);
    }
    length = Numbers.fewDecimals(thousandths, bytes, length);
    if (length > mark) {
      check();
    }
  }

  void appendEscaped(String text) {
    if (chars != null) {
      appendWide(text);
      return;
    }
    int size = text.length();
    if (bytes.length - length < size) {
      grow(size);
    }
    byte[] to = bytes;
    int at = length;
    int found = 0;
    // Without a branch for each character: most texts have none that is escaped.
    for (int i = 0; i < size; i++) {
      char c = text.charAt(i);
      to[at + i] = (byte) c;
      found |= ESCAPED[c & 255] | c >>> 8;
    }
    if (found != 0) {
      appendSpecial(text);
      return;
    }
    length = at + size;
    if (length > mark) {
      check();
    }
  }

  /** Text with characters that are no bytes as they are. */
  private void appendSpecial(String text) {
    int size = text.length();
    for (int i = 0; i < size; i++) {
      char c = text.charAt(i);
      if (c > 255) {
        widen();
        appendWide(text.substring(i));
        return;
      }
      if (ESCAPED[c] != 0) {
        append(entity(c));
        if (bytes.length - length < size - i) {
          grow(size - i);
        }
      } else {
        bytes[length++] = (byte) c;
      }
    }
    if (length > mark) {
      check();
    }
  }

  private void appendWide(String text) {
    int size = text.length();
    char[] to = room(size);
    int at = length;
    for (int i = 0; i < size; i++) {
      char c = text.charAt(i);
      if (c < 256 && ESCAPED[c] != 0) {
        length = at;
        append(entity(c));
        to = room(size - i);
        at = length;
      } else {
        to[at++] = c;
      }
    }
    length = at;
    if (at > mark) {
      check();
    }
  }

  private static String entity(char c) {
    return switch (c) {
      case '"' -> "&#34;";
      case '&' -> "&#38;";
      case '\'' -> "&#39;";
      case '<' -> "&#60;";
      default -> "&#62;";
    };
  }

  private void grow(int more) {
    bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
  }

  /** The characters, with room for so many more. */
  private char[] room(int more) {
    char[] all = java.util.Objects.requireNonNull(chars);
    if (all.length - length < more) {
      all = Arrays.copyOf(all, Math.max(all.length * 2, length + more));
      chars = all;
    }
    return all;
  }

  private void widen() {
    char[] wide = new char[Math.max(64, bytes.length)];
    for (int i = 0; i < length; i++) {
      wide[i] = (char) (bytes[i] & 0xff);
    }
    chars = wide;
    bytes = NO_BYTES;
  }

  /** Escapes a text by itself. */
  static String escape(String piece) {
    Out out = new Out(new byte[piece.length() + 16], Long.MAX_VALUE, null);
    out.appendEscaped(piece);
    return out.toString();
  }

  /** What is written from now on stays here until {@link #release}. */
  void hold() {
    held++;
  }

  void release() {
    held--;
    // Held pieces may have passed the mark of a flush.
    if (held == 0 && sink != null) {
      mark = Math.min(limit - flushed, PIECE);
    }
  }

  /** What was written since the text had that length. */
  String since(int start) {
    return chars == null
        ? new String(bytes, start, length - start, StandardCharsets.ISO_8859_1)
        : new String(chars, start, length - start);
  }

  /** Takes back what was written since the text had that length. */
  void truncate(int start) {
    length = start;
  }

  private void check() {
    if (flushed + length > limit) {
      throw new LimitExceeded(
          "The output is longer than %d characters, which is the limit.".formatted(limit));
    }
    if (sink != null && held == 0) {
      flush();
    }
    mark = sink == null || held > 0 ? limit - flushed : Math.min(limit - flushed, PIECE);
  }

  /** Hands over what is left. */
  void flush() {
    if (sink == null || length == 0) {
      return;
    }
    String piece = toString();
    flushed += length;
    length = 0;
    try {
      sink.append(piece);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return since(0);
  }
}
