package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a message has to say before its turn has come: the response to a request behind others, or a
 * request that has no connection yet. Loop-confined.
 */
final class Backlog implements Wire {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** One of both: bytes, or somebody who waits for those before. */
  private record Piece(
      @Nullable Buffer data, @Nullable Consumer<@Nullable NetException> callback) {}

  private final HeadWriter writer = new HeadWriter();
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
  public HeadWriter writer() {
    return writer;
  }

  @Override
  public void written() {
    onWritten.run();
  }

  @Override
  public void write(Buffer data) {
    closeWriter();
    bytes += data.length();
    pieces.add(new Piece(data, null));
    onWritten.run();
  }

  @Override
  public void whenSent(Consumer<@Nullable NetException> callback) {
    closeWriter();
    pieces.add(new Piece(null, callback));
  }

  @Override
  public boolean isFull() {
    return queuedBytes() >= highWaterMark;
  }

  @Override
  public long queuedBytes() {
    return bytes + writer.length();
  }

  /** Hands everything over, in order. */
  void moveTo(Wire wire) {
    closeWriter();
    Piece piece;
    while ((piece = pieces.poll()) != null) {
      if (piece.data != null) {
        wire.write(piece.data);
      }
      if (piece.callback != null) {
        wire.whenSent(piece.callback);
      }
    }
    bytes = 0;
  }

  /** Nothing of it will be sent: who waits is told why. */
  void drop(NetException why) {
    Piece piece;
    while ((piece = pieces.poll()) != null) {
      if (piece.callback != null) {
        piece.callback.accept(why);
      }
    }
    bytes = 0;
  }

  private void closeWriter() {
    if (!writer.isEmpty()) {
      int length = writer.length();
      bytes += length;
      pieces.add(new Piece(BYTES.wrap(writer.take(), 0, length), null));
    }
  }
}
