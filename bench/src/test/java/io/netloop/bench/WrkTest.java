package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What wrk says at its end. */
final class WrkTest {
  @Test
  void readsTheAnswersAndTheTimeBehindWhatWrkSaysByItself() throws IOException {
    HttpLoad.Result result =
        Wrk.parse(
            """
            Running 120m test @ http://127.0.0.1:1/
              64 requests in 2.50s, 9.46KB read
            answers 64 errors 0 micros 2500000
            """);

    assertThat(result).isEqualTo(new HttpLoad.Result(64, 2.5));
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

  @Test
  void staysOnTheCoreOfTheGeneratorWhereItHasOneThread() {
    Wrk wrk = new Wrk(Path.of("load.lua"), List.of(1), 64, "echo", 1);

    assertThat(wrk.command(8080)).startsWith("wrk", "-t1", "-c64").endsWith("echo", "1");
  }

  @Test
  void asksForTheRootUnlessItIsToldAnotherPath() {
    Wrk wrk = new Wrk(Path.of("load.lua"), List.of(1), 8, "plain", 1);
    assertThat(wrk.command(80)).contains("http://127.0.0.1:80/");
    assertThat(wrk.asking("/a.bin").command(80)).contains("http://127.0.0.1:80/a.bin");
    assertThat(wrk.asking("/a").overTls().command(80)).contains("https://127.0.0.1:80/a");
  }

  @Test
  void hasAThreadForEachOfItsCores() {
    Wrk wrk = new Wrk(Path.of("load.lua"), List.of(1, 3), 256, "plain", 16);

    assertThat(wrk.command(8080))
        .containsSubsequence("wrk", "-t2", "-c256", "http://127.0.0.1:8080/", "plain", "16");
    if (Machine.canPin()) {
      assertThat(wrk.command(8080)).startsWith("taskset", "-c", "1,3", "wrk");
    }
  }
}
