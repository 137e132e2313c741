package io.netloop.testkit;

import io.netloop.loop.NetException;
import java.time.Duration;

/**
 * How a {@link FaultProxy} treats what passes through it. <i>Immutable.</i>
 *
 * <p>Each direction of each connection is cut into stretches of random lengths; the chances hold
 * for each stretch on its own. Delays, splits and merges change only when and in what pieces bytes
 * arrive; resets, half-closes and black holes end the direction where the stretch ends.
 *
 * @param delay the chance, 0 to 1, that a stretch waits before it is forwarded
 * @param longestDelay the longest of these waits, 1 ms to 1 minute; whole milliseconds are drawn
 * @param split the chance, 0 to 1, that a stretch is forwarded in pieces, one per turn of the loop
 * @param largestPiece the most bytes of such a piece, 1 to 16 MiB; each stretch draws a maximum of
 *     its own, and each piece a size from 1 byte to that
 * @param merge the chance, 0 to 1, that a stretch is held back to be forwarded as one
 * @param longestHold the longest time that an incomplete stretch is held back, 1 ms to 1 minute
 * @param reset the chance, 0 to 1, that a stretch ends with a reset of the client's connection, of
 *     the server's or of both
 * @param halfClose the chance, 0 to 1, that a stretch ends with a FIN that the sender has not sent;
 *     what the sender sends after it is lost
 * @param blackHole the chance, 0 to 1, that nothing is forwarded after a stretch: the sender's
 *     bytes are either not read any more, or read and lost
 * @param longestStretch the most bytes of a stretch, 1 to 16 MiB
 */
public record Faults(
    double delay,
    Duration longestDelay,
    double split,
    int largestPiece,
    double merge,
    Duration longestHold,
    double reset,
    double halfClose,
    double blackHole,
    int longestStretch) {

  private static final int MOST_BYTES = 16 << 20;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final Faults NONE =
      new Faults(0, Duration.ofMillis(5), 0, 4096, 0, Duration.ofMillis(5), 0, 0, 0, 64 * 1024);
  private static final Faults GENTLE = NONE.withDelay(0.1).withSplit(0.3).withMerge(0.2);
  private static final Faults HARSH =
      GENTLE
          .withDelay(0.2)
          .withSplit(0.5)
          .withLargestPiece(64)
          .withReset(0.02)
          .withHalfClose(0.01)
          .withBlackHole(0.01)
          .withLongestStretch(16 * 1024);

  /**
   * Refuses what is outside the ranges above.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public Faults {
    checkChance("delay", delay);
    checkChance("split", split);
    checkChance("merge", merge);
    checkChance("reset", reset);
    checkChance("halfClose", halfClose);
    checkChance("blackHole", blackHole);
    checkChance("reset + halfClose + blackHole", reset + halfClose + blackHole);
    checkTime("longestDelay", longestDelay);
    checkTime("longestHold", longestHold);
    checkBytes("largestPiece", largestPiece);
    checkBytes("longestStretch", longestStretch);
  }

  /** No fault at all: a plain proxy. */
  public static Faults none() {
    return NONE;
  }

  /**
   * Bytes arrive late and in other pieces than they were sent, but all of them arrive: delays of up
   * to 5 ms, pieces of up to 4,096 bytes.
   */
  public static Faults gentle() {
    return GENTLE;
  }

  /**
   * As {@link #gentle}, more often and in pieces of up to 64 bytes; and one stretch in 25, which is
   * once in about 200 KiB, ends with a reset, a half-close or a black hole.
   */
  public static Faults harsh() {
    return HARSH;
  }

  public Faults withDelay(double chance) {
    return new Faults(
        chance,
        longestDelay,
        split,
        largestPiece,
        merge,
        longestHold,
        reset,
        halfClose,
        blackHole,
        longestStretch);
  }

  public Faults withLongestDelay(Duration time) {
    return new Faults(
        delay,
        time,
        split,
        largestPiece,
        merge,
        longestHold,
        reset,
        halfClose,
        blackHole,
        longestStretch);
  }

  public Faults withSplit(double chance) {
    return new Faults(
        delay,
        longestDelay,
        chance,
        largestPiece,
        merge,
        longestHold,
        reset,
        halfClose,
        blackHole,
        longestStretch);
  }

  public Faults withLargestPiece(int bytes) {
    return new Faults(
        delay,
        longestDelay,
        split,
        bytes,
        merge,
        longestHold,
        reset,
        halfClose,
        blackHole,
        longestStretch);
  }

  public Faults withMerge(double chance) {
    return new Faults(
        delay,
        longestDelay,
        split,
        largestPiece,
        chance,
        longestHold,
        reset,
        halfClose,
        blackHole,
        longestStretch);
  }

  public Faults withLongestHold(Duration time) {
    return new Faults(
        delay,
        longestDelay,
        split,
        largestPiece,
        merge,
        time,
        reset,
        halfClose,
        blackHole,
        longestStretch);
  }

  public Faults withReset(double chance) {
    return new Faults(
        delay,
        longestDelay,
        split,
        largestPiece,
        merge,
        longestHold,
        chance,
        halfClose,
        blackHole,
        longestStretch);
  }

  public Faults withHalfClose(double chance) {
    return new Faults(
        delay,
        longestDelay,
        split,
        largestPiece,
        merge,
        longestHold,
        reset,
        chance,
        blackHole,
        longestStretch);
  }

  public Faults withBlackHole(double chance) {
    return new Faults(
        delay,
        longestDelay,
        split,
        largestPiece,
        merge,
        longestHold,
        reset,
        halfClose,
        chance,
        longestStretch);
  }

  public Faults withLongestStretch(int bytes) {
    return new Faults(
        delay,
        longestDelay,
        split,
        largestPiece,
        merge,
        longestHold,
        reset,
        halfClose,
        blackHole,
        bytes);
  }

  private static void checkChance(String name, double chance) {
    if (!(chance >= 0 && chance <= 1)) {
      throw new NetException(
          "ERR_OUT_OF_RANGE", name + " must be from 0 to 1, not " + chance + ".");
    }
  }

  private static void checkTime(String name, Duration time) {
    if (time.toMillis() < 1 || time.compareTo(LONGEST) > 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE", name + " must be from 1 ms to 1 minute, not " + time + ".");
    }
  }

  private static void checkBytes(String name, int bytes) {
    if (bytes < 1 || bytes > MOST_BYTES) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          name + " must be from 1 to " + MOST_BYTES + " bytes, not " + bytes + ".");
    }
  }
}
