package io.netloop.loop;

import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
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
  private final List<Failure> untold = new ArrayList<>();
  private final List<Timer> graces = new ArrayList<>();
  private @Nullable BiConsumer<Loop, Throwable> onFailure;

  private record Failure(Loop worker, Throwable cause) {}

  private Workers(int count) {
    String prefix = GROUPS.incrementAndGet() == 1 ? "worker-" : "worker-" + GROUPS.get() + "-";
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
      reactor.leave(Duration.ZERO);
      report(new Failure(Loop.current(), failure));
    }
  }

  /**
   * Told of a worker whose setup has thrown, on that worker's loop: its loop ends, with all that it
   * has opened, and the others go on. Of one that has failed before, the listener is told at once,
   * on the caller's thread. Without a listener the failure reaches the program's uncaught handler.
   */
  public Workers onFailure(BiConsumer<Loop, Throwable> listener) {
    List<Failure> before;
    synchronized (this) {
      onFailure = listener;
      before = takeUntold();
    }
    before.forEach(failure -> listener.accept(failure.worker, failure.cause));
    return this;
  }

  private void report(Failure failure) {
    BiConsumer<Loop, Throwable> told;
    synchronized (this) {
      told = onFailure;
      if (told == null) {
        untold.add(failure);
        // Who forks from another thread may still be about to add the listener.
        graces.add(Timer.timeout(group.acceptor(), this::reportUncaught, GRACE_NANOS));
        return;
      }
    }
    told.accept(failure.worker, failure.cause);
  }

  private void reportUncaught() {
    takeUntold().forEach(failure -> group.acceptor().uncaught(failure.cause));
  }

  private synchronized List<Failure> takeUntold() {
    List<Failure> taken = List.copyOf(untold);
    untold.clear();
    graces.forEach(Timer::clear);
    graces.clear();
    return taken;
  }

  /** How many there were started. */
  public int size() {
    return reactors.size();
  }

  /**
   * Ends the workers: their servers are drained within the time given, all that is left is
   * destroyed, and the loops' threads end.
   *
   * @return completed when the threads have ended, on one that belongs to no loop; it never fails
   */
  public CompletableFuture<Void> close(Duration within) {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    Ref ref = new Ref();
    ref.open();
    List<CompletableFuture<?>> leaving = new ArrayList<>();
    reactors.forEach(reactor -> leaving.add(reactor.leave(within)));
    CompletableFuture.allOf(leaving.toArray(new CompletableFuture<?>[0]))
        .thenCompose(nothing -> group.acceptor().shutdown())
        .thenRun(() -> {
          reportUncaught();
          gone.complete(null);
          ref.close();
        });
    return gone;
  }

  @Override
  public String toString() {
    return "Workers " + reactors.size();
  }
}
