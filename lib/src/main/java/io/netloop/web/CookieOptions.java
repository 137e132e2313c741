package io.netloop.web;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a cookie says beside its value. <i>Immutable.</i>
 *
 * @param maxAge how long the client keeps it, or null, the default, for as long as it runs. Said as
 *     {@code Max-Age} in whole seconds and, for old clients, as {@code Expires}
 * @param expires when it ends, where no {@code maxAge} says so; or null
 * @param domain which hosts get it, or null, the default, for the one that has set it
 * @param path below which path it is sent; {@code /} by default
 * @param httpOnly whether scripts can't see it; false by default, as in Express
 * @param secure whether it is sent over HTTPS only; false by default
 * @param partitioned whether it is kept apart for each site that embeds this one; false by default
 * @param priority {@code Low}, {@code Medium}, {@code High}, or null
 * @param sameSite {@code Strict}, {@code Lax}, {@code None}, or null, the default
 * @param signed whether the value is signed with the app's secret, so that {@link
 *     WebRequest#signedCookie} knows it for ours; false by default
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6265">RFC 6265 §4.1</a>
 */
public record CookieOptions(
    @Nullable Duration maxAge,
    @Nullable Instant expires,
    @Nullable String domain,
    String path,
    boolean httpOnly,
    boolean secure,
    boolean partitioned,
    @Nullable Priority priority,
    @Nullable SameSite sameSite,
    boolean signed) {

  private static final Pattern DOMAIN =
      Pattern.compile(
          "[.]?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*",
          Pattern.CASE_INSENSITIVE);

  private static final CookieOptions DEFAULTS =
      new CookieOptions(null, null, null, "/", false, false, false, null, null, false);

  /** Which cookies a client lets go last. */
  public enum Priority {
    LOW("Low"),
    MEDIUM("Medium"),
    HIGH("High");

    final String text;

    Priority(String text) {
      this.text = text;
    }
  }

  /** Whether the cookie comes with requests that other sites cause. */
  public enum SameSite {
    /** With none of them. */
    STRICT("Strict"),
    /** Where somebody follows a link to this site. */
    LAX("Lax"),
    /** With all of them; clients want {@code secure} for it. */
    NONE("None");

    final String text;

    SameSite(String text) {
      this.text = text;
    }
  }

  /**
   * Checks what would break the header that it stands in.
   *
   * @throws IllegalArgumentException for a domain or a path that is none
   */
  public CookieOptions {
    if (domain != null && !DOMAIN.matcher(domain).matches()) {
      throw new IllegalArgumentException(
          "A cookie's domain is a host's name, not \"" + domain + "\".");
    }
    if (!path.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != ';' && c != '<')) {
      throw new IllegalArgumentException(
          "A cookie's path has no control characters and no ';', not \"" + path + "\".");
    }
  }

  /** A cookie of the client's session, for the whole site. */
  public static CookieOptions defaults() {
    return DEFAULTS;
  }

  public CookieOptions withMaxAge(@Nullable Duration time) {
    return new CookieOptions(
        time, expires, domain, path, httpOnly, secure, partitioned, priority, sameSite, signed);
  }

  public CookieOptions withExpires(@Nullable Instant moment) {
    return new CookieOptions(
        maxAge, moment, domain, path, httpOnly, secure, partitioned, priority, sameSite, signed);
  }

  public CookieOptions withDomain(@Nullable String host) {
    return new CookieOptions(
        maxAge, expires, host, path, httpOnly, secure, partitioned, priority, sameSite, signed);
  }

  public CookieOptions withPath(String below) {
    return new CookieOptions(
        maxAge, expires, domain, below, httpOnly, secure, partitioned, priority, sameSite, signed);
  }

  public CookieOptions withHttpOnly(boolean on) {
    return new CookieOptions(
        maxAge, expires, domain, path, on, secure, partitioned, priority, sameSite, signed);
  }

  public CookieOptions withSecure(boolean on) {
    return new CookieOptions(
        maxAge, expires, domain, path, httpOnly, on, partitioned, priority, sameSite, signed);
  }

  public CookieOptions withPartitioned(boolean on) {
    return new CookieOptions(
        maxAge, expires, domain, path, httpOnly, secure, on, priority, sameSite, signed);
  }

  public CookieOptions withPriority(@Nullable Priority kind) {
    return new CookieOptions(
        maxAge, expires, domain, path, httpOnly, secure, partitioned, kind, sameSite, signed);
  }

  public CookieOptions withSameSite(@Nullable SameSite kind) {
    return new CookieOptions(
        maxAge, expires, domain, path, httpOnly, secure, partitioned, priority, kind, signed);
  }

  public CookieOptions withSigned(boolean on) {
    return new CookieOptions(
        maxAge, expires, domain, path, httpOnly, secure, partitioned, priority, sameSite, on);
  }
}
