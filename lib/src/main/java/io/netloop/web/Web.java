package io.netloop.web;

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
