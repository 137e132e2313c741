package io.netloop.testkit;

import io.netloop.testkit.FaultEvent.Kind;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is going to happen to one direction of one connection. It follows from the seed and from
 * byte positions alone, never from when or in what pieces bytes arrive, so that a second run with
 * the same seed meets the same decisions at the same bytes.
 */
final class FaultPlan {
  /** So that a direction in pieces of one byte still comes to its end. */
  private static final int MOST_PIECES = 100;

  private static final int WHOLE = Integer.MAX_VALUE;

  private final Faults faults;
  private final SplittableRandom random;

  /** Of its own, so that the number of pieces of one stretch does not change the next. */
  private final SplittableRandom pieces;

  /**
   * Some bytes that are treated alike.
   *
   * @param delayMillis how long they wait first; 0 for not at all
   * @param largestPiece the most bytes to forward at once
   * @param holdMillis how long to hold them back for the rest of them; 0 for not at all
   * @param end what happens after them, or null
   */
  record Stretch(int bytes, int delayMillis, int largestPiece, int holdMillis, @Nullable Kind end) {
    boolean isSplit() {
      return largestPiece != WHOLE;
    }
  }

  FaultPlan(Faults faults, long seed, int connection, boolean toServer) {
    this.faults = faults;
    SplittableRandom first = new SplittableRandom(seed + 2L * connection + (toServer ? 1 : 0));
    this.random = first.split();
    this.pieces = first.split();
  }

  /** The next stretch. It draws the same number of times whatever comes of it. */
  Stretch next() {
    int bytes = between(1, faults.longestStretch());
    int delay = chance(faults.delay(), between(1, millis(faults.longestDelay())));
    int piece = chance(faults.split(), between(1, faults.largestPiece()));
    int hold = chance(faults.merge(), between(1, millis(faults.longestHold())));
    Kind end = end(random.nextDouble(), random.nextInt(6));
    int lastBytes = random.nextInt(bytes + 1);
    if (end != null) {
      bytes = lastBytes;
    }
    if (piece > 0) {
      return new Stretch((int) Math.min(bytes, (long) piece * MOST_PIECES), delay, piece, 0, end);
    }
    return new Stretch(bytes, delay, WHOLE, hold, end);
  }

  /** The size of the next piece of this stretch. */
  int piece(Stretch of) {
    return of.isSplit() ? pieces.nextInt(of.largestPiece()) + 1 : of.bytes();
  }

  private @Nullable Kind end(double drawn, int which) {
    double left = drawn - faults.reset();
    if (left < 0) {
      return switch (which % 3) {
        case 0 -> Kind.RESET_CLIENT;
        case 1 -> Kind.RESET_SERVER;
        default -> Kind.RESET_BOTH;
      };
    }
    left -= faults.halfClose();
    if (left < 0) {
      return Kind.HALF_CLOSE;
    }
    left -= faults.blackHole();
    if (left < 0) {
      return which % 2 == 0 ? Kind.STALL : Kind.SWALLOW;
    }
    return null;
  }

  private int chance(double chance, int value) {
    return random.nextDouble() < chance ? value : 0;
  }

  private int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  private static int millis(Duration time) {
    return (int) time.toMillis();
  }
}
