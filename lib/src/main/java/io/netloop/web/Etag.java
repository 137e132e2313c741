package io.netloop.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Entity tags of bodies, and whether a client has the same already (RFC 9110 §8.8.3 and §13). */
final class Etag {
  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  /** As many characters of the sum as npm's etag takes. */
  private static final int SUM_LENGTH = 27;

  private static final ThreadLocal<MessageDigest> SHA1 = ThreadLocal.withInitial(Etag::sha1);

  private Etag() {}

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every JVM has SHA-1, but for this one.", missing);
    }
  }

  /** {@code W/"<length>-<sum>"}, as Express has it: the sum protects from nothing but chance. */
  static String weak(byte[] body, int from, int length) {
    MessageDigest digest = SHA1.get();
    digest.update(body, from, length);
    String sum = BASE64.encodeToString(digest.digest());
    return "W/\"" + Integer.toHexString(length) + "-" + sum.substring(0, SUM_LENGTH) + "\"";
  }

  /**
   * Whether the client's copy is still right.
   *
   * @param noneMatch {@code If-None-Match}, or null
   * @param since {@code If-Modified-Since}, or null
   * @param cacheControl the request's, or null; {@code no-cache} wants a new answer anyway
   * @param etag the response's, or null
   * @param lastModified the response's, or null
   */
  static boolean isFresh(
      @Nullable String noneMatch,
      @Nullable String since,
      @Nullable String cacheControl,
      @Nullable String etag,
      @Nullable String lastModified) {
    if ((noneMatch == null && since == null) || isNoCache(cacheControl)) {
      return false;
    }
    if (noneMatch != null) {
      return noneMatch.strip().equals("*") || (etag != null && matches(noneMatch, etag));
    }
    var asked = HttpDate.parse(since);
    var has = HttpDate.parse(lastModified);
    return asked != null && has != null && !has.isAfter(asked);
  }

  private static boolean isNoCache(@Nullable String cacheControl) {
    return cacheControl != null
        && MediaType.split(cacheControl, ',').stream().anyMatch("no-cache"::equalsIgnoreCase);
  }

  /** The weak comparison: what makes a tag weak is left out. */
  private static boolean matches(String list, String etag) {
    String plain = withoutWeak(etag);
    for (String tag : MediaType.split(list, ',')) {
      if (withoutWeak(tag).equals(plain)) {
        return true;
      }
    }
    return false;
  }

  private static String withoutWeak(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
