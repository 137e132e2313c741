package io.netloop.web;

import io.netloop.engine.Clock;
import io.netloop.http.HttpRequest;
import io.netloop.loop.CloseCause;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each request when it is over, in a line of the form that Apache and nginx call combined,
 * with the milliseconds that it took and its name behind.
 */
final class AccessLog implements Middleware {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

  private static final double NANOS_PER_MILLI = 1e6;

  private final Consumer<String> log;

  AccessLog(Consumer<String> log) {
    this.log = log;
  }

  @Override
  public void handle(WebRequest request, WebResponse response, Next next) {
    long began = Clock.SYSTEM.nanoTime();
    response.raw().onClose(cause -> log.accept(line(request, response, began, cause)));
    next.run();
  }

  private static String line(
      WebRequest request, WebResponse response, long began, CloseCause cause) {
    HttpRequest raw = request.raw();
    double millis = (Clock.SYSTEM.nanoTime() - began) / NANOS_PER_MILLI;
    boolean cut = !response.writableEnded();
    return "%s - - [%s] \"%s %s HTTP/%s\" %s %d \"%s\" \"%s\" %.3f %s%s"
        .formatted(
            escaped(request.ip()),
            DATE.format(Instant.ofEpochMilli(Clock.SYSTEM.epochMillis())),
            raw.method(),
            escaped(raw.url()),
            raw.httpVersion(),
            response.headersSent() ? response.statusCode() : "-",
            response.raw().bodyBytes(),
            escaped(raw.header("Referer")),
            escaped(raw.header("User-Agent")),
            millis,
            Objects.requireNonNullElse(request.id(), "-"),
            cut ? " cut " + cause.code() : "");
  }

  /**
   * A stranger's text: quotes, backslashes and what is not ASCII are escaped, as Apache does it.
   */
  private static String escaped(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "-";
    }
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (c < ' ' || c >= 0x7f) {
        escaped.append("\\x%02x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
