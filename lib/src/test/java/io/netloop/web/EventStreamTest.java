package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Events that a server sends. */
class EventStreamTest extends WebTest {
  private EventStream stream;

  private Socket open(String... lines) throws IOException {
    app.get(
        "/events",
        (request, response) -> {
          stream = response.eventStream();
          stream.onClose(() -> told.add("closed"));
          told.add("open " + stream.lastEventId());
        });
    Socket socket = connect();
    send(
        socket,
        "GET /events HTTP/1.1\r\nHost: h\r\n"
            + String.join("", List.of(lines).stream().map(line -> line + "\r\n").toList())
            + "\r\n");
    await().until(() -> !told.isEmpty());
    return socket;
  }

  @Test
  void sendsHeadersAtOnceAndEventsAsTheyHappen() throws IOException {
    Socket socket = open();
    String head = hear(socket, "\r\n\r\n");
    assertThat(head)
        .contains("Content-Type: text/event-stream", "Cache-Control: no-cache", "chunked");
    stream
        .send("hello")
        .send("kind", "two\nlines\r\nand three\rfour", "id-7")
        .retry(Duration.ofSeconds(3));
    stream.sendJson(Map.of("a", 1)).comment("a note\nof two");
    assertThat(hear(socket, ": of two"))
        .contains("data: hello\n\n")
        .contains("event: kind\nid: id-7\ndata: two\ndata: lines\ndata: and three\ndata: four\n\n")
        .contains("retry: 3000\n\n")
        .contains("data: {\"a\":1}\n\n")
        .contains(": a note\n: of two\n");
    stream.close();
    assertThat(hear(socket, "0\r\n\r\n")).isNotEmpty();
    await().until(() -> told.contains("closed"));
  }

  @Test
  void saysWhereTheClientWas() throws IOException {
    open("Last-Event-ID: 41");
    assertThat(told).containsExactly("open 41");
    assertThat(stream.lastEventId()).isEqualTo("41");
  }

  @Test
  void noFieldCanBePutInByWhatIsSent() throws IOException {
    Socket socket = open();
    stream.send("x\nevent: evil\r\rid: 9");
    assertThat(hear(socket, "id: 9"))
        .contains("data: x\ndata: event: evil\ndata: \ndata: id: 9\n\n");
    assertThatThrownBy(() -> stream.send("a\nb", "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stream.send(null, "x", "a\rb"))
        .hasMessageContaining("The id of an event is one line");
    assertThatThrownBy(() -> stream.send(null, "x", "a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void breaksALongSilenceWithAComment() throws IOException {
    Socket socket = open();
    hear(socket, "\r\n\r\n");
    stream.heartbeat(Duration.ofMillis(20));
    assertThat(hear(socket, ": \n\n")).contains(": \n\n");
    stream.heartbeat(Duration.ZERO);
  }

  @Test
  void endsWithTheClient() throws IOException {
    Socket socket = open();
    hear(socket, "\r\n\r\n");
    assertThat(stream.closed()).isFalse();
    socket.close();
    await().until(() -> told.contains("closed"));
    assertThat(stream.closed()).isTrue();
    stream.send("into the void").close();
  }

  @Test
  void cutsAClientThatDoesNotRead() throws IOException {
    Socket socket = open();
    String event = "x".repeat(100_000);
    await()
        .until(() -> {
          stream.send(event);
          return told.contains("closed");
        });
    assertThat(onLoop(() -> stream.closed())).isTrue();
    assertThat(socket.isConnected()).isTrue();
  }

  @Test
  void flowsThroughCompression() throws IOException {
    app.use(Web.compression());
    Socket socket = open("Accept-Encoding: gzip");
    assertThat(hear(socket, "\r\n\r\n")).contains("Content-Encoding: gzip");
    stream.send("first");
    assertThat(hear(socket, "\r\n")).isNotEmpty();
    stream.close();
    assertThat(hear(socket, "0\r\n\r\n")).isNotEmpty();
  }
}
