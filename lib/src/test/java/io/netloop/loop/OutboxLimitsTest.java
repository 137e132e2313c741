package io.netloop.loop;

import static io.netloop.loop.OutboxLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.OutboxLimits.AtLimit;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OutboxLimitsTest {
  private final OutboxLimits limits = OutboxLimits.defaults();

  @Test
  void areFiniteWhereNothingIsSaid() {
    assertThat(limits)
        .isEqualTo(
            new OutboxLimits(65_536, 16 << 20, 4 << 20, Duration.ofSeconds(60), AtLimit.CLOSE));
  }

  @Test
  void changeOneByOne() {
    assertThat(limits.withHighWaterMark(1).highWaterMark()).isEqualTo(1);
    assertThat(limits.withHardLimit(2).hardLimitBytes()).isEqualTo(2);
    assertThat(limits.withSoftLimit(3, Duration.ofNanos(4)))
        .isEqualTo(new OutboxLimits(65_536, 16 << 20, 3, Duration.ofNanos(4), AtLimit.CLOSE));
    assertThat(limits.withAtLimit(AtLimit.PAUSE_SOURCE).atLimit()).isEqualTo(AtLimit.PAUSE_SOURCE);
    assertThat(limits.withHardLimit(UNLIMITED).withSoftLimit(UNLIMITED, Duration.ofDays(1)))
        .matches(most -> most.hardLimitBytes() == UNLIMITED && most.softLimitBytes() == UNLIMITED);
  }

  @Test
  void sayWhatIsWrongWithAValue() {
    refused(
        () -> limits.withHighWaterMark(0),
        "highWaterMark must be from 1 to 1073741824 bytes, not 0.");
    refused(
        () -> limits.withHighWaterMark(-1),
        "highWaterMark must be from 1 to 1073741824 bytes, not -1.");
    refused(
        () -> limits.withHighWaterMark((1 << 30) + 1),
        "highWaterMark must be from 1 to 1073741824 bytes, not 1073741825.");
    refused(
        () -> limits.withHardLimit(0), "hardLimitBytes must be from 1 to UNLIMITED bytes, not 0.");
    refused(
        () -> limits.withSoftLimit(-5, Duration.ofSeconds(1)),
        "softLimitBytes must be from 1 to UNLIMITED bytes, not -5.");
    refused(
        () -> limits.withSoftLimit(5, Duration.ZERO),
        "softLimitFor must be a positive time, not PT0S.");
    refused(
        () -> limits.withSoftLimit(5, Duration.ofSeconds(-1)),
        "softLimitFor must be a positive time, not PT-1S.");
    refused(
        () -> limits.withSoftLimit(5, Duration.ofSeconds(Long.MAX_VALUE)),
        "softLimitFor can be 292 years at the most, not PT2562047788015215H30M7S.");
  }

  private static void refused(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_OUT_OF_RANGE"))
        .hasMessage(sentence);
  }
}
