package io.netloop.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FaultsTest {
  @Test
  void gentleLosesNothingAndHarshDoes() {
    Faults gentle = Faults.gentle();
    assertThat(gentle.reset() + gentle.halfClose() + gentle.blackHole()).isZero();
    assertThat(gentle.split()).isPositive();
    Faults harsh = Faults.harsh();
    assertThat(harsh.reset()).isPositive();
    assertThat(harsh.halfClose()).isPositive();
    assertThat(harsh.blackHole()).isPositive();
  }

  @Test
  void eachOptionCanBeSetAlone() {
    Duration time = Duration.ofMillis(17);
    Faults all =
        Faults.none()
            .withDelay(0.1)
            .withLongestDelay(time)
            .withSplit(0.2)
            .withLargestPiece(3)
            .withMerge(0.4)
            .withLongestHold(time.plusMillis(1))
            .withReset(0.05)
            .withHalfClose(0.06)
            .withBlackHole(0.07)
            .withLongestStretch(8);
    assertThat(all)
        .isEqualTo(new Faults(0.1, time, 0.2, 3, 0.4, time.plusMillis(1), 0.05, 0.06, 0.07, 8));
  }

  @Test
  void refusesWhatIsOutOfRangeAndSaysWhatItGot() {
    refuses(faults -> faults.withDelay(-0.1), "delay must be from 0 to 1, not -0.1.");
    refuses(faults -> faults.withSplit(Double.NaN), "split must be from 0 to 1, not NaN.");
    refuses(
        faults -> faults.withReset(0.6).withBlackHole(0.5),
        "reset + halfClose + blackHole must be from 0 to 1, not 1.1.");
    refuses(
        faults -> faults.withLongestDelay(Duration.ZERO),
        "longestDelay must be from 1 ms to 1 minute, not PT0S.");
    refuses(
        faults -> faults.withLargestPiece(0),
        "largestPiece must be from 1 to 16777216 bytes, not 0.");
  }

  private static void refuses(UnaryOperator<Faults> change, String message) {
    assertThatThrownBy(() -> change.apply(Faults.none()))
        .isInstanceOf(NetException.class)
        .hasMessage(message);
  }
}
