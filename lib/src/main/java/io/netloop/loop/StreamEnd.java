package io.netloop.loop;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of one of the terminal's streams, and who is told of it: of an error first, then that it
 * is over. <i>Loop-confined.</i>
 */
final class StreamEnd {
  /** How long an error waits for a listener on its way from another thread. */
  private static final long GRACE_NANOS = 100_000_000;

  private final String name;
  private final Loop loop;
  private final Ref ref;
  private final Runnable stop;
  private Listeners<Consumer<NetException>> onError = Listeners.none();
  private Listeners<Consumer<CloseCause>> onClose = Listeners.none();
  private @Nullable NetException error;
  private @Nullable CloseCause cause;
  private boolean errorTold;

  /**
   * For the stream of this name.
   *
   * @param loop where its listeners run
   * @param ref its share in the program's life, which ends with it
   * @param stop run when the end has come: lets the stream's thread go
   */
  StreamEnd(String name, Loop loop, Ref ref, Runnable stop) {
    this.name = name;
    this.loop = loop;
    this.ref = ref;
    this.stop = stop;
  }

  void onError(Consumer<NetException> listener) {
    loop.run(() -> {
      onError = onError.with(listener);
      if (error != null) {
        errorTold = true;
        listener.accept(error);
      }
    });
  }

  void onClose(Consumer<CloseCause> listener) {
    loop.run(() -> {
      onClose = onClose.with(listener);
      if (cause != null) {
        listener.accept(cause);
      }
    });
  }

  void off(Object listener) {
    onError = onError.without(listener);
    onClose = onClose.without(listener);
  }

  boolean hasCome() {
    return cause != null;
  }

  /** The error that it ended with, or null. */
  @Nullable NetException error() {
    return cause == null ? null : cause.error();
  }

  /** Calls listeners of the stream; one that throws ends it, and nothing else. */
  void guard(Runnable listeners) {
    try {
      listeners.run();
    } catch (Throwable failure) {
      Reactor.current().uncaught(failure);
      NetException why =
          new NetException(
              "LISTENER_FAILED", "A listener of " + name + " threw " + failure, failure);
      come(new CloseCause(CloseCause.By.US, "app", why.code(), 0, why), () -> {});
    }
  }

  /** It ends with this error, which its listeners are told of, or in order. */
  void come(CloseCause.By by, long queuedBytes, @Nullable NetException failure) {
    String code = failure == null ? "END" : failure.code();
    come(new CloseCause(by, name, code, queuedBytes, failure), () -> tell(failure));
  }

  private void come(CloseCause why, Runnable before) {
    if (cause != null) {
      return;
    }
    cause = why;
    stop.run();
    Reactor reactor = Reactor.current();
    // Each is a tick of its own: one that throws keeps nobody from being told.
    reactor.nextTick(before);
    reactor.nextTick(() -> {
      ref.close();
      onClose.forEach(listener -> reactor.call(() -> listener.accept(why)));
    });
  }

  private void tell(@Nullable NetException failure) {
    if (failure == null) {
      return;
    }
    error = failure;
    Reactor reactor = Reactor.current();
    if (onError.isEmpty()) {
      Ref grace = new Ref();
      grace.open();
      reactor.schedule(
          () -> {
            if (!errorTold) {
              reactor.uncaught(failure);
            }
            grace.close();
          },
          GRACE_NANOS);
      return;
    }
    errorTold = true;
    onError.forEach(listener -> reactor.call(() -> listener.accept(failure)));
  }
}
