package io.netloop.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A media type with its parameters (RFC 9110 §8.3.1): what {@code Content-Type} says.
 * <i>Immutable.</i>
 *
 * @param main what stands before the slash, in small letters
 * @param sub what stands behind it
 * @param parameters by their names in small letters
 */
record MediaType(String main, String sub, Map<String, String> parameters) {

  /** Reads one; null where it is none. */
  static @Nullable MediaType parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    List<String> parts = split(text, ';');
    String type = parts.getFirst().toLowerCase(Locale.ROOT);
    int slash = type.indexOf('/');
    if (slash <= 0 || slash == type.length() - 1 || type.indexOf('/', slash + 1) >= 0) {
      return null;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : parts.subList(1, parts.size())) {
      int sign = part.indexOf('=');
      if (sign > 0) {
        String name = part.substring(0, sign).strip().toLowerCase(Locale.ROOT);
        parameters.putIfAbsent(name, unquoted(part.substring(sign + 1).strip()));
      }
    }
    return new MediaType(type.substring(0, slash), type.substring(slash + 1), parameters);
  }

  /** The parameter in small letters, or null. */
  @Nullable String charset() {
    String charset = parameters.get("charset");
    return charset == null ? null : charset.toLowerCase(Locale.ROOT);
  }

  /** Type and subtype. */
  String name() {
    return main + "/" + sub;
  }

  /**
   * Whether this is the type that a program names: {@code application/json}, {@code text/*}, {@code
   * *}{@code /*}, {@code +json} for all that end so, or a short name as {@code json}.
   */
  boolean is(String wanted) {
    String full = TypeNames.of(wanted);
    if (full.startsWith("+")) {
      return sub.endsWith(full);
    }
    int slash = full.indexOf('/');
    if (slash < 0) {
      return false;
    }
    String wantedMain = full.substring(0, slash);
    String wantedSub = full.substring(slash + 1);
    return (wantedMain.equals("*") || wantedMain.equals(main))
        && (wantedSub.equals("*")
            || wantedSub.equals(sub)
            || (wantedSub.startsWith("*+") && sub.endsWith(wantedSub.substring(1))));
  }

  /** Parts between such signs outside of quotes, without the blanks around them. */
  static List<String> split(String text, char sign) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == sign && !quoted) {
        parts.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    parts.add(text.substring(from).strip());
    return parts;
  }

  /** The text of a quoted string, or what is not one as it is (RFC 9110 §5.6.4). */
  static String unquoted(String text) {
    if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < text.length() - 1; i++) {
      if (text.charAt(i) == '\\' && i + 1 < text.length() - 1) {
        i++;
      }
      plain.append(text.charAt(i));
    }
    return plain.toString();
  }
}
