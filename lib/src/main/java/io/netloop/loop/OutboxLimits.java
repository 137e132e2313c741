package io.netloop.loop;

import java.time.Duration;

/**
 * How much may be queued for a peer that reads slowly, and what happens then. <i>Immutable.</i>
 *
 * @param highWaterMark bytes from which {@code write} returns false, 1 to 1 GiB; 65,536 by default
 * @param hardLimitBytes the most bytes of memory that the queue may take when a write comes: what
 *     is queued, and 64 bytes for each write of it, 160 with a callback. A write that finds more
 *     ends the connection, so that at most this and one write are ever held. 16 MiB by default
 * @param softLimitBytes the most that may be taken so for {@code softLimitFor}; 4 MiB by default
 * @param softLimitFor the time for the soft limit; 60 seconds by default
 * @param atLimit what to do at either limit; {@link AtLimit#CLOSE} by default
 */
public record OutboxLimits(
    int highWaterMark,
    long hardLimitBytes,
    long softLimitBytes,
    Duration softLimitFor,
    AtLimit atLimit) {

  /** For a limit that is not wanted: written out, so that it is seen. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private static final OutboxLimits DEFAULTS =
      new OutboxLimits(64 * 1024, 16L << 20, 4L << 20, Duration.ofSeconds(60), AtLimit.CLOSE);

  /** The policy at a limit. */
  public enum AtLimit {
    /** The connection is destroyed; the close event carries {@code ERR_OUTBOX_LIMIT}. */
    CLOSE,
    /**
     * The sources that are piped in are paused until the queue is empty, however long that takes. A
     * write at the hard limit that comes from no pipe has no source to pause and ends the
     * connection.
     */
    PAUSE_SOURCE
  }

  public OutboxLimits {
    check("highWaterMark", highWaterMark, 1L << 30);
    check("hardLimitBytes", hardLimitBytes, UNLIMITED);
    check("softLimitBytes", softLimitBytes, UNLIMITED);
    if (softLimitFor.isNegative() || softLimitFor.isZero()) {
      throw new NetException(
          "ERR_OUT_OF_RANGE", "softLimitFor must be a positive time, not " + softLimitFor + ".");
    }
    if (softLimitFor.compareTo(LONGEST) > 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "softLimitFor can be 292 years at the most, not " + softLimitFor + ".");
    }
  }

  /** The limits that apply where nothing else is said. */
  public static OutboxLimits defaults() {
    return DEFAULTS;
  }

  public OutboxLimits withHighWaterMark(int bytes) {
    return new OutboxLimits(bytes, hardLimitBytes, softLimitBytes, softLimitFor, atLimit);
  }

  public OutboxLimits withHardLimit(long bytes) {
    return new OutboxLimits(highWaterMark, bytes, softLimitBytes, softLimitFor, atLimit);
  }

  public OutboxLimits withSoftLimit(long bytes, Duration time) {
    return new OutboxLimits(highWaterMark, hardLimitBytes, bytes, time, atLimit);
  }

  public OutboxLimits withAtLimit(AtLimit policy) {
    return new OutboxLimits(highWaterMark, hardLimitBytes, softLimitBytes, softLimitFor, policy);
  }

  private static void check(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "%s must be from 1 to %s bytes, not %d."
              .formatted(name, most == UNLIMITED ? "UNLIMITED" : most, value));
    }
  }
}
