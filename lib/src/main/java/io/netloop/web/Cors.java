package io.netloop.web;

import org.jspecify.annotations.Nullable;

/** Says which pages may use the responses, and answers what browsers ask beforehand. */
final class Cors implements Middleware {
  private final CorsOptions options;
  private final String methods;
  private final String exposed;

  Cors(CorsOptions options) {
    this.options = options;
    this.methods = String.join(",", options.methods());
    this.exposed = String.join(",", options.exposedHeaders());
  }

  @Override
  public void handle(WebRequest request, WebResponse response, Next next) {
    String origin = request.header("Origin");
    boolean allowed = allow(origin, response);
    boolean isPreflight =
        request.method().equals("OPTIONS")
            && origin != null
            && request.headers().has("Access-Control-Request-Method");
    if (!isPreflight) {
      if (allowed && !exposed.isEmpty()) {
        response.setHeader("Access-Control-Expose-Headers", exposed);
      }
      next.run();
      return;
    }
    if (allowed) {
      answerPreflight(request, response);
    }
    response.statusCode(204).end();
  }

  private boolean allow(@Nullable String origin, WebResponse response) {
    if (options.anyOrigin() && !options.credentials()) {
      response.setHeader("Access-Control-Allow-Origin", "*");
      return true;
    }
    response.vary("Origin");
    if (origin == null || !options.origins().test(origin)) {
      return false;
    }
    response.setHeader("Access-Control-Allow-Origin", origin);
    if (options.credentials()) {
      response.setHeader("Access-Control-Allow-Credentials", "true");
    }
    return true;
  }

  private void answerPreflight(WebRequest request, WebResponse response) {
    response.setHeader("Access-Control-Allow-Methods", methods);
    if (options.allowedHeaders() != null) {
      response.setHeader(
          "Access-Control-Allow-Headers", String.join(",", options.allowedHeaders()));
    } else {
      response.vary("Access-Control-Request-Headers");
      String asked = request.header("Access-Control-Request-Headers");
      if (asked != null) {
        response.setHeader("Access-Control-Allow-Headers", asked);
      }
    }
    if (options.maxAge() != null) {
      response.setHeader("Access-Control-Max-Age", options.maxAge().toSeconds());
    }
  }
}
