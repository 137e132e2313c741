package io.netloop.ws;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import java.util.function.Consumer;

/**
 * WebSocket servers. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * var server = Http.createServer();
 * WebSockets.attach(server, "/room", socket -> {
 *   socket.subscribe("room");
 *   socket.onMessage(message -> socket.publish("room", message));
 * });
 * server.listen(8080);
 * }</pre>
 */
public final class WebSockets {
  private WebSockets() {}

  /** Opens WebSockets on a path of an HTTP server. */
  public static WebSocketServer attach(
      HttpServer server, String path, Consumer<WebSocketConnection> onConnection) {
    return attach(server, WebSocketServerOptions.defaults().withPath(path), onConnection);
  }

  /** Opens WebSockets on an HTTP server. */
  public static WebSocketServer attach(
      HttpServer server,
      WebSocketServerOptions options,
      Consumer<WebSocketConnection> onConnection) {
    return new WebSocketServer(options).onConnection(onConnection).attach(server);
  }

  /** As {@link #attach(HttpServer, WebSocketServerOptions, Consumer)}, with topics to share. */
  public static WebSocketServer attach(
      HttpServer server,
      WebSocketServerOptions options,
      Topics topics,
      Consumer<WebSocketConnection> onConnection) {
    return new WebSocketServer(options, topics).onConnection(onConnection).attach(server);
  }

  /**
   * A WebSocket server with an HTTP server of its own, which answers everything else with 426; it
   * listens when {@code http().listen(port)} is called.
   */
  public static WebSocketServer createServer(Consumer<WebSocketConnection> onConnection) {
    return createServer(WebSocketServerOptions.defaults(), onConnection);
  }

  /** As {@link #createServer(Consumer)}. */
  public static WebSocketServer createServer(
      WebSocketServerOptions options, Consumer<WebSocketConnection> onConnection) {
    HttpServer http =
        Http.createServer((request, response) -> {
          response.setHeader("Content-Type", "text/plain");
          response.setHeader("Connection", "close");
          response.statusCode(426).end("Upgrade Required");
        });
    return attach(http, options, onConnection);
  }

  /** A WebSocket server that is handed its requests by {@link WebSocketServer#handleUpgrade}. */
  public static WebSocketServer createUnattached(WebSocketServerOptions options) {
    return new WebSocketServer(options);
  }
}
