package io.netloop.web;

/**
 * Prepares what a parameter names, before the handlers of a route that has it: once for each
 * request and value. It has to call {@link Next#run}, {@link Next#fail}, or answer.
 *
 * @see Routes#param
 */
@FunctionalInterface
public interface ParamHandler {
  /** Called on the request's loop with the decoded value. */
  void handle(WebRequest request, WebResponse response, Next next, String value) throws Exception;
}
