package io.netloop.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What a rendering has written. Towards an {@link Appendable} it goes in pieces, except while what
 * was written may still be taken back.
 */
final class Out {
  private static final int PIECE = 16 * 1024;

  /** The five characters that are escaped, all below 64, as bits. */
  private static final long ESCAPED = 1L << '"' | 1L << '&' | 1L << '\'' | 1L << '<' | 1L << '>';

  private final StringBuilder text;
  private final @Nullable Appendable sink;
  private final long limit;
  private long flushed;
  private int held;

  /** From here on {@link #check} has something to do. */
  private long mark;

  Out(int expected, long limit, @Nullable Appendable sink) {
    this.text = new StringBuilder(expected);
    this.sink = sink;
    this.limit = limit;
    this.mark = sink == null ? limit : Math.min(limit, PIECE);
  }

  int length() {
    return text.length();
  }

  void append(String piece) {
    text.append(piece);
    if (text.length() > mark) {
      check();
    }
  }

  void append(int number) {
    text.append(number);
    if (text.length() > mark) {
      check();
    }
  }

  void appendEscaped(String piece) {
    int length = piece.length();
    for (int i = 0; i < length; i++) {
      char c = piece.charAt(i);
      if (c < 64 && (ESCAPED >>> c & 1) != 0) {
        appendEscaped(piece, i);
        return;
      }
    }
    append(piece);
  }

  private void appendEscaped(String piece, int first) {
    int from = 0;
    int length = piece.length();
    for (int i = first; i < length; i++) {
      char c = piece.charAt(i);
      if (c < 64 && (ESCAPED >>> c & 1) != 0) {
        text.append(piece, from, i).append(escape(c));
        from = i + 1;
      }
    }
    text.append(piece, from, length);
    if (text.length() > mark) {
      check();
    }
  }

  private static String escape(char c) {
    return switch (c) {
      case '"' -> "&#34;";
      case '&' -> "&#38;";
      case '\'' -> "&#39;";
      case '<' -> "&#60;";
      default -> "&#62;";
    };
  }

  /** Escapes a text by itself. */
  static String escape(String piece) {
    Out out = new Out(piece.length() + 16, Long.MAX_VALUE, null);
    out.appendEscaped(piece);
    return out.toString();
  }

  /** What is written from now on stays here until {@link #release}. */
  void hold() {
    held++;
  }

  void release() {
    held--;
  }

  /** What was written since the text had that length. */
  String since(int length) {
    return text.substring(length);
  }

  /** Takes back what was written since the text had that length. */
  void truncate(int length) {
    text.setLength(length);
  }

  private void check() {
    if (flushed + text.length() > limit) {
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
    if (sink == null || text.isEmpty()) {
      return;
    }
    flushed += text.length();
    try {
      sink.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    text.setLength(0);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
