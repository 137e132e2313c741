package io.netloop.engine;

/**
 * The one place that asks the machine for the time, so that a test can put another in its place.
 */
@FunctionalInterface
public interface Clock {
  /** The machine's monotonic clock. */
  Clock SYSTEM =
      new Clock() {
        // No reference to a method: it would be the first in a small server, and cost 10 ms.
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }
      };

  /** Nanoseconds since some fixed moment; only differences mean anything. */
  long nanoTime();

  /** Milliseconds since 1970, by the clock on the wall, which people set. */
  default long epochMillis() {
    return System.currentTimeMillis();
  }
}
