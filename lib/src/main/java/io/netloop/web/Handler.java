package io.netloop.web;

/**
 * Answers requests that its route matches. What it throws goes to the error handlers behind it, or
 * is answered with the status it names, else with 500.
 *
 * @see <a href="https://expressjs.com/en/guide/routing.html">Express: route handlers</a>
 */
@FunctionalInterface
public interface Handler extends Middleware {
  /** Called on the request's loop; see {@link Web#blocking(Handler)} for work that waits. */
  void handle(WebRequest request, WebResponse response) throws Exception;

  @Override
  default void handle(WebRequest request, WebResponse response, Next next) throws Exception {
    handle(request, response);
  }
}
