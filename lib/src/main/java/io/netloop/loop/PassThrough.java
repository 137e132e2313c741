package io.netloop.loop;

import io.netloop.engine.Listeners;
import io.netloop.engine.Ref;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream in memory: what is written to it can be read from it, as fast as it is read and no
 * faster. For who makes a stream of something else. <i>Loop-confined:</i> listeners run on the loop
 * that it was made on; methods may be called from any thread and take effect in the order of the
 * calls.
 *
 * <p>A writer who goes on although {@link #write} returns false is bounded as by {@link
 * OutboxLimits#defaults}: at the hard limit the stream is destroyed with {@code ERR_OUTBOX_LIMIT}.
 *
 * @see <a href="https://nodejs.org/api/stream.html#class-streampassthrough">Node:
 *     stream.PassThrough</a>
 */
public final class PassThrough implements Readable, Writable {
  private record Piece(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {}

  /** What a piece takes beside its bytes, for the limit: many small ones cost more than those. */
  private static final long PIECE_BYTES = 64;

  private final Loop loop;
  private final OutboxLimits limits = OutboxLimits.defaults();
  private final Pipes pipes;
  private final StreamEnd close;
  private final ArrayDeque<Piece> waiting = new ArrayDeque<>(4);
  private volatile long waitingBytes;
  private boolean flowing;
  private boolean flowScheduled;
  private volatile boolean paused;
  private volatile boolean ending;
  private volatile boolean needDrain;
  private boolean finished;
  private boolean ended;

  private Listeners<Consumer<Buffer>> onData = Listeners.none();
  private Listeners<Runnable> onEnd = Listeners.none();
  private Listeners<Runnable> onDrain = Listeners.none();
  private Listeners<Runnable> onFinish = Listeners.none();

  /** An empty stream on the current loop. */
  public PassThrough() {
    this(Loop.current());
  }

  /** An empty stream whose listeners run on that loop. */
  public PassThrough(Loop loop) {
    this.loop = loop;
    this.pipes = new Pipes(this, loop);
    this.close = new StreamEnd("a stream", loop, new Ref(), this::forget);
  }

  // Writing

  @Override
  public boolean write(Buffer data) {
    return take(new Piece(data, null));
  }

  @Override
  public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    return take(new Piece(data, callback));
  }

  private boolean take(Piece piece) {
    if (!loop.inLoop()) {
      boolean full = waitingBytes + piece.data.length() >= limits.highWaterMark();
      loop.execute(() -> {
        boolean room = takeHere(piece);
        if (full && room) {
          needDrain = true;
          loop.nextTick(this::drained);
        }
      });
      return !full;
    }
    return takeHere(piece);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
  private boolean takeHere(Piece piece) {
    if (ending && !close.hasCome()) {
      fail(new NetException("ERR_STREAM_WRITE_AFTER_END", "write after end"));
    } else if (waitingBytes + waiting.size() * PIECE_BYTES > limits.hardLimitBytes()) {
      fail(
          new NetException(
              "ERR_OUTBOX_LIMIT",
              "Nobody reads the stream: %d bytes in %d pieces wait, more than the limit of %d."
                  .formatted(waitingBytes, waiting.size(), limits.hardLimitBytes())));
    }
    if (close.hasCome()) {
      refuse(piece);
      return false;
    }
    if (flowing && waiting.isEmpty() && !flowScheduled) {
      deliver(piece);
    } else {
      waiting.add(piece);
      waitingBytes += piece.data.length();
    }
    boolean full = waitingBytes >= limits.highWaterMark();
    needDrain |= full;
    return !full;
  }

  private void refuse(Piece piece) {
    if (piece.callback != null) {
      NetException known = close.error();
      NetException why =
          known != null
              ? known
              : new NetException(
                  "ERR_STREAM_DESTROYED", "Cannot call write after a stream was destroyed");
      loop.nextTick(() -> close.guard(() -> piece.callback.accept(why)));
    }
  }

  @Override
  public PassThrough end() {
    loop.run(() -> {
      if (!ending && !close.hasCome()) {
        ending = true;
        loop.nextTick(this::finish);
      }
    });
    return this;
  }

  /** What was written is all there; its reader hears of the end after that. */
  private void finish() {
    if (!close.hasCome()) {
      finished = true;
      close.guard(() -> onFinish.forEach(Runnable::run));
      flowLater();
    }
  }

  // Reading

  @Override
  public PassThrough pause() {
    loop.run(() -> {
      paused = true;
      flowing = false;
    });
    return this;
  }

  @Override
  public PassThrough resume() {
    loop.run(() -> {
      paused = false;
      flowing = true;
      flowLater();
    });
    return this;
  }

  @Override
  public boolean isPaused() {
    return paused;
  }

  private void flowLater() {
    if (!flowScheduled) {
      flowScheduled = true;
      loop.nextTick(this::flow);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
  private void flow() {
    flowScheduled = false;
    Piece piece;
    while (flowing && !close.hasCome() && (piece = waiting.poll()) != null) {
      waitingBytes -= piece.data.length();
      deliver(piece);
    }
    if (close.hasCome()) {
      return;
    }
    drained();
    if (flowing && finished && !ended && waiting.isEmpty()) {
      ended = true;
      close.guard(() -> onEnd.forEach(Runnable::run));
      close.come(CloseCause.By.US, 0, null);
    }
  }

  private void deliver(Piece piece) {
    close.guard(() -> onData.forEach(listener -> listener.accept(piece.data)));
    if (piece.callback != null) {
      loop.nextTick(() -> close.guard(() -> piece.callback.accept(null)));
    }
  }

  private void drained() {
    if (needDrain && !ending && waiting.isEmpty() && !close.hasCome()) {
      needDrain = false;
      close.guard(() -> onDrain.forEach(Runnable::run));
    }
  }

  // Ending

  @Override
  public PassThrough destroy(NetException failure) {
    loop.run(() -> fail(failure));
    return this;
  }

  private void fail(NetException failure) {
    close.come(CloseCause.By.US, waitingBytes, failure);
  }

  /** The end has come: what waits is dropped. */
  private void forget() {
    waiting.forEach(this::refuse);
    waiting.clear();
    waitingBytes = 0;
  }

  // Listeners

  @Override
  public PassThrough onData(Consumer<Buffer> listener) {
    loop.run(() -> {
      onData = onData.with(listener);
      if (!paused) {
        resume();
      }
    });
    return this;
  }

  @Override
  public PassThrough onEnd(Runnable listener) {
    loop.run(() -> {
      onEnd = onEnd.with(listener);
      if (ended) {
        listener.run();
      }
    });
    return this;
  }

  @Override
  public PassThrough onDrain(Runnable listener) {
    loop.run(() -> onDrain = onDrain.with(listener));
    return this;
  }

  @Override
  public PassThrough onFinish(Runnable listener) {
    loop.run(() -> onFinish = onFinish.with(listener));
    return this;
  }

  @Override
  public PassThrough onError(Consumer<NetException> listener) {
    close.onError(listener);
    return this;
  }

  @Override
  public PassThrough onClose(Consumer<CloseCause> listener) {
    close.onClose(listener);
    return this;
  }

  @Override
  public PassThrough off(Object listener) {
    loop.run(() -> {
      onData = onData.without(listener);
      onEnd = onEnd.without(listener);
      onDrain = onDrain.without(listener);
      onFinish = onFinish.without(listener);
      close.off(listener);
    });
    return this;
  }

  @Override
  public Pipes pipes() {
    return pipes;
  }

  @Override
  public long writableLength() {
    return waitingBytes;
  }

  @Override
  public boolean writableNeedDrain() {
    return needDrain;
  }
}
