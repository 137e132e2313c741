package io.netloop.chat;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object, field after field. Characters stand as they are; only quotation marks,
 * backslashes, control characters and lone surrogates are escaped, the last because UTF-8 has no
 * bytes for them and because JSON writers refuse them, although JSON can carry them. <i>Not
 * thread-safe; for one text.</i>
 */
final class JsonText {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder(128).append('{');

  /** A field whose value is JSON already. */
  JsonText raw(String name, String json) {
    name(name).append(json);
    return this;
  }

  /** A field of text, or of null. */
  JsonText text(String name, @Nullable String value) {
    quoteOrNull(name(name), value);
    return this;
  }

  JsonText number(String name, long value) {
    name(name).append(value);
    return this;
  }

  JsonText flag(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  /** A field of a list of texts. */
  JsonText texts(String name, Collection<String> values) {
    name(name).append('[');
    String separator = "";
    for (String value : values) {
      out.append(separator);
      quote(out, value);
      separator = ",";
    }
    out.append(']');
    return this;
  }

  /** A field of a list of values that are JSON already. */
  JsonText list(String name, Collection<String> jsons) {
    name(name).append('[');
    String separator = "";
    for (String json : jsons) {
      out.append(separator).append(json);
      separator = ",";
    }
    out.append(']');
    return this;
  }

  /** The whole object, with nothing after its brace. */
  String end() {
    return out.append('}').toString();
  }

  private StringBuilder name(String name) {
    if (out.length() > 1) {
      out.append(',');
    }
    quote(out, name);
    return out.append(':');
  }

  private static void quoteOrNull(StringBuilder out, @Nullable String text) {
    if (text == null) {
      out.append("null");
    } else {
      quote(out, text);
    }
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            out.append(c).append(text.charAt(++i));
          } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
            escape(out, c);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt(c >> shift & 0xf));
    }
  }
}
