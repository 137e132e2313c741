package io.netloop.bench;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.ws.Topics;
import io.netloop.ws.WebSocketServerOptions;
import io.netloop.ws.WebSockets;
import java.time.Duration;
import java.util.Objects;

/** Sends each message back, or to all by a topic. */
final class NetloopWebSockets {
  private static final String ALL = "all";

  /** Long enough for those who only listen not to be asked whether they live; no other asks. */
  private static final WebSocketServerOptions OPTIONS =
      WebSocketServerOptions.defaults().withPath("/").withIdleTimeout(Duration.ofHours(3));

  private NetloopWebSockets() {}

  static void main(String[] args) {
    HttpServer server = Http.createServer();
    if (args[0].equals("echo")) {
      WebSockets.attach(
          server, OPTIONS, socket -> socket.onMessage(message -> socket.send(message)));
    } else {
      Topics topics = new Topics();
      WebSockets.attach(
          server,
          OPTIONS,
          topics,
          socket -> {
            socket.subscribe(ALL);
            socket.onMessage(message -> topics.publish(ALL, message));
          });
    }
    server.listen(
        Integer.parseInt(args[1]),
        "127.0.0.1",
        () -> Control.listening(Objects.requireNonNull(server.address()).port()));
  }
}
