package io.netloop.web;

import io.netloop.engine.Clock;
import io.netloop.loop.NetException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** Puts the value of a {@code Set-Cookie} together (RFC 6265 §4.1). */
final class SetCookie {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");

  private SetCookie() {}

  /**
   * A cookie's value with its signature.
   *
   * @throws IllegalStateException where the app has no secret
   */
  static String signed(String name, String value, List<String> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalStateException(
          "The cookie " + name + " can't be signed: call app.cookieSecrets(…) before.");
    }
    return Cookies.sign(value, secrets.getFirst());
  }

  /**
   * The whole value: the cookie's is escaped, so that it may be any text.
   *
   * @throws NetException {@code ERR_INVALID_HTTP_TOKEN} for a name that is none
   */
  static String text(String name, String value, CookieOptions options) {
    if (!NAME.matcher(name).matches()) {
      throw new NetException(
          "ERR_INVALID_HTTP_TOKEN", "Cookie name must be a valid HTTP token [\"" + name + "\"]");
    }
    StringBuilder text = new StringBuilder(name).append('=').append(Percent.encodeComponent(value));
    Instant expires = options.expires();
    if (options.maxAge() != null) {
      text.append("; Max-Age=").append(options.maxAge().toSeconds());
      expires = Instant.ofEpochMilli(Clock.SYSTEM.epochMillis()).plus(options.maxAge());
    }
    if (options.domain() != null) {
      text.append("; Domain=").append(options.domain());
    }
    if (!options.path().isEmpty()) {
      text.append("; Path=").append(options.path());
    }
    if (expires != null) {
      text.append("; Expires=").append(HttpDate.text(expires));
    }
    if (options.httpOnly()) {
      text.append("; HttpOnly");
    }
    if (options.secure()) {
      text.append("; Secure");
    }
    if (options.partitioned()) {
      text.append("; Partitioned");
    }
    if (options.priority() != null) {
      text.append("; Priority=").append(options.priority().text);
    }
    if (options.sameSite() != null) {
      text.append("; SameSite=").append(options.sameSite().text);
    }
    return text.toString();
  }
}
