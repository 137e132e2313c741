package io.netloop.loop;

import io.netloop.engine.Listeners;
import io.netloop.engine.Ref;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A blocking stream as a {@link Writable}: the loop queues, one daemon thread writes. The queue has
 * the limits of {@link OutboxLimits#defaults}; a reader that stands still for longer ends the
 * stream.
 */
final class Output implements Writable {
  private record Piece(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {}

  private final String name;
  private final OutputStream stream;
  private final Loop loop;
  private final OutboxLimits limits = OutboxLimits.defaults();
  private final BlockingQueue<Piece> queue = new LinkedBlockingQueue<>();

  /** Open while something is queued, so that the program doesn't end with its last words unsaid. */
  private final Ref ref = new Ref();

  private volatile long queuedBytes;
  private int pieces;
  private volatile boolean wantsDrain;
  private boolean started;
  private boolean ending;
  private boolean finished;
  private @Nullable NetException error;
  private @Nullable CloseCause cause;

  private Listeners<Runnable> onDrain = Listeners.none();
  private Listeners<Runnable> onFinish = Listeners.none();
  private Listeners<Consumer<NetException>> onError = Listeners.none();
  private Listeners<Consumer<CloseCause>> onClose = Listeners.none();

  Output(String name, OutputStream stream, Loop loop) {
    this.name = name;
    this.stream = stream;
    this.loop = loop;
  }

  @Override
  public boolean write(Buffer data) {
    loop.run(() -> queue(new Piece(data, null)));
    return queuedBytes < limits.highWaterMark();
  }

  @Override
  public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    loop.run(() -> queue(new Piece(data, callback)));
    return queuedBytes < limits.highWaterMark();
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
    loop.run(() -> {
      onError = onError.with(listener);
      if (error != null) {
        listener.accept(error);
      }
    });
    return this;
  }

  @Override
  public Output onClose(Consumer<CloseCause> listener) {
    loop.run(() -> {
      onClose = onClose.with(listener);
      if (cause != null) {
        listener.accept(cause);
      }
    });
    return this;
  }

  @Override
  public Output off(Object listener) {
    loop.run(() -> {
      onDrain = onDrain.without(listener);
      onFinish = onFinish.without(listener);
      onError = onError.without(listener);
      onClose = onClose.without(listener);
    });
    return this;
  }

  @Override
  public Output destroy(NetException failure) {
    loop.run(() -> close(failure));
    return this;
  }

  @Override
  public long writableLength() {
    return queuedBytes;
  }

  @Override
  public boolean writableNeedDrain() {
    return wantsDrain;
  }

  private void queue(Piece piece) {
    if (ending && cause == null) {
      close(new NetException("ERR_STREAM_WRITE_AFTER_END", "write after end"));
    } else if (queuedBytes > limits.hardLimitBytes()) {
      close(
          new NetException(
              "ERR_OUTBOX_LIMIT",
              "Nobody reads %s: %d bytes are queued, more than the limit of %d."
                  .formatted(name, queuedBytes, limits.hardLimitBytes())));
    }
    if (cause != null) {
      tell(piece, cause.error());
      return;
    }
    pieces++;
    setQueuedBytes(queuedBytes + piece.data.length());
    wantsDrain |= queuedBytes >= limits.highWaterMark();
    ref.open();
    queue.add(piece);
    start();
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
    if (cause != null) {
      return;
    }
    setQueuedBytes(queuedBytes - piece.data.length());
    tell(piece, null);
    if (--pieces > 0) {
      return;
    }
    if (wantsDrain) {
      wantsDrain = false;
      onDrain.forEach(Runnable::run);
    }
    finishIfDone();
    if (pieces == 0) {
      ref.close();
    }
  }

  private void finishIfDone() {
    if (ending && pieces == 0 && !finished && cause == null) {
      finished = true;
      onFinish.forEach(Runnable::run);
      close(null);
    }
  }

  /** Only the loop writes it; other threads read what may be a moment old. */
  private void setQueuedBytes(long bytes) {
    queuedBytes = bytes;
  }

  private void tell(Piece piece, @Nullable NetException failure) {
    Consumer<@Nullable NetException> callback = piece.callback;
    if (callback != null) {
      loop.nextTick(() -> callback.accept(failure));
    }
  }

  private void close(@Nullable NetException failure) {
    if (cause != null) {
      return;
    }
    error = failure;
    String code = failure == null ? "END" : failure.code();
    CloseCause why = new CloseCause(CloseCause.By.US, name, code, queuedBytes, failure);
    cause = why;
    Piece dropped;
    while ((dropped = queue.poll()) != null) {
      tell(dropped, failure);
    }
    loop.nextTick(() -> {
      if (failure != null) {
        onError.forEach(listener -> listener.accept(failure));
      }
      onClose.forEach(listener -> listener.accept(why));
      ref.close();
    });
  }
}
