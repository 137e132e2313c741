package io.netloop.web;

/**
 * Looks at a request and answers it, or lets the next one that matches: by {@link Next#run}, at
 * once or later. One that does neither leaves the client waiting.
 *
 * @see <a href="https://expressjs.com/en/guide/using-middleware.html">Express: middleware</a>
 */
@FunctionalInterface
public interface Middleware {
  /** Called on the request's loop. What it throws is the same as {@link Next#fail}. */
  void handle(WebRequest request, WebResponse response, Next next) throws Exception;
}
