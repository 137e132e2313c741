package io.netloop.loop;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Blocking work under way on a virtual thread, and who wants its result. Listeners run on the loop
 * that the work was started from; one that is added after the end is called too. A failure that no
 * listener takes reaches the program's uncaught handler. <i>Thread-safe.</i>
 *
 * @param <T> the type of the result
 */
public final class Offload<T extends @Nullable Object> {
  /** How long a failure waits for a listener on its way from the thread that started the work. */
  private static final long GRACE_NANOS = 100_000_000;

  private final Reactor reactor;
  private final boolean madeOutside;
  private boolean failureTold;
  private Listeners<Consumer<T>> onResult = Listeners.none();
  private Listeners<Consumer<Exception>> onError = Listeners.none();
  private @Nullable Outcome<T> outcome;

  private record Outcome<T extends @Nullable Object>(T result, @Nullable Exception failure) {}

  private Offload(Reactor reactor) {
    this.reactor = reactor;
    this.madeOutside = !reactor.inLoop();
  }

  static <T extends @Nullable Object> Offload<T> start(Reactor reactor, Callable<T> work) {
    Offload<T> offload = new Offload<>(reactor);
    Ref ref = new Ref();
    ref.open();
    Thread.ofVirtual()
        .name(Thread.currentThread().getName() + "-offload")
        .start(() -> {
          Outcome<T> outcome = run(work);
          // A worker may have ended meanwhile, and with it all who would be told.
          reactor.run(() -> offload.finish(outcome));
          ref.close();
        });
    return offload;
  }

  @SuppressWarnings("NullAway") // a failed work has no result, and none is read from its outcome
  private static <T extends @Nullable Object> Outcome<T> run(Callable<T> work) {
    try {
      return new Outcome<>(work.call(), null);
    } catch (Exception failure) {
      return new Outcome<>(null, failure);
    } catch (Error failure) {
      return new Outcome<>(null, new IllegalStateException(failure));
    }
  }

  /** Called with the result. */
  public Offload<T> onResult(Consumer<T> listener) {
    reactor.run(() -> {
      onResult = onResult.with(listener);
      if (outcome != null && outcome.failure == null) {
        listener.accept(outcome.result);
      }
    });
    return this;
  }

  /** Called with what the work has thrown. */
  public Offload<T> onError(Consumer<Exception> listener) {
    reactor.run(() -> {
      onError = onError.with(listener);
      if (outcome != null && outcome.failure != null) {
        failureTold = true;
        listener.accept(outcome.failure);
      }
    });
    return this;
  }

  private void finish(Outcome<T> ended) {
    outcome = ended;
    if (ended.failure == null) {
      onResult.forEach(listener -> reactor.call(() -> listener.accept(ended.result)));
    } else if (onError.isEmpty()) {
      Exception failure = Objects.requireNonNull(ended.failure);
      if (madeOutside) {
        Ref grace = new Ref();
        grace.open();
        reactor.schedule(
            () -> {
              tellNobody(failure);
              grace.close();
            },
            GRACE_NANOS);
      } else {
        tellNobody(failure);
      }
    } else {
      onError.forEach(listener -> reactor.call(() -> listener.accept(ended.failure)));
    }
  }

  private void tellNobody(Exception failure) {
    if (!failureTold) {
      reactor.uncaught(failure);
    }
  }
}
