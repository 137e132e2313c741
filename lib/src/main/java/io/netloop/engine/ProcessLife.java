package io.netloop.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the JVM alive while something counted is open, as Node's process lives while a handle does.
 * Loops run on daemon threads; one other thread, which is not a daemon, exists while the count is
 * above zero. <i>Thread-safe.</i>
 */
public final class ProcessLife {
  /**
   * Set by {@code ./netloop run}: the status with which a program ends by itself after a failure
   * that nobody caught. Without it the JVM's own status stands.
   */
  private static final String FAILURE_STATUS = "netloop.failureStatus";

  private static final Object LOCK = new Object();
  private static final List<Reactor> LOOPS = new CopyOnWriteArrayList<>();
  private static int open;

  /** How often something was opened: who finds it changed has to look again. */
  private static long opened;

  private static @Nullable Thread keeper;
  private static volatile boolean failed;

  private ProcessLife() {}

  /** One more open thing. */
  public static void ref() {
    synchronized (LOCK) {
      opened++;
      if (++open == 1 && keeper == null) {
        keeper = new Thread(ProcessLife::keep, "netloop-keeper");
        keeper.setDaemon(false);
        keeper.start();
      }
    }
  }

  /** One open thing less. */
  public static void unref() {
    synchronized (LOCK) {
      if (--open == 0 && keeper != null) {
        LockSupport.unpark(keeper);
      }
    }
  }

  /** How many counted things are open: servers, sockets, timers, work under way. */
  public static int open() {
    synchronized (LOCK) {
      return open;
    }
  }

  /** A loop whose running listeners are to be waited for. */
  static void add(Reactor loop) {
    LOOPS.add(loop);
  }

  static void remove(Reactor loop) {
    LOOPS.remove(loop);
  }

  /** The loops that run. */
  static List<Reactor> loops() {
    return List.copyOf(LOOPS);
  }

  /** Remembers that a failure reached nobody. */
  public static void failed() {
    failed = true;
  }

  /**
   * The last counted thing mostly goes in the middle of a listener: what that has still to do, and
   * what it has put off, is part of the program.
   */
  private static void keep() {
    while (true) {
      long before = openedWhenNothingIsOpen();
      if (before < 0) {
        LockSupport.park(LOCK);
        continue;
      }
      LOOPS.forEach(ProcessLife::awaitTurn);
      synchronized (LOCK) {
        if (open == 0 && opened == before) {
          keeper = null;
          break;
        }
      }
    }
    Integer status = Integer.getInteger(FAILURE_STATUS);
    if (failed && status != null) {
      endWith(status);
    }
  }

  private static long openedWhenNothingIsOpen() {
    synchronized (LOCK) {
      return open == 0 ? opened : -1;
    }
  }

  /** Returns once the loop has dealt with all that it has at hand, and has sent what came of it. */
  private static void awaitTurn(Reactor loop) {
    CountDownLatch turned = new CountDownLatch(1);
    try {
      loop.eventLoop().execute(() -> loop.immediate(() -> loop.immediate(turned::countDown)));
      while (!turned.await(1, TimeUnit.SECONDS) && !loop.isTerminated()) {
        // A listener is running that takes its time.
      }
    } catch (RejectedExecutionException | InterruptedException ended) {
      // There is nothing to wait for.
    }
  }

  /** Ends the JVM with this status once nothing but the keeper holds it. */
  private static void endWith(int status) {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      boolean holdsTheJvm = thread != Thread.currentThread() && !thread.isDaemon();
      if (holdsTheJvm && !thread.getName().equals("DestroyJavaVM")) {
        return;
      }
    }
    System.exit(status);
  }
}
