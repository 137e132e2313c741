package io.netloop.http;

import io.netloop.loop.NetException;
import io.netloop.tls.TlsOptions;
import java.util.function.Consumer;

/**
 * HTTP over TLS: servers and clients, as Node's module {@code https}. What they make is the same as
 * with {@link Http}. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * var tls = TlsOptions.pem(Path.of("server.pem"), Path.of("server.key"));
 * Https.createServer(tls, (request, response) -> response.end("secret\n")).listen(8443);
 * }</pre>
 *
 * @see <a href="https://nodejs.org/api/https.html">Node: https</a>
 */
public final class Https {
  private Https() {}

  /**
   * A server that does not listen yet.
   *
   * @throws NetException where TLS can't be set up with these options
   */
  public static HttpServer createServer(TlsOptions tls) {
    return createServer(tls, HttpServerOptions.defaults());
  }

  /** A server that does not listen yet, and a 'request' listener for it. */
  public static HttpServer createServer(TlsOptions tls, RequestListener onRequest) {
    return createServer(tls).onRequest(onRequest);
  }

  /** A server with limits of its own that does not listen yet. */
  public static HttpServer createServer(TlsOptions tls, HttpServerOptions options) {
    return new HttpServer(options, tls);
  }

  /** A server with limits of its own that does not listen yet, and a 'request' listener for it. */
  public static HttpServer createServer(
      TlsOptions tls, HttpServerOptions options, RequestListener onRequest) {
    return createServer(tls, options).onRequest(onRequest);
  }

  /**
   * A plain HTTP server that sends all who come to the HTTPS server at port 443, and answers what
   * an ACME authority asks for by http-01. It belongs at port 80.
   *
   * @param tls the options of the HTTPS server; where that may be given others later, {@link
   *     #createRedirect(HttpServer)} knows of them
   */
  public static HttpServer createRedirect(TlsOptions tls) {
    return createRedirect(tls, 443);
  }

  /** As {@link #createRedirect(TlsOptions)}, to another port. */
  public static HttpServer createRedirect(TlsOptions tls, int port) {
    return HttpsRedirect.server(tls, port);
  }

  /**
   * As {@link #createRedirect(TlsOptions)}, for a server whose certificates may come from elsewhere
   * later: what {@link HttpServer#setSecureContext} and {@link HttpServer#addContext} give it is
   * asked, too.
   *
   * @param secure the HTTPS server; it need not listen yet, nor on this machine's port 443
   * @throws NetException {@code ERR_INVALID_STATE} for a server of plain HTTP
   */
  public static HttpServer createRedirect(HttpServer secure) {
    return createRedirect(secure, 443);
  }

  /** As {@link #createRedirect(HttpServer)}, to another port. */
  public static HttpServer createRedirect(HttpServer secure, int port) {
    secure.certificateSources(); // which a server of plain HTTP has none of
    return HttpsRedirect.server(secure, port);
  }

  // Clients

  /** Who keeps the connections of requests that name no agent: the same as over plain HTTP. */
  public static Agent globalAgent() {
    return Agent.global();
  }

  /**
   * Begins a request; it is sent when it is written to, or ended. The server's certificate must be
   * for the URL's host, and be trusted: {@link RequestOptions#withTls} says what else is.
   *
   * @throws NetException {@code ERR_INVALID_URL}, {@code ERR_INVALID_PROTOCOL}
   */
  public static ClientRequest request(String url) {
    return request(url, RequestOptions.defaults());
  }

  /** As {@link #request(String)}, with a listener that is told once, of the response. */
  public static ClientRequest request(String url, Consumer<ClientResponse> onResponse) {
    return request(url, RequestOptions.defaults(), onResponse);
  }

  /** As {@link #request(String)}: the URL says where it goes, the options all else. */
  public static ClientRequest request(String url, RequestOptions options) {
    return ClientRequest.start(secure(options.withUrl(url)), null);
  }

  /** As {@link #request(String, RequestOptions)}, with a listener that is told once. */
  public static ClientRequest request(
      String url, RequestOptions options, Consumer<ClientResponse> onResponse) {
    return ClientRequest.start(secure(options.withUrl(url)), onResponse);
  }

  /** Begins a request, over TLS whatever the options' protocol says; the port is 443 by default. */
  public static ClientRequest request(RequestOptions options) {
    return ClientRequest.start(options.withProtocol("https:"), null);
  }

  /** As {@link #request(RequestOptions)}, with a listener that is told once, of the response. */
  public static ClientRequest request(RequestOptions options, Consumer<ClientResponse> onResponse) {
    return ClientRequest.start(options.withProtocol("https:"), onResponse);
  }

  private static RequestOptions secure(RequestOptions options) {
    if (!options.isSecure()) {
      throw new NetException(
          "ERR_INVALID_PROTOCOL", "Protocol \"http:\" not supported. Expected \"https:\"");
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
}
