package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class BackoffTest {
  private static final Duration SHORTEST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  @RepeatedTest(50)
  void waitsUpToTwiceAsLongEachTimeWithinItsBounds(RepetitionInfo seed) {
    Backoff backoff =
        new Backoff(SHORTEST, LONGEST, new SplittableRandom(seed.getCurrentRepetition()));
    Duration within = Duration.ofSeconds(1);
    for (int i = 0; i < 12; i++) {
      assertThat(backoff.next()).isBetween(within.dividedBy(2), within);
      within = within.multipliedBy(2).compareTo(LONGEST) < 0 ? within.multipliedBy(2) : LONGEST;
    }
    assertThat(backoff.next()).isBetween(LONGEST.dividedBy(2), LONGEST);

    backoff.reset();
    assertThat(backoff.next()).isBetween(SHORTEST, SHORTEST.multipliedBy(2));
  }
}
