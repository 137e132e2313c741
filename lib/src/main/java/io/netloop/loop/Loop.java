package io.netloop.loop;

import io.netloop.engine.Clock;
import io.netloop.engine.Reactor;
import io.netloop.engine.StallMeter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs the listeners of everything that belongs to it, never two at a time. What is
 * made inside a listener belongs to that listener's loop; what is made anywhere else belongs to the
 * one default loop, which starts when it is first asked for.
 *
 * <p>The program lives while something counted is open (a server, a socket, a timer, work under
 * way), and ends by itself when nothing is; the loops' threads do not keep it. <i>Thread-safe.</i>
 *
 * @see <a href="https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick">Node:
 *     the event loop</a>
 */
public final class Loop implements Executor {
  private final Reactor reactor;

  private Loop(Reactor reactor) {
    this.reactor = reactor;
  }

  /** The loop whose listener is running, or, on any other thread, the default loop. */
  public static Loop current() {
    return (Loop) Reactor.current().face(Loop::new);
  }

  /** The default loop, also where a worker asks. */
  static Loop byDefault() {
    return (Loop) Reactor.byDefault().face(Loop::new);
  }

  /**
   * Runs blocking work on a virtual thread, and its listeners with the result on the current loop.
   *
   * <pre>{@code
   * Loop.offload(() -> Files.readString(path)).onResult(text -> socket.write(text));
   * }</pre>
   */
  public static <T extends @Nullable Object> Offload<T> offload(Callable<T> work) {
    return Offload.start(Reactor.current(), work);
  }

  /** A name for logs and for people: {@code loop} for the default loop. */
  public String name() {
    return reactor.name();
  }

  /** Whether the caller runs on this loop's thread. */
  public boolean inLoop() {
    return reactor.inLoop();
  }

  /**
   * Runs a task on this loop, after those handed in before it and never inside this call.
   *
   * @throws RejectedExecutionException where it is the loop of a worker that has ended
   */
  @Override
  public void execute(Runnable task) {
    if (!reactor.execute(Objects.requireNonNull(task, "task"))) {
      throw new RejectedExecutionException("The loop " + name() + " has ended.");
    }
  }

  /**
   * Runs a task at once where the caller is on this loop, else as {@link #execute}, but for this:
   * where it is the loop of a worker that has ended, nothing happens.
   */
  public void run(Runnable task) {
    reactor.run(Objects.requireNonNull(task, "task"));
  }

  /**
   * Runs a task after the running listener and before any other event. From another thread it is
   * the same as {@link #execute}.
   */
  public void nextTick(Runnable task) {
    Objects.requireNonNull(task, "task");
    if (inLoop()) {
      reactor.nextTick(task);
    } else {
      execute(task);
    }
  }

  /** Runs a task once the events that have come with this turn are dealt with. */
  public Timer setImmediate(Runnable task) {
    return Timer.immediate(reactor, Objects.requireNonNull(task, "task"));
  }

  /** Runs a task once, after this many milliseconds; less than 1 counts as 1, as in Node. */
  public Timer setTimeout(long millis, Runnable task) {
    return setTimeout(Duration.ofMillis(Math.max(1, millis)), task);
  }

  /** Runs a task once, after this time. */
  public Timer setTimeout(Duration time, Runnable task) {
    return Timer.timeout(reactor, Objects.requireNonNull(task, "task"), nanos(time));
  }

  /** Runs a task again and again with this many milliseconds between; less than 1 counts as 1. */
  public Timer setInterval(long millis, Runnable task) {
    return setInterval(Duration.ofMillis(Math.max(1, millis)), task);
  }

  /** Runs a task again and again with this time between two starts. */
  public Timer setInterval(Duration time, Runnable task) {
    return Timer.interval(reactor, Objects.requireNonNull(task, "task"), nanos(time));
  }

  /**
   * Nanoseconds of a clock that never goes back; only differences mean anything. On the loop it is
   * read once per turn.
   */
  public long nanoTime() {
    return reactor.inLoop() ? reactor.now() : Clock.SYSTEM.nanoTime();
  }

  /**
   * How many turns, of all loops, have taken longer than the threshold: 100 ms, or the system
   * property {@code netloop.stallMillis} (0 turns the count off). Each is logged with the
   * listener's stack.
   */
  public static long stalls() {
    return StallMeter.shared().stalls();
  }

  @Override
  public String toString() {
    return "Loop " + name();
  }

  private static long nanos(Duration time) {
    try {
      return Math.max(1, time.toNanos());
    } catch (ArithmeticException tooLong) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "A timer can be set for 292 years at the most, not for " + time + ".");
    }
  }
}
