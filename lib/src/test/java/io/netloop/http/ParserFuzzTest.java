package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Compares the parser with {@link ReferenceParser} on requests that are made and then damaged, cut
 * anywhere. The same seeds in each build, for some seconds; with {@code -Dnetloop.fuzzMinutes=20}
 * fresh seeds for that long; with {@code -Dnetloop.seed=42} that seed alone. {@link Agreement} can
 * be given to Jazzer, too.
 */
class ParserFuzzTest {
  private static final Duration USUAL = Duration.ofSeconds(8);

  private final List<String> corpus = new ArrayList<>();
  private int accepted;
  private int refused;

  ParserFuzzTest() {
    for (HostileRequest row : HostileRequest.all()) {
      if (row.text().length() < 1_000) {
        corpus.add(row.text());
      }
    }
  }

  @Test
  void theParserAndTheGrammarAreOfOneMind() {
    Long one = Long.getLong("netloop.seed");
    if (one != null) {
      compare(one);
      return;
    }
    long minutes = Long.getLong("netloop.fuzzMinutes", 0);
    long nanos = minutes > 0 ? Duration.ofMinutes(minutes).toNanos() : USUAL.toNanos();
    long begin = Clock.SYSTEM.nanoTime();
    for (long next = 1; Clock.SYSTEM.nanoTime() - begin < nanos; next++) {
      compare(minutes > 0 ? ThreadLocalRandom.current().nextLong() : next);
    }

    // It is worth little where one of both hardly ever happens.
    assertThat(accepted).isGreaterThan(1_000);
    assertThat(refused).isGreaterThan(1_000);
  }

  @Test
  void theyAreOfOneMindAboutTheCorpus() {
    for (String text : corpus) {
      compare(text, new int[0], "the corpus");
    }
    assertThat(accepted + refused).isEqualTo(corpus.size());
  }

  private void compare(long seed) {
    RequestMaker maker = new RequestMaker(new SplittableRandom(seed));
    String once = maker.make(corpus);
    // Requests that come again are read in another way.
    String text = seed % 2 == 0 ? once : once.repeat(4);
    compare(text, maker.cuts(text.length()), "seed " + seed + " (replay: -Dnetloop.seed=…)");
  }

  private void compare(String text, int[] cuts, String which) {
    if (Agreement.check(text, cuts, which)) {
      accepted++;
    } else {
      refused++;
    }
  }
}
