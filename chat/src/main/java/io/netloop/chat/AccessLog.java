package io.netloop.chat;

import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Loop;
import io.netloop.ws.WebSocketConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each request, with the client's real address: {@code 203.0.113.7 "GET / HTTP/1.1" 200
 * 2 ms}; and one for each WebSocket when it is opened and when it is closed. <i>Loop-confined.</i>
 */
final class AccessLog {
  private static final Logger log = LoggerFactory.getLogger("io.netloop.chat.access");
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final boolean on;
  private final ClientAddress clients;
  private final Loop loop = Loop.current();

  AccessLog(boolean on, ClientAddress clients) {
    this.on = on;
    this.clients = clients;
  }

  /** Logs the request once it is answered, or never will be. */
  void watch(HttpRequest request, HttpResponse response) {
    if (!on || !log.isInfoEnabled()) {
      return;
    }
    String client = clients.of(request);
    long began = loop.nanoTime();
    response.onClose(cause ->
        log.info(
            "{} \"{}\" {} {} ms{}",
            client,
            line(request),
            response.statusCode(),
            millisSince(began),
            response.writableFinished() ? "" : ", cut: " + cause));
  }

  /** Logs that it is open, and later that it is closed. */
  void opened(WebSocketConnection socket, String client) {
    if (!on || !log.isInfoEnabled()) {
      return;
    }
    String line = line(socket.request());
    long began = loop.nanoTime();
    log.info("{} \"{}\" 101", client, line);
    socket.onClose(event ->
        log.info("{} \"{}\" closed {} {} ms", client, line, event.code(), millisSince(began)));
  }

  /** The request's first line, in which nothing can forge another. */
  private static String line(HttpRequest request) {
    String line = request.method() + " " + request.url() + " HTTP/" + request.httpVersion();
    return Harmless.text(line).replace("\"", "%22");
  }

  private long millisSince(long began) {
    return (loop.nanoTime() - began) / NANOS_PER_MILLI;
  }
}
