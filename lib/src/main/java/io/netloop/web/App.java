package io.netloop.web;

import io.netloop.http.Http;
import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.http.HttpServer;
import io.netloop.http.RequestListener;
import io.netloop.template.TemplateEngine;
import io.netloop.template.TemplateOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A web application: routes and the handlers behind them. It is a 'request' listener of HTTP
 * servers ({@code Http.createServer(app)}), and {@link #listen} makes one. See {@link Routes} for
 * how handlers are registered, and for its threads.
 *
 * <pre>{@code
 * var app = Web.app();
 * app.get("/users/:id", (request, response) -> response.json(Map.of("id", request.param("id"))));
 * app.listen(3000);
 * }</pre>
 *
 * @see <a href="https://expressjs.com/en/5x/api.html#app">Express: Application</a>
 */
public final class App extends Routes<App> implements RequestListener {
  private volatile @Nullable HttpServer server;
  private volatile boolean development = isDevelopmentByDefault();
  private volatile boolean wrongMethods;
  private volatile boolean etag = true;
  private volatile ProxyTrust proxies = ProxyTrust.NONE;
  private volatile List<String> cookieSecrets = List.of();
  private volatile JsonCodec json = JacksonCodec.SHARED;
  private final Views views = new Views(this);

  App(RouterOptions options) {
    super(options);
  }

  @Override
  App self() {
    return this;
  }

  private static boolean isDevelopmentByDefault() {
    String mode = System.getProperty("netloop.env", System.getenv("NETLOOP_ENV"));
    return mode != null && mode.toLowerCase(Locale.ROOT).equals("development");
  }

  // Serving

  /**
   * The app's own server, made at the first call on the loop of that time; it may not listen yet.
   */
  public HttpServer server() {
    HttpServer known = server;
    if (known == null) {
      synchronized (this) {
        known = server == null ? Http.createServer(this) : server;
        server = known;
      }
    }
    return Objects.requireNonNull(known);
  }

  /** Has {@link #server} listen on this port of all addresses; 0 has the system choose one. */
  public HttpServer listen(int port) {
    return server().listen(port);
  }

  /** As {@link #listen(int)}; the listener is told once. */
  public HttpServer listen(int port, Runnable listener) {
    return server().listen(port, listener);
  }

  /** Has {@link #server} listen on this port of one address. */
  public HttpServer listen(int port, String host) {
    return server().listen(port, host);
  }

  /** As {@link #listen(int, String)}; the listener is told once. */
  public HttpServer listen(int port, String host, Runnable listener) {
    return server().listen(port, host, listener);
  }

  /** Handles a request of an HTTP server. */
  @Override
  public void request(HttpRequest request, HttpResponse response) {
    WebRequest webRequest = new WebRequest(this, request);
    WebResponse webResponse = new WebResponse(webRequest, response);
    webRequest.response = webResponse;
    new Walk(compiled(), webRequest, webResponse, null).begin();
  }

  // Settings

  /**
   * Whether clients see why a handler has failed. By default they do where the system property
   * {@code netloop.env} or the environment's {@code NETLOOP_ENV} is {@code development}.
   */
  public App development(boolean on) {
    development = on;
    return this;
  }

  /** See {@link #development(boolean)}. */
  public boolean isDevelopment() {
    return development;
  }

  /**
   * Whether a path that has routes, but none for the method, is answered with 405 and {@code Allow}
   * rather than with 404. Off by default, as in Express.
   */
  public App methodNotAllowed(boolean on) {
    wrongMethods = on;
    return this;
  }

  /** How JSON is written and read; Jackson's own way by default. */
  public App json(JsonCodec codec) {
    json = codec;
    return this;
  }

  JsonCodec json() {
    return json;
  }

  /**
   * Whose word about clients holds: addresses and subnets of proxies, and {@code loopback}, {@code
   * linklocal}, {@code uniquelocal}. Nobody's by default.
   *
   * @see <a href="https://expressjs.com/en/guide/behind-proxies.html">Express: behind proxies</a>
   */
  public App trustProxy(String... addresses) {
    proxies = ProxyTrust.addresses(addresses);
    return this;
  }

  /** As {@link #trustProxy(String...)}: so many machines stand between the clients and this one. */
  public App trustProxy(int hops) {
    proxies = ProxyTrust.hops(hops);
    return this;
  }

  ProxyTrust proxies() {
    return proxies;
  }

  /**
   * What cookies are signed with: the first of these, for all that are set; a cookie that comes
   * holds with any of them, so that secrets can be changed. None by default.
   */
  public App cookieSecrets(String... secrets) {
    cookieSecrets = List.of(secrets);
    return this;
  }

  List<String> cookieSecrets() {
    return cookieSecrets;
  }

  /**
   * The folder of the pages that {@link WebResponse#render} renders, in the language of
   * art-template unless there is another {@link #engine}; {@code views} in the working folder by
   * default. In development a page that has changed is read anew.
   */
  public App views(Path folder) {
    return views(TemplateOptions.DEFAULTS.withRoot(folder));
  }

  /** As {@link #views(Path)}, with filters, limits and all else that templates can have. */
  public App views(TemplateOptions options) {
    views.options(options);
    return this;
  }

  /** Has another engine render all pages whose extension has none of its own. */
  public App engine(TemplateEngine engine) {
    views.engine(engine);
    return this;
  }

  /** Has an engine render the pages whose names end in that extension, such as {@code .hbs}. */
  public App engine(String extension, TemplateEngine engine) {
    views.engine(extension, engine);
    return this;
  }

  Views views() {
    return views;
  }

  /** Whether responses get an {@code ETag} of their body, and 304 is answered; on by default. */
  public App etag(boolean on) {
    etag = on;
    return this;
  }

  boolean makesEtags() {
    return etag;
  }

  boolean answersWrongMethods() {
    return wrongMethods;
  }
}
