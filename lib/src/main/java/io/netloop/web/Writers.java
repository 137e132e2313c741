package io.netloop.web;

import java.io.IOException;
import java.io.Writer;

/** Writers for what takes nothing else. */
final class Writers {
  private static final int PIECE = 16 * 1024;

  private Writers() {}

  /** Hands on what is written in pieces of some 16,000 characters, and the rest at a flush. */
  static Writer to(Appendable out) {
    return new Writer() {
      private final StringBuilder waiting = new StringBuilder();

      @Override
      public void write(char[] text, int from, int length) throws IOException {
        waiting.append(text, from, length);
        handOn(PIECE);
      }

      @Override
      public void write(String text, int from, int length) throws IOException {
        waiting.append(text, from, from + length);
        handOn(PIECE);
      }

      private void handOn(int atLeast) throws IOException {
        if (waiting.length() >= atLeast) {
          out.append(waiting);
          waiting.setLength(0);
        }
      }

      @Override
      public void flush() throws IOException {
        handOn(1);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
