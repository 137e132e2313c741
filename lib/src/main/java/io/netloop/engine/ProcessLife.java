package io.netloop.engine;

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
  private static int open;
  private static @Nullable Thread keeper;
  private static volatile boolean failed;

  private ProcessLife() {}

  /** One more open thing. */
  public static void ref() {
    synchronized (LOCK) {
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

  /** Remembers that a failure reached nobody. */
  public static void failed() {
    failed = true;
  }

  private static void keep() {
    while (true) {
      synchronized (LOCK) {
        if (open == 0) {
          keeper = null;
          break;
        }
      }
      LockSupport.park(LOCK);
    }
    Integer status = Integer.getInteger(FAILURE_STATUS);
    if (failed && status != null) {
      endWith(status);
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
