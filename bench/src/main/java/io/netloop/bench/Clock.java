package io.netloop.bench;

import java.util.concurrent.locks.LockSupport;

/** The time, and waiting for it: their one home here. */
final class Clock {
  static final long SECOND = 1_000_000_000;
  static final long MILLISECOND = 1_000_000;

  private Clock() {}

  /** Nanoseconds since some moment. */
  static long nanos() {
    return System.nanoTime();
  }

  static void pause(long nanos) {
    LockSupport.parkNanos(nanos);
  }
}
