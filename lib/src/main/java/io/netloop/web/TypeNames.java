package io.netloop.web;

import java.util.Locale;
import java.util.Objects;

/** Short names of media types, as programs write them: {@code json}, {@code html}. */
final class TypeNames {
  private TypeNames() {}

  /** The media type of a short name; what has a slash, or begins with a plus, is one itself. */
  static String of(String name) {
    if (name.indexOf('/') >= 0 || name.startsWith("+")) {
      return name.toLowerCase(Locale.ROOT);
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "urlencoded" -> "application/x-www-form-urlencoded";
      case "multipart" -> "multipart/*";
      case "json" -> "application/json";
      case "html" -> "text/html";
      case "text", "txt" -> "text/plain";
      case "xml" -> "application/xml";
      default -> Objects.requireNonNullElse(MimeTypes.type(name), MimeTypes.BYTES);
    };
  }

  /** The same with its charset, where it is text. */
  static String withCharset(String type) {
    if (type.contains("charset=")) {
      return type;
    }
    return MimeTypes.isText(type) ? type + "; charset=utf-8" : type;
  }
}
