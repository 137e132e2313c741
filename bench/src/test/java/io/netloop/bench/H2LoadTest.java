package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What h2load says at its end. */
final class H2LoadTest {
  private static String said(String time, int done, int succeeded) {
    return """
    starting benchmark...
    finished in %s, 1234.00 req/s, 5.31MB/s
    requests: 70 total, 70 started, %d done, %d succeeded, 0 failed, 0 errored, 0 timeout
    """
        .formatted(time, done, succeeded);
  }

  @ParameterizedTest
  @CsvSource({"2.50s,2.5", "250.00ms,0.25", "500us,0.0005"})
  void readsTheAnswersAndTheTime(String time, double seconds) throws IOException {
    assertThat(H2Load.parse(said(time, 64, 64))).isEqualTo(new HttpLoad.Result(64, seconds));
  }

  @Test
  void countsNoRunInWhichSomethingFailed() {
    assertThatThrownBy(() -> H2Load.parse(said("1s", 64, 61)))
        .isInstanceOf(IOException.class)
        .hasMessage("h2load saw 64 answers, of which 61 were right");
  }

  @Test
  void knowsARunInWhichNobodyAnswered() throws IOException {
    assertThat(H2Load.parse(said("1s", 0, 0)).answers()).isZero();
  }

  @Test
  void passesOnWhatH2loadSaysWhereItDoesNotRun() {
    assertThatThrownBy(() -> H2Load.parse("could not connect\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("h2load failed and said: could not connect");
  }
}
