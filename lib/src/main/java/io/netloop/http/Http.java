package io.netloop.http;

import io.netloop.loop.NetException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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

  // Clients

  /** Who keeps the connections of requests that name no agent. */
  public static Agent globalAgent() {
    return Agent.global();
  }

  /**
   * Begins a request; it is sent when it is written to, or ended.
   *
   * @throws NetException {@code ERR_INVALID_URL}, {@code ERR_INVALID_PROTOCOL}
   */
  public static ClientRequest request(String url) {
    return request(RequestOptions.url(url));
  }

  /** As {@link #request(String)}, with a listener that is told once, of the response. */
  public static ClientRequest request(String url, Consumer<ClientResponse> onResponse) {
    return request(RequestOptions.url(url), onResponse);
  }

  /** As {@link #request(String)}: the URL says where it goes, the options all else. */
  public static ClientRequest request(String url, RequestOptions options) {
    return request(options.withUrl(url));
  }

  /** As {@link #request(String, RequestOptions)}, with a listener that is told once. */
  public static ClientRequest request(
      String url, RequestOptions options, Consumer<ClientResponse> onResponse) {
    return request(options.withUrl(url), onResponse);
  }

  /** Begins a request; it is sent when it is written to, or ended. */
  public static ClientRequest request(RequestOptions options) {
    return ClientRequest.start(options, null);
  }

  /** As {@link #request(RequestOptions)}, with a listener that is told once, of the response. */
  public static ClientRequest request(RequestOptions options, Consumer<ClientResponse> onResponse) {
    return ClientRequest.start(options, onResponse);
  }

  /** Sends a request without a body: the same as {@link #request(String)}, ended. */
  public static ClientRequest get(String url) {
    return request(url).end();
  }

  /** As {@link #get(String)}, with a listener that is told once, of the response. */
  public static ClientRequest get(String url, Consumer<ClientResponse> onResponse) {
    return request(url, onResponse).end();
  }

  /** As {@link #get(String)}: the URL says where it goes, the options all else. */
  public static ClientRequest get(String url, RequestOptions options) {
    return request(url, options).end();
  }

  /** As {@link #get(String, RequestOptions)}, with a listener that is told once. */
  public static ClientRequest get(
      String url, RequestOptions options, Consumer<ClientResponse> onResponse) {
    return request(url, options, onResponse).end();
  }

  /** Sends a request without a body. */
  public static ClientRequest get(RequestOptions options) {
    return request(options).end();
  }

  /** Sends a request without a body; the listener is told once, of the response. */
  public static ClientRequest get(RequestOptions options, Consumer<ClientResponse> onResponse) {
    return request(options, onResponse).end();
  }
}
