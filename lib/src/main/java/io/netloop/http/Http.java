package io.netloop.http;

import io.netloop.loop.NetException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
    return ClientRequest.start(plain(options), null);
  }

  /** As {@link #request(RequestOptions)}, with a listener that is told once, of the response. */
  public static ClientRequest request(RequestOptions options, Consumer<ClientResponse> onResponse) {
    return ClientRequest.start(plain(options), onResponse);
  }

  private static RequestOptions plain(RequestOptions options) {
    if (options.isSecure()) {
      throw new NetException(
          "ERR_INVALID_PROTOCOL",
          "Protocol \"https:\" not supported. Expected \"http:\": Https makes such requests.");
    }
    return options;
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

  /**
   * Gets what a URL names, all of it at once: the short way for programs that want the whole body.
   * Redirections are followed, compressed bodies decoded, and both are bounded, as is the time: see
   * {@link FetchOptions}.
   *
   * <pre>{@code
   * Http.fetch("http://127.0.0.1:3000/").thenAccept(page -> IO.println(page.text()));
   * }</pre>
   *
   * @return completed on the loop that this is called on, or the default loop (so do not wait for
   *     it there), with the response, whatever its status; or with a {@link NetException}: {@code
   *     ERR_INVALID_URL}, {@code ERR_INVALID_PROTOCOL}, {@code ECONNREFUSED} and its like, {@code
   *     ECONNRESET}, {@code ETIMEDOUT}, {@code HPE_…} for what is no HTTP, {@code
   *     ERR_HTTP_BODY_TOO_LARGE}, {@code ERR_HTTP_TOO_MANY_REDIRECTS}, {@code ERR_HTTP_REDIRECT},
   *     {@code Z_DATA_ERROR}, {@code ABORT_ERR}. To cancel it gives the request up
   * @see <a href="https://fetch.spec.whatwg.org/">Fetch standard</a>
   */
  public static CompletableFuture<FetchResponse> fetch(String url) {
    return fetch(url, FetchOptions.defaults());
  }

  /** As {@link #fetch(String)}, in another way. */
  public static CompletableFuture<FetchResponse> fetch(String url, FetchOptions options) {
    return Fetch.start(url, options);
  }
}
