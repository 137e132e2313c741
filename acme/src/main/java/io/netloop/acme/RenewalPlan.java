package io.netloop.acme;

import io.netloop.tls.KeyAndChain;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When the next order is due. Not thread-safe: it belongs to one source's thread. */
final class RenewalPlan {
  /** The first pause after a failure; each further one is twice as long. */
  static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

  static final Duration LONGEST_PAUSE = Duration.ofHours(12);

  /**
   * The longest while no certificate holds: authorities lock out who fails often (Let's Encrypt
   * allows 5 failed validations of a name in an hour).
   */
  static final Duration LONGEST_WITHOUT = Duration.ofHours(1);

  /** When an authority would have a certificate renewed (RFC 9773 §4.2). */
  record Window(Instant start, Instant end) {}

  private final RandomGenerator random;
  private int failures;

  /** Where in a window this certificate is renewed: chosen once, so that the moment stays put. */
  private double share;

  RenewalPlan(RandomGenerator random) {
    this.random = random;
    this.share = random.nextDouble();
  }

  /**
   * When a certificate is to be renewed: somewhere in the authority's window, or, where it has
   * none, shortly before two thirds of its time are over, so that many which were obtained at once
   * are not renewed at once.
   */
  Instant due(@Nullable KeyAndChain current, @Nullable Window window) {
    if (current == null) {
      return Instant.MIN;
    }
    if (window != null && window.start().isBefore(window.end())) {
      return at(window.start(), Duration.between(window.start(), window.end()), share);
    }
    Duration life = Duration.between(current.notBefore(), current.notAfter());
    return at(current.notBefore(), life, 2.0 / 3 - share / 50);
  }

  private static Instant at(Instant start, Duration length, double part) {
    return start.plusMillis((long) (length.toMillis() * part));
  }

  void succeeded() {
    failures = 0;
    share = random.nextDouble();
  }

  /**
   * How long to wait after a failure: twice as long after each, half of it by chance.
   *
   * @param left how long the certificate in use holds; a short one is worth more tries. Zero or
   *     less where there is none that holds
   */
  Duration afterFailure(Duration left) {
    Duration wanted = left.isPositive() ? left.dividedBy(4) : LONGEST_WITHOUT;
    long longest = Math.min(LONGEST_PAUSE.toMillis(), wanted.toMillis());
    long pause = FIRST_PAUSE.toMillis() << Math.min(failures, 16);
    failures++;
    long bound = Math.max(FIRST_PAUSE.toMillis(), Math.min(pause, longest));
    return Duration.ofMillis(bound / 2 + (long) (random.nextDouble() * bound / 2));
  }
}
