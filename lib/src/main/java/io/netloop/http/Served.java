package io.netloop.http;

import java.time.Duration;

/** A connection as its server sees it. */
interface Served {
  /** Looks whether somebody takes too long. */
  void check(long now);

  /** Ends the connection where it is between requests, or before the first. */
  void closeIfIdle();

  /** Takes no more requests: ends now where none is under way, else after the last answer. */
  void retire();

  /** Where it stands in {@link ServedList}. */
  int place();

  void place(int place);

  /** Whether so much time is as long as a limit allows, or longer; a limit of zero is none. */
  static boolean isLonger(long nanos, Duration limit) {
    return limit.isPositive() && nanos >= limit.toNanos();
  }
}
