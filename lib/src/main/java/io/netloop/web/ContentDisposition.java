package io.netloop.web;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How a client is told to save what it gets, and under which name (RFC 6266, RFC 8187). */
final class ContentDisposition {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private ContentDisposition() {}

  /**
   * {@code attachment}, with a name that may hold any characters: for clients that know no more,
   * one of ASCII stands before it.
   *
   * @param name of it only what is behind the last slash or backslash is told
   */
  static String attachment(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    if (last.isEmpty()) {
      return "attachment";
    }
    StringBuilder plain = new StringBuilder(last.length() + 8);
    boolean isPlain = true;
    for (int i = 0; i < last.length(); i++) {
      char c = last.charAt(i);
      boolean shown = c >= ' ' && c < 0x7f;
      // Some clients take escapes back also where there are none.
      isPlain &= shown && c != '%';
      if (c == '"') {
        plain.append('\\');
      }
      if (!Character.isLowSurrogate(c) || shown) {
        plain.append(shown ? c : '?');
      }
    }
    String value = "attachment; filename=\"" + plain + '"';
    return isPlain ? value : value + "; filename*=UTF-8''" + escape(last);
  }

  /** All but {@code attr-char} (RFC 8187 §3.2.1) is escaped; control characters become a blank. */
  private static String escape(String name) {
    StringBuilder escaped = new StringBuilder(3 * name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean isPlain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || (b > 0 && "!#$&+-.^_`|~".indexOf(b) >= 0);
      if (isPlain) {
        escaped.append((char) b);
      } else {
        HEX.toHexDigits(escaped.append('%'), (b >= 0 && b < ' ') || b == 0x7f ? (byte) ' ' : b);
      }
    }
    return escaped.toString();
  }
}
