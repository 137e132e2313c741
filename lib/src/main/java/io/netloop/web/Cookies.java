package io.netloop.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads what a client sends as {@code Cookie}, and signs values (RFC 6265 §5.4, npm's cookie). */
final class Cookies {
  private static final String SIGNED = "s:";

  private Cookies() {}

  /** Names and values: of equal names the first, values out of their quotes and escapes. */
  static Map<String, String> parse(@Nullable String header) {
    if (header == null) {
      return Map.of();
    }
    Map<String, String> cookies = new LinkedHashMap<>();
    for (int at = 0; at < header.length(); ) {
      int end = header.indexOf(';', at);
      end = end < 0 ? header.length() : end;
      int sign = header.indexOf('=', at);
      if (sign >= 0 && sign < end) {
        cookies.putIfAbsent(
            header.substring(at, sign).strip(), value(header.substring(sign + 1, end).strip()));
      }
      at = end + 1;
    }
    return Collections.unmodifiableMap(cookies);
  }

  private static String value(String raw) {
    boolean quoted = raw.length() >= 2 && raw.startsWith("\"") && raw.endsWith("\"");
    String value = quoted ? raw.substring(1, raw.length() - 1) : raw;
    String decoded = Percent.decode(value, 0, value.length());
    return decoded == null ? value : decoded;
  }

  /** {@code s:value.signature}: HMAC-SHA256, base64 without padding, as npm's cookie-signature. */
  static String sign(String value, String secret) {
    return SIGNED + value + "." + signature(value, secret);
  }

  /** The value that one of these secrets has signed; null where none has. */
  static @Nullable String unsign(String signed, List<String> secrets) {
    int dot = signed.lastIndexOf('.');
    if (!signed.startsWith(SIGNED) || dot < SIGNED.length()) {
      return null;
    }
    String value = signed.substring(SIGNED.length(), dot);
    byte[] found = signed.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
    for (String secret : secrets) {
      byte[] expected = signature(value, secret).getBytes(StandardCharsets.UTF_8);
      if (MessageDigest.isEqual(expected, found)) {
        return value;
      }
    }
    return null;
  }

  private static String signature(String value, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] sum = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().withoutPadding().encodeToString(sum);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every JVM has HmacSHA256, but for this one.", missing);
    }
  }
}
