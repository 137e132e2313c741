package io.netloop.loop;

import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that a loop is going to run: made by {@link Loop#setTimeout}, {@link Loop#setInterval}
 * and {@link Loop#setImmediate}. While it is to come it keeps the program alive, unless {@link
 * #unref}'d. <i>Thread-safe.</i>
 *
 * @see <a href="https://nodejs.org/api/timers.html">Node: Timers</a>
 */
public final class Timer {
  private final Reactor reactor;
  private final Runnable task;
  private final long everyNanos;
  private final Ref ref = new Ref();
  private volatile boolean cleared;
  private @Nullable Future<?> scheduled;
  private Reactor.@Nullable Tenant tenant;

  private Timer(Reactor reactor, Runnable task, long everyNanos) {
    this.reactor = reactor;
    this.task = task;
    this.everyNanos = everyNanos;
    ref.open();
  }

  static Timer timeout(Reactor reactor, Runnable task, long nanos) {
    return begun(new Timer(reactor, task, 0), timer -> timer.schedule(nanos));
  }

  static Timer interval(Reactor reactor, Runnable task, long nanos) {
    return begun(new Timer(reactor, task, nanos), timer -> timer.schedule(nanos));
  }

  static Timer immediate(Reactor reactor, Runnable task) {
    return begun(new Timer(reactor, task, 0), timer -> reactor.immediate(timer::fire));
  }

  /** On a worker's loop that has ended a timer is one that was cleared. */
  private static Timer begun(Timer timer, Consumer<Timer> begin) {
    boolean taken =
        timer.reactor.run(() -> {
          timer.moveIn();
          if (!timer.cleared) {
            begin.accept(timer);
          }
        });
    if (!taken) {
      timer.clear();
    }
    return timer;
  }

  /** Makes sure that it does not run, or not again. On its loop that is certain. */
  public void clear() {
    cleared = true;
    ref.close();
    reactor.run(() -> {
      moveOut();
      if (scheduled != null) {
        scheduled.cancel(false);
      }
    });
  }

  /** Counts it again among what keeps the program alive. */
  public Timer ref() {
    ref.ref();
    return this;
  }

  /** Lets the program end although it is still to come. */
  public Timer unref() {
    ref.unref();
    return this;
  }

  /** Whether it counts among what keeps the program alive. */
  public boolean hasRef() {
    return ref.hasRef();
  }

  private void schedule(long nanos) {
    if (!cleared) {
      scheduled = reactor.schedule(this::fire, nanos);
    }
  }

  /** An interval goes on after a failure of its task, counted from when the task began to run. */
  private void fire() {
    if (cleared) {
      return;
    }
    if (everyNanos > 0) {
      schedule(everyNanos);
    }
    try {
      task.run();
    } finally {
      if (everyNanos == 0) {
        moveOut();
        ref.close();
      }
    }
  }

  /** A worker clears its timers when it ends. */
  private void moveIn() {
    if (reactor.hasEnded()) {
      clear();
    } else if (reactor.group() != null && !cleared) {
      tenant =
          within -> {
            clear();
            return CompletableFuture.completedFuture(null);
          };
      reactor.moveIn(tenant);
    }
  }

  private void moveOut() {
    if (tenant != null) {
      reactor.moveOut(tenant);
    }
  }
}
