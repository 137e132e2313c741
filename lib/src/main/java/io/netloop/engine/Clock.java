package io.netloop.engine;

/**
 * The one place that asks the machine for the time, so that a test can put another in its place.
 */
public interface Clock {
  /** The machine's monotonic clock. */
  Clock SYSTEM = System::nanoTime;

  /** Nanoseconds since some fixed moment; only differences mean anything. */
  long nanoTime();
}
