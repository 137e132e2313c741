package io.netloop.loop;

import io.netloop.engine.Listeners;
import io.netloop.engine.Ref;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A blocking stream as a {@link Writable}: the loop queues, one daemon thread writes. The queue has
 * the limits of {@link OutboxLimits#defaults}; a reader that stands still for longer ends the
 * stream.
 */
final class Output implements Writable {
  /** What a piece costs besides its bytes: its objects and its place in the queue. */
  private static final int PIECE_BYTES = 128;

  private record Piece(
      Buffer data, @Nullable Consumer<@Nullable NetException> callback, boolean last) {}

  /** Behind it nothing comes any more. */
  private static final Piece LAST = new Piece(Buffer.empty(), null, true);

  private final String name;
  private final OutputStream stream;
  private final Loop loop;
  private final OutboxLimits limits = OutboxLimits.defaults();
  private final BlockingQueue<Piece> queue = new LinkedBlockingQueue<>();

  /** Open while something is queued, so that the program doesn't end with its last words unsaid. */
  private final Ref ref = new Ref();

  /** What was written and has not left, also what is still on its way to the loop. */
  private final AtomicLong queuedBytes = new AtomicLong();

  private int pieces;
  private volatile boolean wantsDrain;
  private boolean started;
  private boolean ending;
  private boolean finished;
  private final StreamEnd close;

  private Listeners<Runnable> onDrain = Listeners.none();
  private Listeners<Runnable> onFinish = Listeners.none();

  Output(String name, OutputStream stream, Loop loop) {
    this.name = name;
    this.stream = stream;
    this.loop = loop;
    this.close = new StreamEnd(name, loop, ref, this::stop);
  }

  @Override
  public boolean write(Buffer data) {
    return handIn(new Piece(data, null, false));
  }

  @Override
  public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    return handIn(new Piece(data, callback, false));
  }

  /** Who is told that the queue is full is told of a drain later: from another thread too. */
  private boolean handIn(Piece piece) {
    boolean full = queuedBytes.addAndGet(piece.data.length()) >= limits.highWaterMark();
    loop.run(() -> queue(piece, full));
    return !full;
  }

  @Override
  public Output end() {
    loop.run(() -> {
      ending = true;
      finishIfDone();
    });
    return this;
  }

  @Override
  public Output onDrain(Runnable listener) {
    loop.run(() -> onDrain = onDrain.with(listener));
    return this;
  }

  @Override
  public Output onFinish(Runnable listener) {
    loop.run(() -> {
      onFinish = onFinish.with(listener);
      if (finished) {
        listener.run();
      }
    });
    return this;
  }

  @Override
  public Output onError(Consumer<NetException> listener) {
    close.onError(listener);
    return this;
  }

  @Override
  public Output onClose(Consumer<CloseCause> listener) {
    close.onClose(listener);
    return this;
  }

  @Override
  public Output off(Object listener) {
    loop.run(() -> {
      onDrain = onDrain.without(listener);
      onFinish = onFinish.without(listener);
      close.off(listener);
    });
    return this;
  }

  @Override
  public Output destroy(NetException failure) {
    loop.run(() -> close(failure));
    return this;
  }

  @Override
  public void piped(Readable source, boolean begins) {
    loop.run(() -> {
      if (begins && !wantsDrain) {
        source.pipes().release(this);
      }
    });
  }

  @Override
  public long writableLength() {
    return queuedBytes.get();
  }

  @Override
  public boolean writableNeedDrain() {
    return wantsDrain;
  }

  private void queue(Piece piece, boolean full) {
    long before = queuedBytes.get() - piece.data.length() + (long) pieces * PIECE_BYTES;
    if (ending && !close.hasCome()) {
      close(writeAfterEnd());
    } else if (before > limits.hardLimitBytes()) {
      close(
          new NetException(
              "ERR_OUTBOX_LIMIT",
              "Nobody reads %s: what is queued takes %d bytes, more than the limit of %d."
                  .formatted(name, before, limits.hardLimitBytes())));
    }
    if (close.hasCome()) {
      queuedBytes.addAndGet(-piece.data.length());
      NetException error = close.error();
      tell(piece, error == null ? writeAfterEnd() : error);
      return;
    }
    pieces++;
    wantsDrain |= full;
    ref.open();
    queue.add(piece);
    start();
  }

  private static NetException writeAfterEnd() {
    return new NetException("ERR_STREAM_WRITE_AFTER_END", "write after end");
  }

  private void start() {
    if (!started) {
      started = true;
      Thread writer = new Thread(this::writeAll, "netloop-" + name);
      writer.setDaemon(true);
      writer.start();
    }
  }

  private void writeAll() {
    while (true) {
      try {
        Piece piece = queue.take();
        if (piece.last) {
          return;
        }
        stream.write(piece.data.toByteArray());
        loop.execute(() -> written(piece));
      } catch (IOException failure) {
        String why = "Writing to " + name + " failed: " + failure.getMessage();
        loop.execute(() -> close(new NetException("EPIPE", why, failure)));
        return;
      } catch (InterruptedException nobodyInterruptsThis) {
        return;
      }
    }
  }

  private void written(Piece piece) {
    if (close.hasCome()) {
      return;
    }
    queuedBytes.addAndGet(-piece.data.length());
    tell(piece, null);
    if (--pieces > 0) {
      return;
    }
    if (wantsDrain) {
      wantsDrain = false;
      close.guard(() -> onDrain.forEach(Runnable::run));
    }
    finishIfDone();
    if (pieces == 0) {
      ref.close();
    }
  }

  private void finishIfDone() {
    if (ending && pieces == 0 && !finished && !close.hasCome()) {
      finished = true;
      close.guard(() -> onFinish.forEach(Runnable::run));
      close(null);
    }
  }

  private void tell(Piece piece, @Nullable NetException failure) {
    Consumer<@Nullable NetException> callback = piece.callback;
    if (callback != null) {
      loop.nextTick(() -> callback.accept(failure));
    }
  }

  private void close(@Nullable NetException failure) {
    close.come(CloseCause.By.US, queuedBytes.get(), failure);
  }

  private void stop() {
    for (Piece dropped = queue.poll(); dropped != null; dropped = queue.poll()) {
      tell(dropped, close.error());
    }
    queue.add(LAST);
  }
}
