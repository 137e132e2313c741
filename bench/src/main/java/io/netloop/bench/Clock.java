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

  /** Pauses no shorter than that, whatever wakes the thread. */
  static void pauseAll(long nanos) {
    long end = nanos() + nanos;
    for (long left = nanos; left > 0; left = end - nanos()) {
      pause(left);
    }
  }
}
