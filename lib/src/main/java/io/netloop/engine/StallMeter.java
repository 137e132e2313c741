package io.netloop.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Finds listeners that hold up their loop. One thread looks at every loop twice per threshold; a
 * turn that takes longer than the threshold is counted, and logged once with the stack of what it
 * was doing. The loops pay one read of the clock per turn. <i>Thread-safe.</i>
 */
public final class StallMeter {
  /** The threshold in milliseconds; 0 turns the meter off. */
  static final String PROPERTY = "netloop.stallMillis";

  private static final long DEFAULT_MILLIS = 100;

  /**
   * In a loop's first seconds the JVM loads the classes of every listener at its first call: those
   * stalls are counted, but not worth a warning that nobody can act on.
   */
  private static final long WARM_UP_NANOS = 5_000_000_000L;

  private static final StallMeter SHARED =
      new StallMeter(
          Clock.SYSTEM, Long.getLong(PROPERTY, DEFAULT_MILLIS) * 1_000_000, WARM_UP_NANOS);

  private final long thresholdNanos;
  private final long warmUpNanos;
  private final Clock clock;
  private final List<Watched> watched = new CopyOnWriteArrayList<>();
  private final AtomicLong stalls = new AtomicLong();
  private volatile @Nullable Thread watcher;

  StallMeter(Clock clock, long thresholdNanos) {
    this(clock, thresholdNanos, 0);
  }

  private StallMeter(Clock clock, long thresholdNanos, long warmUpNanos) {
    this.clock = clock;
    this.thresholdNanos = thresholdNanos;
    this.warmUpNanos = warmUpNanos;
  }

  /** The meter of all loops of this process. */
  public static StallMeter shared() {
    return SHARED;
  }

  /** How many turns have taken longer than the threshold so far. */
  public long stalls() {
    return stalls.get();
  }

  synchronized void watch(Reactor reactor) {
    if (thresholdNanos <= 0) {
      return;
    }
    watched.add(new Watched(reactor));
    if (watcher == null) {
      Thread thread = new Thread(this::look, "netloop-stall-meter");
      thread.setDaemon(true);
      watcher = thread;
      thread.start();
    }
  }

  void unwatch(Reactor reactor) {
    watched.removeIf(one -> one.reactor == reactor);
  }

  private void look() {
    while (true) {
      LockSupport.parkNanos(thresholdNanos / 2);
      for (Watched one : watched) {
        one.look();
      }
    }
  }

  /** What is known of one loop; seen by the meter's thread only. */
  private final class Watched {
    private final Reactor reactor;
    private final long warmAtNanos = clock.nanoTime() + warmUpNanos;
    private long suspectTurn;
    private StackTraceElement[] suspectStack = {};
    private boolean told;

    Watched(Reactor reactor) {
      this.reactor = reactor;
    }

    /**
     * A turn over the threshold is surely seen past its half. If it ends before the next look, its
     * length is known from where the next turn began, which the loop notes for us.
     */
    void look() {
      long turn = reactor.turnNumber();
      if (suspectTurn != 0 && turn != suspectTurn) {
        long lasted = reactor.lengthOf(suspectTurn);
        if (!told && lasted >= thresholdNanos) {
          tell(lasted, suspectStack);
        }
        suspectTurn = 0;
      }
      if ((turn & 1) == 0) {
        return;
      }
      long lasts = clock.nanoTime() - reactor.turnBegan();
      if (lasts < thresholdNanos / 2 || reactor.turnNumber() != turn) {
        return;
      }
      if (suspectTurn != turn) {
        suspectTurn = turn;
        told = false;
        suspectStack = reactor.thread().getStackTrace();
        reactor.noteLengthOf(turn);
      }
      if (!told && lasts >= thresholdNanos) {
        told = true;
        tell(lasts, reactor.thread().getStackTrace());
      }
    }

    private void tell(long nanos, StackTraceElement[] stack) {
      stalls.incrementAndGet();
      if (clock.nanoTime() - warmAtNanos < 0) {
        return;
      }
      Throwable where = new Throwable("what the loop is doing");
      where.setStackTrace(stack);
      LoggerFactory.getLogger(StallMeter.class)
          .warn(
              "{} has been busy for {} ms, in which nothing else on it could run; move blocking work to Loop.offload.",
              reactor.thread().getName(),
              nanos / 1_000_000,
              where);
    }
  }
}
