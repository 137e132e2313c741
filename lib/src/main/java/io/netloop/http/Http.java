package io.netloop.http;

import java.util.List;
import java.util.Map;

/**
 * HTTP servers and clients, as Node's module {@code http}. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * Http.createServer((request, response) -> response.end("Hello World\n")).listen(3000);
 * }</pre>
 *
 * @see <a href="https://nodejs.org/api/http.html">Node: http</a>
 */
public final class Http {
  /** The methods that requests may have, in alphabetical order. */
  public static final List<String> METHODS = Methods.ALL;

  /** The usual phrase of each status code. */
  public static final Map<Integer, String> STATUS_CODES = Map.copyOf(StatusCodes.all());

  private Http() {}

  /** A server that does not listen yet. */
  public static HttpServer createServer() {
    return createServer(HttpServerOptions.defaults());
  }

  /** A server that does not listen yet, and a 'request' listener for it. */
  public static HttpServer createServer(RequestListener onRequest) {
    return createServer().onRequest(onRequest);
  }

  /** A server with limits of its own that does not listen yet. */
  public static HttpServer createServer(HttpServerOptions options) {
    return new HttpServer(options);
  }

  /** A server with limits of its own that does not listen yet, and a 'request' listener for it. */
  public static HttpServer createServer(HttpServerOptions options, RequestListener onRequest) {
    return createServer(options).onRequest(onRequest);
  }
}
