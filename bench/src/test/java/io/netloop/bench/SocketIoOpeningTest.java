package io.netloop.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * How a client of Socket.IO comes in: that it does, and that nobody is measured who lets it not in.
 */
@EnabledOnOs(OS.LINUX)
final class SocketIoOpeningTest {
  private static final String OPEN =
      "0{\"sid\":\"a\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000}";
  private static final byte[] NOTHING = {};

  private final CompletableFuture<String> asked = new CompletableFuture<>();

  @Test
  void comesInWhenTheGreetingIsInTheSegmentOfTheHead() throws Exception {
    try (Script server =
        new Script((in, out) -> {
          Script.open(in, out, Script.text(OPEN));
          asked.complete(Script.read(in));
          out.write(Script.text("40{\"sid\":\"b\"}"));
          out.write(Script.text(Script.read(in)));
        })) {
      assertThat(once(server)).isEqualTo(1);
      assertThat(asked.get(10, TimeUnit.SECONDS)).isEqualTo("40");
    }
  }

  @Test
  void comesInHoweverTheGreetingIsSplit() throws Exception {
    byte[] greeting = Script.text(OPEN);
    try (Script server =
        new Script((in, out) -> {
          Script.open(in, out, NOTHING);
          for (byte each : greeting) {
            out.write(each);
          }
          Script.read(in);
          out.write(Script.text("40{\"sid\":\"b\"}"));
          out.write(Script.text(Script.read(in)));
        })) {
      assertThat(once(server)).isEqualTo(1);
    }
  }

  @Test
  void asksOnThePathOfSocketIo() throws Exception {
    try (Script server =
        new Script((in, out) -> {
          asked.complete(Script.readHead(in));
          out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
        })) {
      assertThatIOException()
          .isThrownBy(() -> once(server))
          .withMessage("it opened no WebSocket, but answered [HTTP/1.1 400 Bad Request, ]");
      assertThat(asked.get(10, TimeUnit.SECONDS))
          .startsWith("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n");
    }
  }

  @Test
  void refusesAnotherGreeting() throws Exception {
    try (Script server = new Script((in, out) -> Script.open(in, out, Script.text("hello")))) {
      assertThatIOException().isThrownBy(() -> once(server)).withMessageContaining("hello");
    }
  }

  @Test
  void refusesAServerThatLetsNobodyIn() throws Exception {
    try (Script server =
        new Script((in, out) -> {
          Script.open(in, out, Script.text(OPEN));
          Script.read(in);
          out.write(Script.text("44{\"message\":\"no\"}"));
        })) {
      assertThatIOException()
          .isThrownBy(() -> once(server))
          .withMessage("it let nobody in, but answered 44{\"message\":\"no\"}");
    }
  }

  @Test
  void refusesAnotherEvent() throws Exception {
    try (Script server =
        new Script((in, out) -> {
          Script.open(in, out, Script.text(OPEN));
          Script.read(in);
          out.write(Script.text("40{\"sid\":\"b\"}"));
          out.write(Script.text(Script.read(in).replace("\"m\"", "\"n\"")));
        })) {
      assertThatIOException()
          .isThrownBy(() -> once(server))
          .withMessage("it answered 76 bytes that are not the message");
    }
  }

  private static int once(Script server) throws IOException {
    try (Connections connections = new Connections(server.port(), 1, Linux.EPOLLIN)) {
      Opening.once(connections, 0, Dialect.SOCKET_IO);
      return connections.size();
    }
  }
}
