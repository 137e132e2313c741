package io.netloop.web;

import io.netloop.engine.Reactor;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one request through one router: from handler to handler, in the order of registration,
 * among those that the path and the method match. Loop-confined.
 */
final class Walk {
  private static final Logger LOG = LoggerFactory.getLogger(Walk.class);

  /**
   * So many handlers may call each other before the stack is given up and the way goes on later.
   */
  private static final int MOST_NESTED = 100;

  private final Routes.Compiled routes;
  private final WebRequest request;
  private final WebResponse response;
  private final Reactor reactor;

  /** What follows behind this router; null where nothing does. */
  private final @Nullable Next behind;

  private final PathTree.Found found = new PathTree.Found();

  // What is seen outside of this router, to be put back.
  private final int mountedAt;
  private final Params outerParams;

  /**
   * What patterns are held against: behind what this router is mounted at, a slash at the least.
   */
  private final String path;

  private final int pathFrom;
  private final int pathTo;

  private int at;
  private int leftRoute;
  private int nested;
  private @Nullable PathPattern latestPattern;
  private PathPattern.@Nullable Match latestMatch;
  private @Nullable ParamCalls paramCalls;

  Walk(Routes.Compiled routes, WebRequest request, WebResponse response, @Nullable Next behind) {
    this.routes = routes;
    this.request = request;
    this.response = response;
    this.reactor = request.reactor();
    this.behind = behind;
    this.mountedAt = request.mountedAt();
    this.outerParams = request.parameters();
    boolean isBare = mountedAt == request.pathEnd();
    this.path = isBare ? "/" : request.target();
    this.pathFrom = isBare ? 0 : mountedAt;
    this.pathTo = isBare ? 1 : request.pathEnd();
  }

  void begin() {
    routes.tree().find(path, pathFrom, pathTo, found);
    goOn(null);
  }

  /** To the next layer that takes the request, or its error. */
  private void goOn(@Nullable Throwable failure) {
    if (++nested > MOST_NESTED) {
      nested = 0;
      reactor.nextTick(() -> goOn(failure));
      return;
    }
    request.mount(mountedAt);
    Throwable error = failure;
    while (at < found.size()) {
      Layer layer = found.get(at++);
      boolean isForErrors = layer.errorHandler() != null;
      if (isForErrors != (error != null)
          || (layer.isRoute() && (layer.route() == leftRoute || !layer.takes(request.method())))) {
        continue;
      }
      PathPattern.Match match = null;
      Params params = Params.NONE;
      if (layer.pattern() != null) {
        match = match(layer.pattern());
        if (match == null) {
          continue;
        }
        try {
          params = Params.of(match, path);
        } catch (WebException bad) {
          error = error == null ? bad : error;
          continue;
        }
      }
      request.parameters(routes.options().mergeParams() ? params.over(outerParams) : params);
      prepare(layer, match, params, error);
      return;
    }
    leave(error);
  }

  /** The layers of a route have the same pattern: it is looked at once. */
  private PathPattern.@Nullable Match match(PathPattern pattern) {
    if (!pattern.equals(latestPattern)) {
      latestPattern = pattern;
      latestMatch = pattern.match(path, pathFrom, pathTo);
    }
    return latestMatch;
  }

  private void prepare(
      Layer layer, PathPattern.@Nullable Match match, Params params, @Nullable Throwable error) {
    if (routes.params().isEmpty() || params.isEmpty()) {
      call(layer, match, error);
      return;
    }
    if (paramCalls == null) {
      paramCalls = new ParamCalls(routes.params(), request, response);
    }
    paramCalls.run(
        params,
        (failure, leaves) -> {
          if (leaves == Leaves.ROUTER) {
            leave(null);
          } else if (leaves == Leaves.ROUTE) {
            leftRoute = layer.route();
            goOn(error);
          } else if (failure != null) {
            goOn(error == null ? failure : error);
          } else {
            call(layer, match, error);
          }
        });
  }

  private void call(Layer layer, PathPattern.@Nullable Match match, @Nullable Throwable error) {
    request.walk = this;
    if (match != null && !layer.isRoute()) {
      request.mount(Math.min(mountedAt + match.end() - pathFrom, request.pathEnd()));
    }
    Middleware handler = layer.handler();
    if (handler instanceof Handler answering) {
      try {
        answering.handle(request, response);
      } catch (Throwable failure) {
        goOn(failure);
      }
      return;
    }
    Step step = new Step(this, layer);
    try {
      if (handler != null) {
        handler.handle(request, response, step);
      } else {
        Objects.requireNonNull(layer.errorHandler())
            .handle(Objects.requireNonNull(error), request, response, step);
      }
    } catch (Throwable failure) {
      step.threw(failure);
    }
  }

  /**
   * What its latest handler has begun has failed, outside of the handler's call: the error handlers
   * behind it are asked, as if it had thrown. On the loop.
   */
  void failed(Throwable error) {
    nested = 0;
    goOn(error);
  }

  /** Nothing of this router has answered. */
  private void leave(@Nullable Throwable error) {
    at = found.size();
    request.mount(mountedAt);
    if (error == null && request.method().equals("OPTIONS")) {
      String allowed = allowedMethods();
      if (!allowed.isEmpty() && !response.headersSent()) {
        response.setHeader("Allow", allowed);
        response.setHeader("Content-Type", "text/plain");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.end(allowed);
        return;
      }
    }
    if (error == null && request.app().answersWrongMethods()) {
      noteAllowed();
    }
    request.parameters(outerParams);
    if (behind == null) {
      LastResort.answer(request, response, error);
    } else if (error == null) {
      behind.run();
    } else {
      behind.fail(error);
    }
  }

  /** A method that a route has taken, and passed on, is not wrong. */
  private void noteAllowed() {
    Set<String> methods = methods();
    if (methods.contains(request.method())) {
      request.methodTaken();
    } else {
      request.noteAllowed(methods);
    }
  }

  private String allowedMethods() {
    return String.join(", ", methods());
  }

  /** The methods that this path has routes for, in alphabetical order. */
  private Set<String> methods() {
    Set<String> methods = new TreeSet<>();
    for (int i = 0; i < found.size(); i++) {
      Layer layer = found.get(i);
      String method = layer.method();
      if (method != null && layer.pattern() != null && match(layer.pattern()) != null) {
        methods.add(method);
        if (method.equals("GET")) {
          methods.add("HEAD");
        }
      }
    }
    return methods;
  }

  /** Where a handler leaves for, if not just for the next one. */
  enum Leaves {
    NOTHING,
    ROUTE,
    ROUTER
  }

  /** One handler's way on. */
  private static final class Step implements Next {
    private final Walk walk;
    private final Layer layer;
    private boolean used;

    Step(Walk walk, Layer layer) {
      this.walk = walk;
      this.layer = layer;
    }

    @Override
    public void run() {
      go(null, Leaves.NOTHING);
    }

    @Override
    public void fail(Throwable error) {
      go(Objects.requireNonNull(error, "error"), Leaves.NOTHING);
    }

    @Override
    public void route() {
      go(null, Leaves.ROUTE);
    }

    @Override
    public void router() {
      go(null, Leaves.ROUTER);
    }

    private void go(@Nullable Throwable error, Leaves leaves) {
      if (walk.reactor.inLoop()) {
        goHere(error, leaves);
      } else {
        walk.reactor.execute(() -> goHere(error, leaves));
      }
    }

    private void goHere(@Nullable Throwable error, Leaves leaves) {
      if (used) {
        LOG.warn(
            "{} called next a second time for {}: nothing follows from that.",
            layer,
            walk.request,
            error);
        return;
      }
      used = true;
      if (leaves == Leaves.ROUTER) {
        walk.leave(null);
        return;
      }
      if (leaves == Leaves.ROUTE && layer.isRoute()) {
        walk.leftRoute = layer.route();
      }
      walk.goOn(error);
    }

    /** Its handler threw. */
    void threw(Throwable failure) {
      if (used) {
        LOG.error("{} failed for {} after it had called next.", layer, walk.request, failure);
      } else {
        goHere(failure, Leaves.NOTHING);
      }
    }
  }
}
