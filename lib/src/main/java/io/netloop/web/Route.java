package io.netloop.web;

/**
 * One path and its handlers, method by method: {@code app.route("/book").get(…).post(…)}. Each sees
 * the request in the order of registration; {@link Next#route} leaves them all.
 *
 * @see Routes#route
 */
public final class Route {
  private final Routes<?> routes;
  private final PathPattern pattern;
  private final int number;
  private boolean headIsOwn;

  Route(Routes<?> routes, PathPattern pattern, int number) {
    this.routes = routes;
    this.pattern = pattern;
    this.number = number;
  }

  /** GET, and HEAD where the route has no handler for it. */
  public Route get(Handler handler) {
    return on("GET", handler);
  }

  /** As {@link #get(Handler)}, for any number of handlers. */
  public Route get(Middleware... handlers) {
    return on("GET", handlers);
  }

  /** POST. */
  public Route post(Handler handler) {
    return on("POST", handler);
  }

  /** POST, for any number of handlers. */
  public Route post(Middleware... handlers) {
    return on("POST", handlers);
  }

  /** PUT. */
  public Route put(Handler handler) {
    return on("PUT", handler);
  }

  /** PUT, for any number of handlers. */
  public Route put(Middleware... handlers) {
    return on("PUT", handlers);
  }

  /** PATCH. */
  public Route patch(Handler handler) {
    return on("PATCH", handler);
  }

  /** PATCH, for any number of handlers. */
  public Route patch(Middleware... handlers) {
    return on("PATCH", handlers);
  }

  /** DELETE. */
  public Route delete(Handler handler) {
    return on("DELETE", handler);
  }

  /** DELETE, for any number of handlers. */
  public Route delete(Middleware... handlers) {
    return on("DELETE", handlers);
  }

  /** HEAD, instead of what GET would do. */
  public Route head(Handler handler) {
    return on("HEAD", handler);
  }

  /** OPTIONS, instead of the list of methods. */
  public Route options(Handler handler) {
    return on("OPTIONS", handler);
  }

  /** All methods. */
  public Route all(Handler handler) {
    return all(new Middleware[] {handler});
  }

  /** All methods, for any number of handlers. */
  public Route all(Middleware... handlers) {
    for (Middleware handler : handlers) {
      routes.add(pattern, null, false, number, handler, null);
    }
    return this;
  }

  /** Any one method; see {@link Routes#on}. */
  public Route on(String method, Handler handler) {
    return on(method, new Middleware[] {handler});
  }

  /** As {@link #on(String, Handler)}, for any number of handlers. */
  public Route on(String method, Middleware... handlers) {
    String known = Routes.checkedMethod(method);
    if (known.equals("HEAD") && !headIsOwn) {
      headIsOwn = true;
      routes.headIsOwn(number);
    }
    for (Middleware handler : handlers) {
      routes.add(pattern, known, headIsOwn && known.equals("GET"), number, handler, null);
    }
    return this;
  }
}
