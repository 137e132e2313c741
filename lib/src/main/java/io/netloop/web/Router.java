package io.netloop.web;

/**
 * Routes that are registered apart and mounted where they belong: {@code app.use("/api", router)}.
 * See {@link Routes} for what it can do, and for its threads.
 *
 * @see <a href="https://expressjs.com/en/5x/api.html#router">Express: Router</a>
 */
public final class Router extends Routes<Router> {
  Router(RouterOptions options) {
    super(options);
  }

  @Override
  Router self() {
    return this;
  }
}
