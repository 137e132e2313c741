package io.netloop.chat;

import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.http.RequestListener;
import io.netloop.loop.Buffer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Answers requests for the page and its parts, and of those who watch the server. */
final class WebPages implements RequestListener {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  /** A year, as browsers' lists of such hosts demand. */
  private static final String STRICT_TRANSPORT = "max-age=31536000";

  private final PageFiles files;
  private final boolean strictTransport;
  private final BooleanSupplier draining;
  private final Supplier<String> metrics;

  /**
   * The answers of a server.
   *
   * @param strictTransport whether browsers are told never to come without TLS
   * @param draining whether it sends everybody away
   * @param metrics how it is, in the text format of Prometheus
   */
  WebPages(
      PageFiles files,
      boolean strictTransport,
      BooleanSupplier draining,
      Supplier<String> metrics) {
    this.files = files;
    this.strictTransport = strictTransport;
    this.draining = draining;
    this.metrics = metrics;
  }

  @Override
  public void request(HttpRequest request, HttpResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (strictTransport) {
      response.setHeader("Strict-Transport-Security", STRICT_TRANSPORT);
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      answer(request, response, 405, TEXT, "405 Method Not Allowed\n");
      return;
    }
    String path = path(request);
    switch (path) {
      case "/healthz" -> answer(request, response, 200, TEXT, "ok\n");
      case "/readyz" -> {
        boolean ready = !draining.getAsBoolean();
        answer(request, response, ready ? 200 : 503, TEXT, ready ? "ready\n" : "draining\n");
      }
      case "/metrics" -> answer(request, response, 200, METRICS, metrics.get());
      case WebGate.PATH -> {
        response.setHeader("Upgrade", "websocket");
        answer(request, response, 426, TEXT, "There is a WebSocket here.\n");
      }
      default -> {
        if (!files.answer(path, request, response)) {
          answer(request, response, 404, TEXT, "404 Not Found\n");
        }
      }
    }
  }

  private static String path(HttpRequest request) {
    String url = request.url();
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  private static void answer(
      HttpRequest request, HttpResponse response, int status, String type, String text) {
    Buffer body = Buffer.from(text);
    response.statusCode(status).setHeader("Content-Type", type);
    response.setHeader("Content-Length", body.length());
    response.setHeader("Cache-Control", "no-store");
    if (request.method().equals("HEAD")) {
      response.end();
    } else {
      response.end(body);
    }
  }
}
