package io.netloop.web;

/**
 * How a {@link Middleware} lets a request go on: Express's {@code next}. Exactly one of the methods
 * has its effect, once: a second call is a mistake, which is logged and changes nothing. They may
 * be called at once or later, from any thread; what follows runs on the request's loop.
 */
public interface Next extends Runnable {
  /** The next one that matches: Express's {@code next()}. */
  @Override
  void run();

  /** The first error handler behind this one, with this error: {@code next(err)}. */
  void fail(Throwable error);

  /** The next one that matches and is not of the same route: {@code next('route')}. */
  void route();

  /** The first behind the router that this one is in: {@code next('router')}. */
  void router();
}
