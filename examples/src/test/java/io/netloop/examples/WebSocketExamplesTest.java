package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.ws.WebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples of the course's section on WebSocket, each as its user starts it. */
final class WebSocketExamplesTest {
  private final int port = port();

  private static int port() {
    try {
      return Program.freePort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Program run(String name) throws IOException {
    return Program.example(name, 8080, port);
  }

  /** What an example prints until it ends by itself, with the echo server beside it. */
  private List<String> printed(String name) throws Exception {
    try (Program server = run("WebSocketEchoServer").prints("ws://localhost:" + port + "/echo");
        Program client = run(name)) {
      assertThat(client.status()).isZero();
      assertThat(server.lines()).hasSize(1);
      return client.lines();
    }
  }

  @Test
  void echo() throws Exception {
    assertThat(printed("WebSocketEchoClient"))
        .containsExactly(
            "Connection open ...",
            "Received Message: Hello WebSockets!",
            "code 1005, reason '', wasClean true",
            "Connection closed.");
  }

  @Test
  void listeners() throws Exception {
    assertThat(printed("WebSocketListeners"))
        .containsExactly(
            "onOpen",
            "once, a message",
            "Hello Server!",
            "again",
            "close 1000 enough",
            "error ECONNREFUSED",
            "close again");
  }

  @Test
  void binary() throws Exception {
    assertThat(printed("WebSocketBinary"))
        .containsExactly(
            "Received data string: text",
            "Received blob: 16 bytes",
            "Received arraybuffer: 512000 bytes");
  }

  @Test
  void bufferedAmount() throws Exception {
    assertThat(printed("WebSocketBufferedAmount"))
        .containsExactly(
            "Not all is sent: 10000000 bytes are not.",
            "10000000 bytes came back, 0 are not sent.");
  }

  @Test
  void topics() throws Exception {
    try (Program server = run("TopicServer").prints("ws://localhost:" + port + "/rooms?NAME")) {
      List<String> ann = new CopyOnWriteArrayList<>();
      List<String> ben = new CopyOnWriteArrayList<>();
      WebSocket first = open("red", ann);
      hears(ann, "1 here");
      WebSocket second = open("red", ben);
      WebSocket third = open("blue", new CopyOnWriteArrayList<>());
      hears(ann, "1 here", "2 here");
      hears(ben, "2 here");
      server.prints("blue: 0 -> 1");
      first.send("hello");
      third.send("unheard");
      hears(ben, "2 here", "hello");
      first.close();
      hears(ben, "2 here", "hello", "1 here");
      server.prints("red: 2 -> 1");
      second.close();
      third.close();
      server.prints("red: 1 -> 0").prints("blue: 1 -> 0");
    }
  }

  private WebSocket open(String room, List<String> heard) {
    WebSocket ws = new WebSocket("ws://localhost:" + port + "/rooms?" + room);
    return ws.onMessage(event -> heard.add(event.text()));
  }

  private static void hears(List<String> heard, String... expected) {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(heard).containsExactly(expected));
  }

  @Test
  void isShort() throws IOException {
    try (Stream<Path> files = Files.list(Program.ROOT.resolve("examples"))) {
      List<Path> ours =
          files
              .filter(file -> file.getFileName().toString().matches("(WebSocket|Topic).*\\.java"))
              .toList();
      assertThat(ours).hasSize(7);
      for (Path file : ours) {
        assertThat(Files.readAllLines(file)).describedAs("%s", file).hasSizeLessThanOrEqualTo(40);
      }
    }
  }
}
