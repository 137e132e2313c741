package io.netloop.web;

import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Web applications, as npm's {@code express}: routes, middleware, and what they need.
 * <i>Thread-safe.</i>
 *
 * <pre>{@code
 * var app = Web.app();
 * app.get("/", (request, response) -> response.send("Hello World!"));
 * app.listen(3000);
 * }</pre>
 *
 * @see <a href="https://expressjs.com/en/5x/api.html">Express: API</a>
 */
public final class Web {
  private Web() {}

  /** An application without routes. */
  public static App app() {
    return app(RouterOptions.defaults());
  }

  /** An application that reads paths in this way. */
  public static App app(RouterOptions options) {
    return new App(options);
  }

  /** A router without routes, to be mounted. */
  public static Router router() {
    return router(RouterOptions.defaults());
  }

  /** A router that reads paths in this way. */
  public static Router router(RouterOptions options) {
    return new Router(options);
  }

  // Bodies

  /** Reads JSON, up to 100 KiB: see {@link WebRequest#body(Class)}. */
  public static Middleware json() {
    return json(BodyOptions.defaults());
  }

  /** As {@link #json()}, in another way. */
  public static Middleware json(BodyOptions options) {
    return new BodyParser(BodyParser.Kind.JSON, options);
  }

  /** Reads forms as pages send them, up to 100 KiB: see {@link WebRequest#form}. */
  public static Middleware form() {
    return form(BodyOptions.defaults());
  }

  /** As {@link #form()}, in another way. */
  public static Middleware form(BodyOptions options) {
    return new BodyParser(BodyParser.Kind.FORM, options);
  }

  /** Reads {@code text/plain}, up to 100 KiB: {@link WebRequest#body()} is a text then. */
  public static Middleware text() {
    return text(BodyOptions.defaults());
  }

  /** As {@link #text()}, in another way. */
  public static Middleware text(BodyOptions options) {
    return new BodyParser(BodyParser.Kind.TEXT, options);
  }

  /** Reads {@code application/octet-stream}, up to 100 KiB: the body is a {@code Buffer} then. */
  public static Middleware raw() {
    return raw(BodyOptions.defaults());
  }

  /** As {@link #raw()}, in another way. */
  public static Middleware raw(BodyOptions options) {
    return new BodyParser(BodyParser.Kind.RAW, options);
  }

  /**
   * Reads forms with files: fields are in {@link WebRequest#form}, files, on the disk until the
   * response is over, in {@link WebRequest#files}.
   */
  public static Middleware multipart() {
    return multipart(MultipartOptions.defaults());
  }

  /** As {@link #multipart()}, in another way. */
  public static Middleware multipart(MultipartOptions options) {
    return new Multipart(options);
  }

  // What most apps want

  /**
   * Compresses responses of 1 KiB and more, where their type gains by it and the client takes it:
   * {@code gzip} and {@code deflate}; {@code br} where the program has brotli4j, {@code zstd} where
   * it has zstd-jni. Streams stay streams.
   */
  public static Middleware compression() {
    return compression(CompressionOptions.defaults());
  }

  /** As {@link #compression()}, in another way. */
  public static Middleware compression(CompressionOptions options) {
    return new Compression(options);
  }

  /** Lets pages of all other sites use what is served, without their users' cookies. */
  public static Middleware cors() {
    return cors(CorsOptions.defaults());
  }

  /** As {@link #cors()}, for some sites, or in another way. */
  public static Middleware cors(CorsOptions options) {
    return new Cors(options);
  }

  /**
   * Gives each request a name: {@link WebRequest#id}, and {@code X-Request-Id} in the response. A
   * proxy's name for it is kept where the proxy is trusted.
   *
   * @see App#trustProxy(String...)
   */
  public static Middleware requestIds() {
    return new RequestIds();
  }

  /** Logs a line for each request, when it is over, to the logger {@code io.netloop.web.access}. */
  public static Middleware accessLog() {
    return accessLog(LoggerFactory.getLogger("io.netloop.web.access")::info);
  }

  /** As {@link #accessLog()}, to somebody else, who is called on the request's loop. */
  public static Middleware accessLog(Consumer<String> log) {
    return new AccessLog(log);
  }

  // Work that waits

  /**
   * A handler that may wait: it runs on a virtual thread. What it does to the response takes effect
   * on the request's loop, in the order of its calls; what it throws goes where a handler's errors
   * go.
   *
   * <pre>{@code
   * app.get("/report", blocking((request, response) -> response.json(database.load())));
   * }</pre>
   */
  public static Middleware blocking(Handler handler) {
    return new Blocking(handler);
  }

  /** As {@link #blocking(Handler)}, for one that may let the request go on. */
  public static Middleware blocking(Middleware handler) {
    return new Blocking(handler);
  }
}
