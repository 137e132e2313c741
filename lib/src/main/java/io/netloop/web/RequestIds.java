package io.netloop.web;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gives each request a name of its own, for logs, and tells it to the client. */
final class RequestIds implements Middleware {
  static final String HEADER = "X-Request-Id";

  /** What a proxy may send: nothing that a log would be broken by. */
  private static final Pattern FIT = Pattern.compile("[A-Za-z0-9._~+/=-]{1,128}");

  @Override
  public void handle(WebRequest request, WebResponse response, Next next) {
    String id = ofProxy(request);
    if (id == null) {
      id = UUID.randomUUID().toString();
    }
    request.id(id);
    response.setHeader(HEADER, id);
    next.run();
  }

  private static @Nullable String ofProxy(WebRequest request) {
    String sent = request.app().proxies().forwarded(request.raw(), HEADER);
    return sent != null && FIT.matcher(sent).matches() ? sent : null;
  }
}
