package io.netloop.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./netloop chat} as its user sees it. */
class ChatCommandTest {

  @Test
  void tellsHowToJoin() {
    try (Command room = Command.room()) {
      int port = room.port();
      room.says("The chat room is open on 127.0.0.1:" + port)
          .says("./netloop join 127.0.0.1:" + port)
          .says("nc 127.0.0.1 " + port)
          .says("--host 0.0.0.0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void closesPolitelyAtASignal(String signal) throws Exception {
    assumeHeard(signal);
    try (Command room = Command.room();
        Socket peer = new Socket("127.0.0.1", room.port());
        BufferedReader heard =
            new BufferedReader(new InputStreamReader(peer.getInputStream(), UTF_8))) {
      peer.setSoTimeout((int) Command.PATIENCE.toMillis());
      peer.getOutputStream().write("{\"type\":\"login\",\"nickname\":\"ann\"}".getBytes(UTF_8));
      assertThat(heard.readLine()).contains("登录成功");

      room.signal(signal);
      assertThat(heard.readLine()).contains("服务器即将关闭");
      assertThat(heard.readLine()).isNull();
      peer.shutdownOutput();
      assertThat(room.status()).isZero();
    }
  }

  @Test
  void servesOnSeveralLoopsAndEndsThemAll() throws Exception {
    try (Command room =
            new Command(
                "chat", "--port", "0", "--web-port", "0", "--lang", "en", "--workers", "2");
        Socket ann = new Socket("127.0.0.1", room.port());
        Socket ben = new Socket("127.0.0.1", room.port());
        BufferedReader annHears =
            new BufferedReader(new InputStreamReader(ann.getInputStream(), UTF_8));
        BufferedReader benHears =
            new BufferedReader(new InputStreamReader(ben.getInputStream(), UTF_8))) {
      ann.getOutputStream().write("{\"type\":\"login\",\"nickname\":\"ann\"}\n".getBytes(UTF_8));
      assertThat(annHears.readLine()).contains("登录成功");
      ben.getOutputStream().write("{\"type\":\"login\",\"nickname\":\"ben\"}\n".getBytes(UTF_8));
      assertThat(benHears.readLine()).contains("登录成功", "\"sumUsers\":2");
      assertThat(annHears.readLine()).contains("ben 进入了聊天室");

      room.signal("TERM");
      for (BufferedReader hears : List.of(annHears, benHears)) {
        assertThat(hears.readLine()).contains("服务器即将关闭");
        assertThat(hears.readLine()).isNull();
      }
      ann.shutdownOutput();
      ben.shutdownOutput();
      assertThat(room.status()).isZero();
    }
  }

  @Test
  void capturesWhatAllConnectionsSay(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("room.pcap");
    try (Command room =
            new Command("chat", "--port", "0", "--lang", "en", "--pcap", file.toString());
        Socket ann = new Socket("127.0.0.1", room.port());
        BufferedReader hears =
            new BufferedReader(new InputStreamReader(ann.getInputStream(), UTF_8))) {
      ann.getOutputStream().write("{\"type\":\"login\",\"nickname\":\"ann\"}\n".getBytes(UTF_8));
      assertThat(hears.readLine()).contains("登录成功");
      room.signal("TERM");
      assertThat(hears.readLine()).contains("服务器即将关闭");
      ann.shutdownOutput();
      assertThat(room.status()).isZero();
    }

    byte[] bytes = Files.readAllBytes(file);
    assertThat(bytes).startsWith(0xa1, 0xb2, 0x3c, 0x4d);
    assertThat(new String(bytes, UTF_8))
        .contains("{\"type\":\"login\",\"nickname\":\"ann\"}", "登录成功", "服务器即将关闭");
  }

  @Test
  void saysWhereNoCaptureCanBeWritten(@TempDir Path directory) {
    Path missing = directory.resolve("missing/room.pcap");
    try (Command room = new Command("chat", "--port", "0", "--pcap", missing.toString())) {
      assertThat(room.status()).isEqualTo(1);
      assertThat(room.err())
          .startsWith("netloop: open ENOENT: no such file or directory " + missing);
      assertThat(room.err().lines()).hasSize(1);
    }
  }

  @Test
  void waitsForNobodyLongerThanItSays() throws Exception {
    try (Command room = Command.room();
        Socket silent = new Socket("127.0.0.1", room.port())) {
      room.signal("TERM").says("5 seconds at the most");
      assertThat(room.status()).isZero();
      // It was told to leave and has not.
      assertThat(silent.isClosed()).isFalse();
    }
  }

  @Test
  void stopsAtOnceAtTheSecondSignal() throws Exception {
    assumeHeard("INT");
    try (Command room = Command.room();
        Socket silent = new Socket("127.0.0.1", room.port())) {
      room.signal("INT").says("5 seconds at the most").signal("INT");
      assertThat(room.status()).isEqualTo(130);
      assertThat(silent.isClosed()).isFalse();
    }
  }

  @Test
  void namesTheHolderOfATakenPort() {
    try (Command room = Command.room();
        Command second = new Command("chat", "--web-port", "0", "--port", "" + room.port())) {
      assertThat(second.status()).isEqualTo(1);

      assertThat(second.out()).isEmpty();
      assertThat(second.err().lines()).hasSize(1);
      assertThat(second.err())
          .contains("EADDRINUSE: address already in use 127.0.0.1:" + room.port())
          .contains("held by java, pid " + room.pid())
          .contains("--port");
    }
  }

  @Test
  void showsAStackTraceOnRequestOnly() {
    try (Command room = Command.room();
        Command second =
            new Command("chat", "--debug", "--web-port", "0", "--port", "" + room.port())) {
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.err()).contains("\tat io.netloop");
    }
  }

  @Test
  void endsWithStatus2AtAWrongOption() {
    try (Command wrong = new Command("chat", "--port", "x")) {
      assertThat(wrong.status()).isEqualTo(2);
      assertThat(wrong.err()).contains("--port", "'x'");
    }
  }

  /** Who starts the tests in the background has their programs ignore some signals from birth. */
  private static void assumeHeard(String signal) throws Exception {
    int number = Map.of("HUP", 1, "INT", 2, "TERM", 15).get(signal);
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("SigIgn:")) {
          long ignored = Long.parseUnsignedLong(line.substring(7).strip(), 16);
          assumeTrue(((ignored >>> (number - 1)) & 1) == 0, "SIG" + signal + " is ignored here");
        }
      }
    }
  }
}
