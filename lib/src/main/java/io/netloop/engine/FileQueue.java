package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The parts of files that wait among the bytes of an outbox: each with the number of the byte
 * before which it stands, of all that were ever accepted. Loop-confined.
 */
final class FileQueue {
  /** One of them; its place moves on with what is taken of it. */
  private static final class Waiting {
    long position;
    final FilePart part;

    Waiting(long position, FilePart part) {
      this.position = position;
      this.part = part;
    }
  }

  private final ArrayDeque<Waiting> parts = new ArrayDeque<>(2);
  private long bytes;

  void add(long position, FilePart part) {
    parts.add(new Waiting(position, part));
    bytes += part.left();
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  int size() {
    return parts.size();
  }

  /** How many bytes all of them have left. */
  long bytes() {
    return bytes;
  }

  FilePart first() {
    return parts.element().part;
  }

  /** Before which of all bytes the first stands. */
  long position() {
    return parts.element().position;
  }

  /** So many bytes of the first are handed over; returns whether those were its last. */
  boolean took(int count) {
    Waiting first = parts.element();
    first.part.took(count);
    first.position += count;
    bytes -= count;
    if (first.part.left() > 0) {
      return false;
    }
    parts.remove();
    return true;
  }

  /** None of them will be sent. */
  void drop(Throwable failure) {
    bytes = 0;
    for (Waiting each : parts) {
      each.part.fail(failure);
      each.part.release();
    }
    parts.clear();
  }

  /** Shows bytes that begin at a number, and where the parts stand among them. */
  void eachAmong(List<ByteBuf> pieces, long from, Consumer<ByteBuf> onBytes, Runnable onFile) {
    ArrayDeque<Waiting> before = parts.clone();
    long at = from;
    for (ByteBuf piece : pieces) {
      while (!before.isEmpty() && before.element().position <= at) {
        at += before.remove().part.left();
        onFile.run();
      }
      at += piece.readableBytes();
      onBytes.accept(piece);
    }
    before.forEach(file -> onFile.run());
  }
}
