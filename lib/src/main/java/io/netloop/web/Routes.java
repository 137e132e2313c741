package io.netloop.web;

import io.netloop.http.Http;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where handlers are registered: what {@link App} and {@link Router} have in common. A request goes
 * to those that its path and method match, in the order of registration, from one to the next as
 * each {@link Next} says.
 *
 * <p>Paths are as in Express 5: {@code /users/:id}, several parameters in a segment ({@code
 * /:from-:to}), wildcards ({@code /files/*path}), optional parts ({@code /report{.:format}}); what
 * is reserved, {@code ( ) [ ] ? + !}, is escaped with a backslash. A path that is none is refused
 * when it is registered, with an {@link IllegalArgumentException}.
 *
 * <p>To be filled by one thread at a time, mostly before the server listens; what is registered
 * later holds for requests that come after it. Requests may be handled on any number of loops.
 *
 * @param <S> the type itself
 * @see <a href="https://expressjs.com/en/guide/routing.html">Express: routing</a>
 */
public abstract sealed class Routes<S extends Routes<S>> implements Middleware permits App, Router {
  private final RouterOptions options;
  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, List<ParamHandler>> paramHandlers = new HashMap<>();
  private int routes;
  private volatile @Nullable Compiled compiled;

  /** What requests are handled by: a picture of the layers as they were at a time. */
  record Compiled(PathTree tree, RouterOptions options, Map<String, List<ParamHandler>> params) {}

  Routes(RouterOptions options) {
    this.options = options;
  }

  abstract S self();

  // For all methods, and all paths that begin so

  /** Has these handle all requests. */
  public final S use(Middleware... handlers) {
    return use("/", handlers);
  }

  /** Has it answer all requests: the last, as a rule. */
  public final S use(Handler handler) {
    return use("/", new Middleware[] {handler});
  }

  /**
   * Has these handle all requests for a path and what is below it: {@code /m} and {@code /m/x}, not
   * {@code /mx}. Inside, {@link WebRequest#url} and {@link WebRequest#path} begin behind the path.
   */
  public final S use(String path, Middleware... handlers) {
    PathPattern pattern = path.equals("/") ? null : PathPattern.of(path, false, options);
    for (Middleware handler : handlers) {
      add(pattern, null, false, 0, Objects.requireNonNull(handler, "handler"), null);
    }
    return self();
  }

  /** As {@link #use(String, Middleware...)}, for one that answers. */
  public final S use(String path, Handler handler) {
    return use(path, new Middleware[] {handler});
  }

  /** Has it handle the errors of what is registered before it. */
  public final S use(ErrorHandler handler) {
    return use("/", handler);
  }

  /** Has it handle the errors of what is registered before it, for requests below a path. */
  public final S use(String path, ErrorHandler handler) {
    PathPattern pattern = path.equals("/") ? null : PathPattern.of(path, false, options);
    add(pattern, null, false, 0, null, Objects.requireNonNull(handler, "handler"));
    return self();
  }

  // For one method and path

  /** GET, and HEAD where no handler for it comes first. */
  public final S get(String path, Handler handler) {
    return on("GET", path, handler);
  }

  /** As {@link #get(String, Handler)}, with one before it. */
  public final S get(String path, Middleware first, Handler handler) {
    return on("GET", path, first, handler);
  }

  /** As {@link #get(String, Handler)}, with two before it. */
  public final S get(String path, Middleware first, Middleware second, Handler handler) {
    return on("GET", path, first, second, handler);
  }

  /** As {@link #get(String, Handler)}, for any number of them. */
  public final S get(String path, Middleware... handlers) {
    return on("GET", path, handlers);
  }

  /** POST. */
  public final S post(String path, Handler handler) {
    return on("POST", path, handler);
  }

  /** POST, with one before it. */
  public final S post(String path, Middleware first, Handler handler) {
    return on("POST", path, first, handler);
  }

  /** POST, with two before it. */
  public final S post(String path, Middleware first, Middleware second, Handler handler) {
    return on("POST", path, first, second, handler);
  }

  /** POST, for any number of handlers. */
  public final S post(String path, Middleware... handlers) {
    return on("POST", path, handlers);
  }

  /** PUT. */
  public final S put(String path, Handler handler) {
    return on("PUT", path, handler);
  }

  /** PUT, with one before it. */
  public final S put(String path, Middleware first, Handler handler) {
    return on("PUT", path, first, handler);
  }

  /** PUT, for any number of handlers. */
  public final S put(String path, Middleware... handlers) {
    return on("PUT", path, handlers);
  }

  /** PATCH. */
  public final S patch(String path, Handler handler) {
    return on("PATCH", path, handler);
  }

  /** PATCH, with one before it. */
  public final S patch(String path, Middleware first, Handler handler) {
    return on("PATCH", path, first, handler);
  }

  /** PATCH, for any number of handlers. */
  public final S patch(String path, Middleware... handlers) {
    return on("PATCH", path, handlers);
  }

  /** DELETE. */
  public final S delete(String path, Handler handler) {
    return on("DELETE", path, handler);
  }

  /** DELETE, with one before it. */
  public final S delete(String path, Middleware first, Handler handler) {
    return on("DELETE", path, first, handler);
  }

  /** DELETE, for any number of handlers. */
  public final S delete(String path, Middleware... handlers) {
    return on("DELETE", path, handlers);
  }

  /** HEAD, instead of what GET would do. */
  public final S head(String path, Handler handler) {
    return on("HEAD", path, handler);
  }

  /** HEAD, for any number of handlers. */
  public final S head(String path, Middleware... handlers) {
    return on("HEAD", path, handlers);
  }

  /** OPTIONS, instead of the list of methods. */
  public final S options(String path, Handler handler) {
    return on("OPTIONS", path, handler);
  }

  /** OPTIONS, for any number of handlers. */
  public final S options(String path, Middleware... handlers) {
    return on("OPTIONS", path, handlers);
  }

  /** All methods. */
  public final S all(String path, Handler handler) {
    route(path).all(handler);
    return self();
  }

  /** All methods, for any number of handlers. */
  public final S all(String path, Middleware... handlers) {
    route(path).all(handlers);
    return self();
  }

  /**
   * Any one method.
   *
   * @throws IllegalArgumentException where it is none of {@link Http#METHODS}
   */
  public final S on(String method, String path, Handler handler) {
    route(path).on(method, handler);
    return self();
  }

  /** As {@link #on(String, String, Handler)}, for any number of handlers. */
  public final S on(String method, String path, Middleware... handlers) {
    route(path).on(method, handlers);
    return self();
  }

  /** A path whose methods are named one after another. */
  public final Route route(String path) {
    return new Route(this, PathPattern.of(path, true, options), ++routes);
  }

  /**
   * Has a parameter prepared before the handlers of all routes of this router that have it: once
   * for each request and value. Several for one name run in the order in which they were added.
   */
  public final S param(String name, ParamHandler handler) {
    paramHandlers.computeIfAbsent(name, unknown -> new ArrayList<>(1)).add(handler);
    compiled = null;
    return self();
  }

  // What the route adds

  static String checkedMethod(String method) {
    String known = method.toUpperCase(Locale.ROOT);
    if (!Http.METHODS.contains(known)) {
      throw new IllegalArgumentException(
          "\"" + method + "\" is no method that servers know: see Http.METHODS.");
    }
    return known;
  }

  final void add(
      @Nullable PathPattern pattern,
      @Nullable String method,
      boolean notHead,
      int route,
      @Nullable Middleware handler,
      @Nullable ErrorHandler errorHandler) {
    layers.add(new Layer(layers.size(), pattern, method, notHead, route, handler, errorHandler));
    compiled = null;
  }

  /** HEAD has a handler of its own in this route: GET's do not stand in for it. */
  final void headIsOwn(int route) {
    for (int i = 0; i < layers.size(); i++) {
      Layer each = layers.get(i);
      if (each.route() == route && "GET".equals(each.method())) {
        layers.set(
            i, new Layer(i, each.pattern(), each.method(), true, route, each.handler(), null));
      }
    }
    compiled = null;
  }

  // Requests

  final Compiled compiled() {
    Compiled ready = compiled;
    if (ready == null) {
      PathTree tree = new PathTree();
      layers.forEach(tree::add);
      Map<String, List<ParamHandler>> params = new HashMap<>();
      paramHandlers.forEach((name, handlers) -> params.put(name, List.copyOf(handlers)));
      ready = new Compiled(tree, options, params);
      compiled = ready;
    }
    return ready;
  }

  /** Hands a request to what is registered here; {@code next} where nothing of it answers. */
  @Override
  public final void handle(WebRequest request, WebResponse response, Next next) {
    new Walk(compiled(), request, response, next).begin();
  }
}
