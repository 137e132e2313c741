package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What wrk says at its end. */
final class WrkTest {
  @Test
  void readsTheAnswersAndTheTimeBehindWhatWrkSaysByItself() throws IOException {
    Wrk.Result result =
        Wrk.parse(
            """
            Running 120m test @ http://127.0.0.1:1/
              64 requests in 2.50s, 9.46KB read
            answers 64 errors 0 micros 2500000
            """);

    assertThat(result).isEqualTo(new Wrk.Result(64, 2.5));
  }

  @Test
  void countsNoRunInWhichSomethingFailed() {
    assertThatThrownBy(() -> Wrk.parse("answers 64 errors 3 micros 1000000"))
        .isInstanceOf(IOException.class)
        .hasMessage("wrk saw 64 answers and 3 errors");
  }

  @Test
  void knowsARunInWhichNobodyAnswered() throws IOException {
    assertThat(Wrk.parse("answers 0 errors 0 micros 1000000").answers()).isZero();
  }

  @Test
  void passesOnWhatWrkSaysWhereItDoesNotRun() {
    assertThatThrownBy(() -> Wrk.parse("unable to connect\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("wrk failed and said: unable to connect");
  }
}
