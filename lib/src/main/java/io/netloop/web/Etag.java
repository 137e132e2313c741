package io.netloop.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Entity tags of bodies (RFC 9110 §8.8.3). */
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
}
