package io.netloop.loop;

import io.netloop.engine.Listeners;
import io.netloop.engine.Ref;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A blocking stream as a {@link Readable}: one daemon thread reads a piece, and the next only when
 * the loop has delivered it and the flow has not been stopped.
 */
final class Input implements Readable {
  private static final int PIECE_BYTES = 64 * 1024;

  private final String name;
  private final InputStream stream;
  private final Loop loop;
  private final Pipes pipes;
  private final Ref ref = new Ref();

  /** Given out by the loop, one for each piece that may be read. */
  private final Semaphore wanted = new Semaphore(0);

  private boolean reading;
  private volatile boolean stopped;
  private boolean started;
  private boolean flowing;
  private volatile boolean paused;
  private @Nullable Buffer waiting;
  private boolean exhausted;
  private boolean ended;
  private final StreamEnd close;

  private Listeners<Consumer<Buffer>> onData = Listeners.none();
  private Listeners<Runnable> onEnd = Listeners.none();

  Input(String name, InputStream stream, Loop loop) {
    this.name = name;
    this.stream = stream;
    this.loop = loop;
    this.pipes = new Pipes(this, loop);
    this.close = new StreamEnd(name, loop, ref, this::stop);
  }

  @Override
  public Input onData(Consumer<Buffer> listener) {
    loop.run(() -> {
      onData = onData.with(listener);
      if (!paused) {
        resume();
      }
    });
    return this;
  }

  @Override
  public Input onEnd(Runnable listener) {
    loop.run(() -> {
      onEnd = onEnd.with(listener);
      if (ended) {
        listener.run();
      }
    });
    return this;
  }

  @Override
  public Input onError(Consumer<NetException> listener) {
    close.onError(listener);
    return this;
  }

  @Override
  public Input onClose(Consumer<CloseCause> listener) {
    close.onClose(listener);
    return this;
  }

  @Override
  public Input pause() {
    loop.run(() -> {
      paused = true;
      flowing = false;
      ref.close();
    });
    return this;
  }

  @Override
  public Input resume() {
    loop.run(() -> {
      paused = false;
      if (!flowing && !close.hasCome()) {
        flowing = true;
        ref.open();
        loop.nextTick(this::flow);
      }
    });
    return this;
  }

  @Override
  public boolean isPaused() {
    return paused;
  }

  @Override
  public Input off(Object listener) {
    loop.run(() -> {
      onData = onData.without(listener);
      onEnd = onEnd.without(listener);
      close.off(listener);
    });
    return this;
  }

  @Override
  public Input destroy(NetException failure) {
    loop.run(() -> close.come(CloseCause.By.US, 0, failure));
    return this;
  }

  @Override
  public Pipes pipes() {
    return pipes;
  }

  private void flow() {
    if (!flowing || close.hasCome()) {
      return;
    }
    if (waiting != null) {
      Buffer piece = waiting;
      waiting = null;
      close.guard(() -> onData.forEach(listener -> listener.accept(piece)));
    }
    if (close.hasCome()) {
      return;
    }
    if (exhausted) {
      end();
    } else if (flowing && !reading) {
      reading = true;
      wanted.release();
      start();
    }
  }

  private void start() {
    if (!started) {
      started = true;
      Thread reader = new Thread(this::read, "netloop-" + name);
      reader.setDaemon(true);
      reader.start();
    }
  }

  private void read() {
    byte[] bytes = new byte[PIECE_BYTES];
    try {
      while (true) {
        wanted.acquireUninterruptibly();
        if (stopped) {
          return;
        }
        int length = stream.read(bytes);
        Buffer piece = length < 0 ? null : Buffer.from(bytes, 0, length);
        loop.execute(() -> arrived(piece));
        if (length < 0) {
          return;
        }
      }
    } catch (IOException failure) {
      String why = "Reading " + name + " failed: " + failure.getMessage();
      NetException error = new NetException("EIO", why, failure);
      loop.execute(() -> close.come(CloseCause.By.US, 0, error));
    }
  }

  private void stop() {
    stopped = true;
    wanted.release();
  }

  private void arrived(@Nullable Buffer piece) {
    reading = false;
    waiting = piece;
    exhausted |= piece == null;
    flow();
  }

  private void end() {
    ended = true;
    close.guard(() -> onEnd.forEach(Runnable::run));
    close.come(CloseCause.By.PEER, 0, null);
  }
}
