package io.netloop.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a route's parameters, decoded. <i>Immutable.</i> */
final class Params {
  static final Params NONE = new Params(new String[0], new Object[0]);

  private final String[] names;

  /** A text, or for a wildcard a list of texts. */
  private final Object[] values;

  private Params(String[] names, Object[] values) {
    this.names = names;
    this.values = values;
  }

  /**
   * What a pattern has found.
   *
   * @throws WebException 400 where an escape can't be read
   */
  static Params of(PathPattern.Match match, String path) {
    PathShape shape = match.shape();
    int count = shape.names.length;
    if (count == 0) {
      return NONE;
    }
    Object[] values = new Object[count];
    int[] spans = match.spans();
    for (int i = 0; i < count; i++) {
      int from = spans[2 * i];
      int to = spans[2 * i + 1];
      values[i] = shape.wild[i] ? segments(path, from, to) : decoded(path, from, to);
    }
    return new Params(shape.names, values);
  }

  private static List<String> segments(String path, int from, int to) {
    List<String> segments = new ArrayList<>();
    int begin = from;
    for (int i = from; i <= to; i++) {
      if (i == to || path.charAt(i) == '/') {
        segments.add(decoded(path, begin, i));
        begin = i + 1;
      }
    }
    return Collections.unmodifiableList(segments);
  }

  private static String decoded(String path, int from, int to) {
    String decoded = Percent.decode(path, from, to);
    if (decoded == null) {
      throw new WebException(
          400, "ERR_BAD_ESCAPE", "Failed to decode param '" + path.substring(from, to) + "'");
    }
    return decoded;
  }

  /** These and what the outer ones have beside them. */
  Params over(Params outer) {
    if (outer.names.length == 0) {
      return this;
    }
    Map<String, Object> all = new LinkedHashMap<>(outer.toMap());
    all.putAll(toMap());
    return new Params(all.keySet().toArray(new String[0]), all.values().toArray());
  }

  @Nullable Object get(String name) {
    for (int i = names.length - 1; i >= 0; i--) {
      if (names[i].equals(name)) {
        return values[i];
      }
    }
    return null;
  }

  boolean isEmpty() {
    return names.length == 0;
  }

  String[] names() {
    return names;
  }

  /** A value as one text: the segments of a wildcard with slashes between. */
  static String text(Object value) {
    return value instanceof List<?> segments
        ? String.join("/", segments.stream().map(String::valueOf).toList())
        : value.toString();
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      map.put(names[i], values[i]);
    }
    return Collections.unmodifiableMap(map);
  }
}
