package io.netloop.chat;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: each time up to twice as long as the last, and never quite
 * the same, so that the clients of a server that comes back do not all come back at once.
 * <i>Loop-confined.</i>
 */
final class Backoff {
  private final long shortestMillis;
  private final long longestMillis;
  private final RandomGenerator random;
  private long withinMillis;

  /** Waits from {@code shortest} up to {@code longest}, both included. */
  Backoff(Duration shortest, Duration longest, RandomGenerator random) {
    this.shortestMillis = shortest.toMillis();
    this.longestMillis = longest.toMillis();
    this.random = random;
    reset();
  }

  /** The next time to wait: from half of what it may be up to all of that. */
  Duration next() {
    long wait = random.nextLong(withinMillis / 2, withinMillis + 1);
    withinMillis = Math.min(longestMillis, 2 * withinMillis);
    return Duration.ofMillis(wait);
  }

  /** A try has succeeded: the next time begins with the shortest wait. */
  void reset() {
    withinMillis = Math.min(longestMillis, 2 * shortestMillis);
  }
}
