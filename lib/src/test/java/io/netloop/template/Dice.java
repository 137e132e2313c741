package io.netloop.template;

import java.util.List;
import java.util.random.RandomGenerator;

/** What is left to chance. */
final class Dice {
  private final RandomGenerator random;

  Dice(RandomGenerator random) {
    this.random = random;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T one(List<T> of) {
    return of.get(below(of.size()));
  }
}
