package io.netloop.web;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other sites may use what is served. <i>Immutable.</i>
 *
 * @param anyOrigin whether all may; the default, and refused with credentials
 * @param origins which may, where not all may
 * @param methods what a preflight is told; GET, HEAD, PUT, PATCH, POST and DELETE by default
 * @param allowedHeaders what a preflight is told; null, the default, for all that it asks for
 * @param exposedHeaders which headers of responses scripts may read beside the simple ones; none by
 *     default
 * @param credentials whether cookies may come with requests; false by default
 * @param maxAge how long a browser may remember a preflight, or null, the default, for as long as
 *     it likes
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch standard: CORS</a>
 */
public record CorsOptions(
    boolean anyOrigin,
    Predicate<String> origins,
    List<String> methods,
    @Nullable List<String> allowedHeaders,
    List<String> exposedHeaders,
    boolean credentials,
    @Nullable Duration maxAge) {

  private static final CorsOptions DEFAULTS =
      new CorsOptions(
          true,
          origin -> true,
          List.of("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"),
          null,
          List.of(),
          false,
          null);

  /**
   * Takes copies of the lists.
   *
   * @throws IllegalArgumentException where any origin may send credentials: every page on the web
   *     could act as its visitor. Name the origins first
   */
  public CorsOptions {
    if (anyOrigin && credentials) {
      throw new IllegalArgumentException(
          "Pages of any origin with credentials could act as their visitors: name the origins with"
              + " withOrigins(…) before withCredentials(true).");
    }
    methods = List.copyOf(methods);
    allowedHeaders = allowedHeaders == null ? null : List.copyOf(allowedHeaders);
    exposedHeaders = List.copyOf(exposedHeaders);
  }

  /** All origins, without credentials. */
  public static CorsOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Only these origins: {@code https://app.example.org}, with the port where it is not the usual.
   */
  public CorsOptions withOrigins(String... names) {
    List<String> allowed = List.of(names);
    return withOrigins(allowed::contains);
  }

  /** Only origins that the test holds for. Beware of patterns that fit the middle of a name. */
  public CorsOptions withOrigins(Predicate<String> test) {
    return new CorsOptions(
        false, test, methods, allowedHeaders, exposedHeaders, credentials, maxAge);
  }

  public CorsOptions withMethods(String... names) {
    return new CorsOptions(
        anyOrigin, origins, List.of(names), allowedHeaders, exposedHeaders, credentials, maxAge);
  }

  public CorsOptions withAllowedHeaders(String... names) {
    return new CorsOptions(
        anyOrigin, origins, methods, List.of(names), exposedHeaders, credentials, maxAge);
  }

  public CorsOptions withExposedHeaders(String... names) {
    return new CorsOptions(
        anyOrigin, origins, methods, allowedHeaders, List.of(names), credentials, maxAge);
  }

  public CorsOptions withCredentials(boolean on) {
    return new CorsOptions(anyOrigin, origins, methods, allowedHeaders, exposedHeaders, on, maxAge);
  }

  public CorsOptions withMaxAge(@Nullable Duration time) {
    return new CorsOptions(
        anyOrigin, origins, methods, allowedHeaders, exposedHeaders, credentials, time);
  }
}
