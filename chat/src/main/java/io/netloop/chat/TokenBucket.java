package io.netloop.chat;

import java.util.function.LongSupplier;

/**
 * Says whether one more message is within the rate: a bucket of {@code burst} tokens, full at
 * first, that gets {@code perSecond} new ones each second; a message takes one.
 * <i>Loop-confined.</i>
 */
final class TokenBucket {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final LongSupplier nanoClock;
  private final long nanosPerToken;
  private final long fullNanos;

  /** The tokens, counted in the nanoseconds that they take to come: no fraction is lost. */
  private long savedNanos;

  private long lastNanos;

  TokenBucket(int perSecond, int burst, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    nanosPerToken = NANOS_PER_SECOND / perSecond;
    fullNanos = nanosPerToken * burst;
    savedNanos = fullNanos;
    lastNanos = nanoClock.getAsLong();
  }

  /** Takes a token; false if there is none, and then nothing is taken. */
  boolean take() {
    long now = nanoClock.getAsLong();
    // The difference is right even where the clock's number wraps around.
    long passed = Math.clamp(now - lastNanos, 0, fullNanos);
    lastNanos = now;
    savedNanos = Math.min(fullNanos, savedNanos + passed);
    if (savedNanos < nanosPerToken) {
      return false;
    }
    savedNanos -= nanosPerToken;
    return true;
  }
}
