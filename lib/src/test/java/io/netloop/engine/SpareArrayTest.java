package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareArrayTest {
  private final SpareArray spare = new SpareArray();

  @Test
  void isUsedByOneAtATime() {
    byte[] first = spare.take(100);
    byte[] second = spare.take(100);
    assertThat(first).hasSize(100).isNotSameAs(second);

    spare.give(first);
    assertThat(spare.take(90)).isSameAs(first);
    assertThat(spare.take(90)).hasSize(90);
  }

  @Test
  void keepsTheLargestUpToALimit() {
    byte[] small = new byte[100];
    byte[] large = new byte[64 * 1024];
    spare.give(small);
    spare.give(large);
    spare.give(new byte[200]);
    spare.give(new byte[64 * 1024 + 1]);

    assertThat(spare.take(1)).isSameAs(large);
    assertThat(spare.take(1)).hasSize(1);
  }

  @Test
  void isLeftWhereItIsTooShort() {
    byte[] small = new byte[100];
    spare.give(small);

    assertThat(spare.take(101)).hasSize(101);
    assertThat(spare.take(100)).isSameAs(small);
  }
}
