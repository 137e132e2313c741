package io.netloop.web;

/**
 * Answers requests whose handlers, registered before this one, have failed; or hands the error on,
 * by {@link Next#fail}. After {@link Next#run} the request goes on as if nothing had failed.
 *
 * @see <a href="https://expressjs.com/en/guide/error-handling.html">Express: error handling</a>
 */
@FunctionalInterface
public interface ErrorHandler {
  /** Called on the request's loop. What it throws takes the place of the error. */
  void handle(Throwable error, WebRequest request, WebResponse response, Next next)
      throws Exception;
}
