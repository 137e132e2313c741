package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a message has to say before its turn has come: the response to a request behind others, or a
 * request that has no connection yet, and so does not know which version of HTTP it will speak.
 * Loop-confined.
 */
final class Backlog implements Wire {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** What was put in, in its order. */
  private sealed interface Piece {}

  private record Head(Buffer bytes, long bodyLength) implements Piece {}

  private record Early(int status, OutgoingHeaders lines) implements Piece {}

  private record Part(Buffer data, boolean last) implements Piece {}

  private record End() implements Piece {}

  private record Waiter(Consumer<@Nullable NetException> callback) implements Piece {}

  private final ArrayDeque<Piece> pieces = new ArrayDeque<>(4);
  private final int highWaterMark;
  private final Runnable onWritten;
  private long bytes;

  /**
   * A queue that is full from so many bytes on.
   *
   * @param onWritten told of every write, to bound what is queued
   */
  Backlog(int highWaterMark, Runnable onWritten) {
    this.highWaterMark = highWaterMark;
    this.onWritten = onWritten;
  }

  @Override
  public void head(OutgoingMessage<?> message, long bodyLength) {
    HeadWriter writer = new HeadWriter(message.reactor.spareArray());
    message.putHead(writer, bodyLength);
    head(message, BYTES.wrap(writer.take()), bodyLength);
  }

  @Override
  public void head(OutgoingMessage<?> message, Buffer head, long bodyLength) {
    bytes += head.length();
    pieces.add(new Head(head, bodyLength));
  }

  @Override
  public void information(int status, OutgoingHeaders lines) {
    pieces.add(new Early(status, lines));
  }

  @Override
  public void body(OutgoingMessage<?> message, Buffer data, boolean last) {
    bytes += data.length();
    pieces.add(new Part(data, last));
  }

  @Override
  public void end(OutgoingMessage<?> message) {
    pieces.add(new End());
  }

  @Override
  public void written() {
    onWritten.run();
  }

  @Override
  public void whenSent(Consumer<@Nullable NetException> callback) {
    pieces.add(new Waiter(callback));
  }

  @Override
  public boolean isFull() {
    return bytes >= highWaterMark;
  }

  @Override
  public long queuedBytes() {
    return bytes;
  }

  /** Hands everything over, in order. */
  void moveTo(Wire wire, OutgoingMessage<?> message) {
    Piece piece;
    while ((piece = pieces.poll()) != null) {
      switch (piece) {
        case Head head -> wire.head(message, head.bytes, head.bodyLength);
        case Early early -> wire.information(early.status, early.lines);
        case Part part -> wire.body(message, part.data, part.last);
        case End end -> wire.end(message);
        case Waiter waiter -> wire.whenSent(waiter.callback);
      }
    }
    bytes = 0;
  }

  /** Nothing of it will be sent: who waits is told why. */
  void drop(NetException why) {
    Piece piece;
    while ((piece = pieces.poll()) != null) {
      if (piece instanceof Waiter waiter) {
        waiter.callback.accept(why);
      }
    }
    bytes = 0;
  }
}
