package io.netloop.http;

/**
 * Answers requests. What it throws is answered with 500, or, where the answer has begun, ends the
 * connection; it reaches the program's uncaught handler, and nobody else notices.
 */
@FunctionalInterface
public interface RequestListener {
  /** Called on the connection's loop for each request, once its headers have come. */
  void request(HttpRequest request, HttpResponse response) throws Exception;
}
