package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskKeysTest {
  @Test
  void givesEachFrameAKeyOfItsOwn() {
    MaskKeys keys = new MaskKeys();
    MaskKeys others = new MaskKeys();
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      seen.add(keys.nextInt());
      seen.add(others.nextInt());
    }
    // Of 4,000 out of 2^32 some two might be equal, once in 500 runs; three pairs, never.
    assertThat(seen).hasSizeGreaterThan(3_997);
  }

  @Test
  void givesLongsAcrossTheEndOfAStore() {
    MaskKeys keys = new MaskKeys();
    keys.nextInt();
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      seen.add(keys.nextLong());
    }
    assertThat(seen).hasSize(1_000);
  }
}
