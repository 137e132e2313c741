package io.netloop.loop;

import io.netloop.engine.Reactor;
import io.netloop.engine.WorkerGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Several loops that each run the same setup with objects of their own, as the processes of Node's
 * {@code cluster} do. A port that they all listen on is shared: connections go to them in turns.
 * They share no state. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * Workers.fork(4, () -> Net.createServer(socket -> socket.pipe(socket)).listen(8124));
 * }</pre>
 *
 * @see <a href="https://nodejs.org/api/cluster.html">Node: cluster</a>
 */
public final class Workers {
  private static final AtomicInteger GROUPS = new AtomicInteger();
  private static final int MOST = 1024;
  private static final long GRACE_NANOS = 100_000_000;

  private final WorkerGroup group;
  private final List<Reactor> reactors = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private @Nullable BiConsumer<Loop, Throwable> onFailure;

  private record Failure(Loop worker, Throwable cause) {}

  private Workers(int count) {
    int number = GROUPS.incrementAndGet();
    String prefix = number == 1 ? "worker-" : "worker-" + number + "-";
    group = new WorkerGroup(prefix + "acceptor");
    for (int i = 1; i <= count; i++) {
      reactors.add(new Reactor(prefix + i, group));
    }
  }

  /**
   * Starts workers.
   *
   * @param count how many, 1 to 1024; {@code Runtime.getRuntime().availableProcessors()} is a good
   *     number
   * @param setup run once on each worker's loop. What it makes belongs to that worker
   * @throws NetException {@code ERR_OUT_OF_RANGE} for another count
   */
  public static Workers fork(int count, Runnable setup) {
    if (count < 1 || count > MOST) {
      throw new NetException(
          "ERR_OUT_OF_RANGE", "There can be 1 to " + MOST + " workers, not " + count + ".");
    }
    Workers workers = new Workers(count);
    for (Reactor reactor : workers.reactors) {
      reactor.execute(() -> workers.setUp(reactor, setup));
    }
    return workers;
  }

  private void setUp(Reactor reactor, Runnable setup) {
    try {
      setup.run();
    } catch (Throwable failure) {
      try {
        report(new Failure(Loop.current(), failure));
      } finally {
        reactor.leave(Duration.ZERO);
      }
    }
  }

  /**
   * Told of a worker whose setup has thrown, on that worker's loop, or by this call where it has
   * happened already: its loop ends, with all that it has opened, and the others go on. Without a
   * listener the failure reaches the program's uncaught handler.
   */
  public Workers onFailure(BiConsumer<Loop, Throwable> listener) {
    List<Failure> untold;
    synchronized (this) {
      onFailure = listener;
      untold = List.copyOf(failures);
      failures.clear();
    }
    untold.forEach(failure -> listener.accept(failure.worker, failure.cause));
    return this;
  }

  private void report(Failure failure) {
    BiConsumer<Loop, Throwable> listener;
    synchronized (this) {
      listener = onFailure;
      if (listener == null) {
        failures.add(failure);
      }
    }
    if (listener != null) {
      listener.accept(failure.worker, failure.cause);
      return;
    }
    // Who forks from another thread may still be about to add the listener. The worker itself ends.
    Timer.timeout(group.acceptor(), () -> reportUncaught(failure), GRACE_NANOS);
  }

  private void reportUncaught(Failure failure) {
    synchronized (this) {
      if (!failures.remove(failure)) {
        return;
      }
    }
    Reactor.current().uncaught(failure.cause);
  }

  /** How many there were started. */
  public int size() {
    return reactors.size();
  }

  /**
   * Ends the workers: their servers are drained within the time given, all that is left is
   * destroyed, and the loops' threads end.
   *
   * @return completed when all are gone; it never fails
   */
  public CompletableFuture<Void> close(Duration within) {
    List<CompletableFuture<?>> leaving = new ArrayList<>();
    for (Reactor reactor : reactors) {
      if (!reactor.isShuttingDown()) {
        leaving.add(reactor.leave(within));
      }
    }
    return CompletableFuture.allOf(leaving.toArray(new CompletableFuture<?>[0]))
        .whenComplete((nothing, failure) -> group.acceptor().shutdown());
  }

  @Override
  public String toString() {
    return "Workers " + reactors.size();
  }
}
