package io.netloop.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.acme.RenewalPlan.Window;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RenewalPlanTest {
  private static final KeyAndChain PAIR = LocalAuthority.inMemory().issue(List.of("a.test"));

  private final RenewalPlan plan = new RenewalPlan(new Random(1));

  @Test
  void isDueAtOnceWithoutACertificate() {
    assertThat(plan.due(null, null)).isEqualTo(Instant.MIN);
  }

  @Test
  void isDueShortlyBeforeTwoThirdsOfTheTime() {
    Duration life = Duration.between(PAIR.notBefore(), PAIR.notAfter());
    Instant twoThirds = PAIR.notBefore().plus(life.multipliedBy(2).dividedBy(3));

    for (int i = 0; i < 100; i++) {
      assertThat(plan.due(PAIR, null))
          .isBetween(twoThirds.minus(life.dividedBy(49)), twoThirds.plusSeconds(1));
      plan.succeeded();
    }
  }

  @Test
  void staysAtTheMomentThatItHasChosen() {
    Window window = new Window(Instant.EPOCH, Instant.EPOCH.plusSeconds(3600));
    Instant first = plan.due(PAIR, window);

    assertThat(plan.due(PAIR, window)).isEqualTo(first);
    plan.succeeded();
    assertThat(plan.due(PAIR, window)).isNotEqualTo(first);
  }

  @Test
  void isDueInTheWindowOfTheAuthority() {
    Window window = new Window(Instant.EPOCH, Instant.EPOCH.plusSeconds(3600));

    for (int i = 0; i < 100; i++) {
      assertThat(plan.due(PAIR, window)).isBetween(window.start(), window.end());
      plan.succeeded();
    }
  }

  @Test
  void doesNotFollowAWindowThatEndsBeforeItBegins() {
    Window turned = new Window(Instant.EPOCH.plusSeconds(3600), Instant.EPOCH);

    assertThat(plan.due(PAIR, turned)).isEqualTo(plan.due(PAIR, null));
  }

  @Test
  void waitsTwiceAsLongAfterEachFailureHalfOfItByChance() {
    Duration left = Duration.ofDays(365);
    Duration bound = RenewalPlan.FIRST_PAUSE;
    for (int i = 0; i < 20; i++) {
      assertThat(plan.afterFailure(left)).isBetween(bound.dividedBy(2), bound);
      bound = bound.multipliedBy(2);
      bound = bound.compareTo(RenewalPlan.LONGEST_PAUSE) > 0 ? RenewalPlan.LONGEST_PAUSE : bound;
    }
    for (int i = 0; i < 100; i++) {
      assertThat(plan.afterFailure(left))
          .isBetween(RenewalPlan.LONGEST_PAUSE.dividedBy(2), RenewalPlan.LONGEST_PAUSE);
    }
  }

  @Test
  void triesMoreOftenWhereLittleTimeIsLeft() {
    for (int i = 0; i < 20; i++) {
      plan.afterFailure(Duration.ofDays(365));
    }

    assertThat(plan.afterFailure(Duration.ofHours(4))).isLessThanOrEqualTo(Duration.ofHours(1));
    assertThat(plan.afterFailure(Duration.ofMinutes(3)))
        .isBetween(RenewalPlan.FIRST_PAUSE.dividedBy(2), RenewalPlan.FIRST_PAUSE);
  }

  @Test
  void waitsLongerAndLongerUpToAnHourWhereNoCertificateHolds() {
    for (Duration left : List.of(Duration.ZERO, Duration.ofDays(-1))) {
      plan.succeeded();
      Duration bound = RenewalPlan.FIRST_PAUSE;
      for (int i = 0; i < 10; i++) {
        assertThat(plan.afterFailure(left)).isBetween(bound.dividedBy(2), bound);
        bound = bound.multipliedBy(2);
        bound =
            bound.compareTo(RenewalPlan.LONGEST_WITHOUT) > 0 ? RenewalPlan.LONGEST_WITHOUT : bound;
      }
    }
  }

  @Test
  void beginsAnewAfterASuccess() {
    for (int i = 0; i < 20; i++) {
      plan.afterFailure(Duration.ofDays(365));
    }
    plan.succeeded();

    assertThat(plan.afterFailure(Duration.ofDays(365)))
        .isLessThanOrEqualTo(RenewalPlan.FIRST_PAUSE);
  }
}
