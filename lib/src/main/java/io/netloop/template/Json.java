package io.netloop.template;

import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON.stringify and JSON.parse (ECMAScript 2023, 25.5). */
final class Json {
  /** A value that contains itself is found by its depth. */
  static final int DEEPEST = 500;

  private final StringBuilder out = new StringBuilder();
  private final String gap;

  private Json(String gap) {
    this.gap = gap;
  }

  /** The text of an object, a list or another value; never undefined. */
  static String text(Object value) {
    Object text = stringify(value, "");
    return text instanceof String json ? json : "";
  }

  /** The text, or undefined for what has none. */
  static Object stringify(Object value, String gap) {
    Json json = new Json(gap);
    return json.value(value, 0) ? json.out.toString() : Nothing.UNDEFINED;
  }

  /** Tells whether the value has a text; if not, nothing is written. */
  private boolean value(Object value, int depth) {
    if (depth > DEEPEST) {
      throw Failure.type("Converting circular structure to JSON");
    }
    Texts.grow(out.length());
    switch (value) {
      case String text -> quote(text, out);
      case Number number ->
          out.append(
              Double.isFinite(number.doubleValue()) || !(number instanceof Double)
                  ? Numbers.text(number)
                  : "null");
      case Boolean truth -> out.append(truth);
      case Nothing nothing -> {
        if (nothing == Nothing.UNDEFINED) {
          return false;
        }
        out.append("null");
      }
      default -> {
        return object(value, depth);
      }
    }
    return true;
  }

  private boolean object(Object value, int depth) {
    if (value instanceof Moment moment) {
      return value(moment.isValid() ? moment.iso() : Nothing.NULL, depth);
    }
    if (Functions.isFunction(value)) {
      return false;
    }
    List<?> list = Lists.of(value);
    if (list != null) {
      list(list, depth);
      return true;
    }
    if (value instanceof Regex) {
      out.append("{}");
    } else if (value instanceof TemporalAccessor
        || !(value instanceof Map<?, ?> || Shape.of(value).isObject())) {
      quote(String.valueOf(value), out);
    } else {
      properties(value, depth);
    }
    return true;
  }

  private void list(List<?> list, int depth) {
    out.append('[');
    boolean first = true;
    for (Object item : list) {
      separate(first, depth + 1);
      first = false;
      if (!value(Values.of(item), depth + 1)) {
        out.append("null");
      }
    }
    end(first, depth, ']');
  }

  private void properties(Object object, int depth) {
    out.append('{');
    boolean first = true;
    for (String key : Properties.keys(object)) {
      int before = out.length();
      separate(first, depth + 1);
      quote(key, out);
      out.append(gap.isEmpty() ? ":" : ": ");
      if (value(Properties.get(object, key), depth + 1)) {
        first = false;
      } else {
        out.setLength(before);
      }
    }
    end(first, depth, '}');
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(',');
    }
    if (!gap.isEmpty()) {
      out.append('\n').repeat(gap, depth);
    }
  }

  private void end(boolean empty, int depth, char bracket) {
    if (!gap.isEmpty() && !empty) {
      out.append('\n').repeat(gap, depth);
    }
    out.append(bracket);
  }

  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ' || isLone(text, i)) {
            out.append("\\u").append("%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** Half of a pair of UTF-16. */
  private static boolean isLone(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }

  /** JSON.parse. */
  static Object parse(String text) {
    Reader reader = new Reader(text);
    Object value = reader.value(0);
    reader.blanks();
    if (reader.at < text.length()) {
      throw reader.wrong();
    }
    return value;
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    private Failure wrong() {
      return new Failure(
          new ErrorObject(
              "SyntaxError",
              at < text.length()
                  ? "Unexpected token '%c' in JSON at position %d".formatted(text.charAt(at), at)
                  : "Unexpected end of JSON input"),
          null);
    }

    private void blanks() {
      while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private boolean take(String word) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return true;
      }
      return false;
    }

    private Object value(int depth) {
      if (depth > DEEPEST) {
        throw Failure.range("JSON is nested deeper than %d levels".formatted(DEEPEST));
      }
      blanks();
      if (take("{")) {
        return object(depth);
      }
      if (take("[")) {
        return list(depth);
      }
      if (at < text.length() && text.charAt(at) == '"') {
        return string();
      }
      if (take("true")) {
        return true;
      }
      if (take("false")) {
        return false;
      }
      return take("null") ? Nothing.NULL : number();
    }

    private Object object(int depth) {
      Map<String, Object> object = new LinkedHashMap<>();
      blanks();
      if (take("}")) {
        return object;
      }
      do {
        blanks();
        String key = string();
        blanks();
        if (!take(":")) {
          throw wrong();
        }
        object.put(key, value(depth + 1));
        blanks();
      } while (take(","));
      if (!take("}")) {
        throw wrong();
      }
      return object;
    }

    private Object list(int depth) {
      List<Object> list = new ArrayList<>();
      blanks();
      if (take("]")) {
        return list;
      }
      do {
        list.add(value(depth + 1));
        blanks();
      } while (take(","));
      if (!take("]")) {
        throw wrong();
      }
      return list;
    }

    private Object number() {
      int from = at;
      while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      String number = text.substring(from, at);
      if (!number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
        at = from;
        throw wrong();
      }
      return Numbers.narrow(Double.parseDouble(number));
    }

    private String string() {
      if (!take("\"")) {
        throw wrong();
      }
      StringBuilder value = new StringBuilder();
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c < ' ') {
          throw wrong();
        }
        at++;
        if (c == '"') {
          return value.toString();
        }
        value.append(c == '\\' ? escape() : c);
      }
      throw wrong();
    }

    private char escape() {
      char c = at < text.length() ? text.charAt(at) : '\0';
      int simple = "\"\\/bfnrt".indexOf(c);
      if (simple >= 0) {
        at++;
        return "\"\\/\b\f\n\r\t".charAt(simple);
      }
      if (c == 'u' && at + 5 <= text.length()) {
        @Nullable Integer code = hex(text.substring(at + 1, at + 5));
        if (code != null) {
          at += 5;
          return (char) code.intValue();
        }
      }
      throw wrong();
    }

    private static @Nullable Integer hex(String digits) {
      return digits.matches("[0-9a-fA-F]{4}") ? Integer.valueOf(digits, 16) : null;
    }
  }
}
