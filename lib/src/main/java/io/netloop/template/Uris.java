package io.netloop.template;

import java.nio.charset.StandardCharsets;

/** encodeURI and its kin (ECMAScript 2023, 19.2.6). */
final class Uris {
  static final String RESERVED = ";/?:@&=+$,#";
  static final String COMPONENT = "-_.!~*'()";
  static final String WHOLE = COMPONENT + RESERVED;

  private Uris() {}

  static String encode(String text, String kept) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int point = text.codePointAt(i);
      if (point < 0x80 && (Character.isLetterOrDigit(point) || kept.indexOf(point) >= 0)) {
        out.append((char) point);
      } else if (point >= 0xd800 && point <= 0xdfff) {
        throw new Failure(new ErrorObject("URIError", "URI malformed"), null);
      } else {
        for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
          out.append("%%%02X".formatted(b & 0xff));
        }
      }
    }
    return out.toString();
  }

  static String decode(String text, String reserved) {
    StringBuilder out = new StringBuilder(text.length());
    byte[] bytes = new byte[text.length() / 3];
    int i = 0;
    while (i < text.length()) {
      if (text.charAt(i) != '%') {
        out.append(text.charAt(i++));
        continue;
      }
      int count = 0;
      int start = i;
      while (i < text.length() && text.charAt(i) == '%') {
        bytes[count++] = hex(text, i + 1);
        i += 3;
      }
      append(out, bytes, count, text.substring(start, i), reserved);
    }
    return out.toString();
  }

  private static byte hex(String text, int at) {
    if (at + 2 > text.length() || !text.substring(at, at + 2).matches("[0-9a-fA-F]{2}")) {
      throw new Failure(new ErrorObject("URIError", "URI malformed"), null);
    }
    return (byte) Integer.parseInt(text.substring(at, at + 2), 16);
  }

  private static void append(
      StringBuilder out, byte[] bytes, int count, String written, String reserved) {
    String decoded = new String(bytes, 0, count, StandardCharsets.UTF_8);
    if (decoded.indexOf('\ufffd') >= 0) {
      throw new Failure(new ErrorObject("URIError", "URI malformed"), null);
    }
    int at = 0;
    for (int i = 0; i < decoded.length(); i += Character.charCount(decoded.codePointAt(i))) {
      int point = decoded.codePointAt(i);
      int size = Character.toString(point).getBytes(StandardCharsets.UTF_8).length * 3;
      if (point < 0x80 && reserved.indexOf(point) >= 0) {
        out.append(written, at, at + size);
      } else {
        out.appendCodePoint(point);
      }
      at += size;
    }
  }
}
