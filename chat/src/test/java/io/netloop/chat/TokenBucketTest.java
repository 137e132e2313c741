package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private static final long MILLISECOND = 1_000_000;

  private long now = Long.MAX_VALUE - 10 * MILLISECOND;
  private final TokenBucket bucket = new TokenBucket(50, 100, () -> now);

  private int takeAll() {
    int taken = 0;
    while (bucket.take()) {
      taken++;
    }
    return taken;
  }

  @Test
  void isFullAtFirst() {
    assertThat(takeAll()).isEqualTo(100);
    assertThat(takeAll()).isZero();
  }

  @Test
  void getsATokenEachTwentyMillisecondsEvenWhereTheClockWraps() {
    takeAll();
    now += 19 * MILLISECOND;
    assertThat(takeAll()).isZero();
    now += MILLISECOND;
    assertThat(takeAll()).isEqualTo(1);
    now += 1000 * MILLISECOND;
    assertThat(takeAll()).isEqualTo(50);
  }

  @Test
  void losesNoFraction() {
    takeAll();
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      now += MILLISECOND;
      taken += takeAll();
    }
    assertThat(taken).isEqualTo(50);
  }

  @Test
  void neverHoldsMoreThanTheBurst() {
    now += Long.MAX_VALUE / 2;
    assertThat(takeAll()).isEqualTo(100);
    now += Long.MAX_VALUE;
    assertThat(bucket.take()).isTrue();
    now += Long.MAX_VALUE;
    assertThat(takeAll()).isEqualTo(100);
  }

  @Test
  void givesNothingForAClockThatGoesBack() {
    takeAll();
    now -= 1000 * MILLISECOND;
    assertThat(takeAll()).isZero();
    now += 20 * MILLISECOND;
    assertThat(takeAll()).isEqualTo(1);
  }

  @Test
  void holdsTheExtremesOfTheOptions() {
    TokenBucket slow = new TokenBucket(1, 1_000_000, () -> now);
    assertThat(slow.take()).isTrue();
    TokenBucket fast = new TokenBucket(1_000_000, 1, () -> now);
    assertThat(fast.take()).isTrue();
    assertThat(fast.take()).isFalse();
    now += 1000;
    assertThat(fast.take()).isTrue();
  }
}
