package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That each bench works, at its smallest; how fast anything is, is not looked at. */
final class BenchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path results;

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp", "http", "http2", "tls", "web", "template", "ws", "chat"})
  @EnabledOnOs(OS.LINUX)
  void measuresEachServerInEachRow(String what) throws Exception {
    assertThat(bench().measure(Options.parse(what).smallest())).isZero();

    String tables = out.toString(StandardCharsets.UTF_8);
    // Node, nginx and gcc may not be there, nor what ./netloop run starts, and not all send bodies
    // back; all else must be.
    assertThat(tables.lines().filter(line -> line.contains("not measured")))
        .allMatch(line ->
            line.startsWith("Node of")
                || line.startsWith("ws: not measured, --no-npm leaves it out")
                || line.startsWith("Socket.IO: not measured, --no-npm leaves it out")
                || line.startsWith("Express: not measured, --no-npm leaves it out")
                || line.startsWith("Fastify: not measured, --no-npm leaves it out")
                || line.startsWith("art-template: not measured, --no-npm leaves it out")
                || line.startsWith("nginx")
                || line.startsWith("C, recvmmsg and sendmmsg: not measured, there is no gcc")
                || line.startsWith("Netloop, ./netloop run")
                || line.contains("it knows no bodies"));
    assertThat(tables.lines().filter(line -> line.startsWith("| Netloop")).count())
        .isGreaterThanOrEqualTo(tables.lines().filter(line -> line.startsWith("## ")).count())
        .isGreaterThanOrEqualTo(2);
    assertThat(tables).doesNotContain("NaN", "| 0 (0–0)");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void writesTheTablesWithTheMachineAndTheCommand() throws Exception {
    assertThat(bench().measure(Options.parse("tcp", "--only", "ping").smallest())).isZero();

    try (Stream<Path> files = Files.list(results)) {
      Path file = files.findFirst().orElseThrow();
      assertThat(file.getFileName().toString()).endsWith("-tcp-ping.md");
      assertThat(Files.readString(file))
          .contains(
              "command: `./netloop bench tcp",
              "machine: ",
              "congestion control: ",
              "Vert.x 5",
              "| raw Netty |");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sctp",
        "tcp --rounds",
        "tcp --rounds 0",
        "tcp --rounds 1.5",
        "tcp --seconds x",
        "tcp --fast",
        "chat twice",
        "chat --only web-talk-2",
        "ws --only echo",
        "http --only plain",
        "tcp --only ping,pong"
      })
  @EnabledOnOs(OS.LINUX)
  void tellsWrongUsageInOneSentence(String line) {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ", -1);
    assertThat(bench().run(args)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .matches("netloop: .* \\(\\./netloop bench --help\\)\\.\n");
  }

  @Test
  void helps() {
    assertThat(bench().run("tcp", "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("--rounds", "--seconds", "--only");
  }

  private Main bench() {
    Path root = Path.of(System.getProperty("netloop.root"));
    return new Main(print(out), print(err), root, results);
  }

  private static PrintStream print(ByteArrayOutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }
}
