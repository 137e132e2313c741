package io.netloop.web;

import org.jspecify.annotations.Nullable;

/**
 * One registered handler. <i>Immutable.</i>
 *
 * @param index its place in the order of registration
 * @param pattern the paths that it is for; null for all
 * @param method the method that it is for, or null for all
 * @param notHead whether {@code HEAD}, which GET stands in for, is answered by another of its route
 * @param route which layers were registered together; 0 for one that is no route's
 * @param handler a {@link Middleware}, or null where it is for errors
 * @param errorHandler an {@link ErrorHandler}, or null
 */
record Layer(
    int index,
    @Nullable PathPattern pattern,
    @Nullable String method,
    boolean notHead,
    int route,
    @Nullable Middleware handler,
    @Nullable ErrorHandler errorHandler) {

  boolean isRoute() {
    return route > 0;
  }

  /** Whether it answers requests of this method. */
  boolean takes(String requested) {
    return method == null
        || method.equals(requested)
        || (requested.equals("HEAD") && method.equals("GET") && !notHead);
  }

  @Override
  public String toString() {
    return (method == null ? "use" : method) + " " + (pattern == null ? "/" : pattern);
  }
}
