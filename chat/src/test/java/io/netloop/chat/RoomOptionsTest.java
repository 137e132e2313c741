package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import java.time.Duration;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

final class RoomOptionsTest {
  private static final RoomOptions DEFAULTS = RoomOptions.defaults();

  @Test
  void hasTheDefaultsOfTheProtocol() {
    assertThat(DEFAULTS).isEqualTo(new RoomOptions(10_000, 50, 100, 65_536, true, 10));
  }

  @Test
  void changesOneValueAtATime() {
    assertThat(DEFAULTS.withMaxUsers(5)).isEqualTo(new RoomOptions(5, 50, 100, 65_536, true, 10));
    assertThat(DEFAULTS.withMessagesPerSecond(6))
        .isEqualTo(new RoomOptions(10_000, 6, 100, 65_536, true, 10));
    assertThat(DEFAULTS.withBurst(7)).isEqualTo(new RoomOptions(10_000, 50, 7, 65_536, true, 10));
    assertThat(DEFAULTS.withMaxMessageBytes(800))
        .isEqualTo(new RoomOptions(10_000, 50, 100, 800, true, 10));
    assertThat(DEFAULTS.withAllowEmpty(false))
        .isEqualTo(new RoomOptions(10_000, 50, 100, 65_536, false, 10));
    assertThat(DEFAULTS.withBadMessagesInARow(9))
        .isEqualTo(new RoomOptions(10_000, 50, 100, 65_536, true, 9));
  }

  @Test
  void refusesValuesOutOfRangeInASentence() {
    refuses("maxUsers", DEFAULTS::withMaxUsers, 1, 1_000_000);
    refuses("messagesPerSecond", DEFAULTS::withMessagesPerSecond, 1, 1_000_000);
    refuses("burst", DEFAULTS::withBurst, 1, 1_000_000);
    refuses("maxMessageBytes", DEFAULTS::withMaxMessageBytes, 64, 16_777_216);
    refuses("badMessagesInARow", DEFAULTS::withBadMessagesInARow, 1, 1_000_000);
    refuses("historyMessages", DEFAULTS::withHistoryMessages, 0, 100_000);
    refuses("historyBytes", DEFAULTS::withHistoryBytes, 0, 1 << 28);
  }

  @Test
  void keepsSessionsForNoLongerThanAnHour() {
    assertThat(DEFAULTS.sessionTime()).isEqualTo(Duration.ofSeconds(30));
    assertThat(DEFAULTS.withSessionTime(Duration.ofHours(1)).sessionTime())
        .isEqualTo(Duration.ofHours(1));
    for (Duration time : new Duration[] {Duration.ofMillis(-1), Duration.ofMinutes(61)}) {
      assertThatThrownBy(() -> DEFAULTS.withSessionTime(time))
          .hasMessageContaining("\"sessionTime\" is out of range")
          .hasMessageContaining(time.toString());
    }
  }

  private static void refuses(String name, IntFunction<RoomOptions> with, int least, int most) {
    assertThat(with.apply(least)).isNotNull();
    assertThat(with.apply(most)).isNotNull();
    for (int value : new int[] {least - 1, most + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> with.apply(value))
          .isInstanceOfSatisfying(
              NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_OUT_OF_RANGE"))
          .hasMessage(
              "The value of \"%s\" is out of range. It must be >= %d && <= %d. Received %d",
              name, least, most, value);
    }
  }
}
