package io.netloop.template;

import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** Lists of JavaScript: lists, arrays, collections and streams of Java. */
final class Lists {
  /** No list made by a template grows longer. */
  static final int LONGEST = 10_000_000;

  private Lists() {}

  /** The value as a list, or null where it is none. */
  static @Nullable List<?> of(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof String || value instanceof Map<?, ?> || value instanceof Number) {
      return null;
    }
    if (value instanceof Object[] array) {
      return Arrays.asList(array);
    }
    if (value.getClass().isArray()) {
      return new Primitives(value);
    }
    if (value instanceof Collection<?> collection) {
      return Collections.unmodifiableList(new ArrayList<>(collection));
    }
    if (value instanceof BaseStream<?, ?> || value instanceof Iterable<?>) {
      return value instanceof Path ? null : drain(iterator(value));
    }
    return null;
  }

  /** Whether the value is a list; a stream is not used up by asking. */
  static boolean isList(Object value) {
    return value instanceof List<?>
        || (!(value instanceof String || value instanceof Map<?, ?> || value instanceof Number)
            && (value.getClass().isArray()
                || value instanceof Collection<?>
                || value instanceof BaseStream<?, ?>
                || (value instanceof Iterable<?> && !(value instanceof Path))));
  }

  /** What a stream or an Iterable gives one by one. */
  static Iterator<?> iterator(Object value) {
    try {
      return value instanceof BaseStream<?, ?> stream
          ? stream.iterator()
          : ((Iterable<?>) value).iterator();
    } catch (IllegalStateException e) {
      throw Failure.of("a stream can be looped over once, and this one has been: pass a list", e);
    }
  }

  private static List<Object> drain(Iterator<?> items) {
    List<Object> list = new ArrayList<>();
    while (items.hasNext()) {
      list.add(Values.of(items.next()));
      grow(list.size());
    }
    return Collections.unmodifiableList(list);
  }

  /** What gives its items once, or each time anew, as a list; any other value as it is. */
  static Object taken(Object value) {
    if (value instanceof List<?> || value instanceof String || value instanceof Map<?, ?>) {
      return value;
    }
    List<?> list =
        value instanceof BaseStream<?, ?> || value instanceof Iterable<?> ? of(value) : null;
    return list == null ? value : list;
  }

  static void grow(long size) {
    if (size > LONGEST) {
      throw new LimitExceeded(
          "A list is longer than %d items, which is the limit.".formatted(LONGEST));
    }
  }

  /** An array of int, double and so on. */
  private static final class Primitives extends AbstractList<Object> {
    private final Object array;

    Primitives(Object array) {
      this.array = array;
    }

    @Override
    public Object get(int index) {
      return Values.of(Array.get(array, index));
    }

    @Override
    public int size() {
      return Array.getLength(array);
    }
  }

  /** The whole number that a key is, or -1. */
  static int index(String key) {
    int length = key.length();
    if (length == 0 || length > 10 || (length > 1 && key.charAt(0) == '0')) {
      return -1;
    }
    long index = 0;
    for (int i = 0; i < length; i++) {
      char c = key.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      index = index * 10 + c - '0';
    }
    return index < Integer.MAX_VALUE ? (int) index : -1;
  }

  static String join(List<?> list, String separator) {
    StringBuilder text = new StringBuilder();
    join(list, separator, text, 0);
    return text.toString();
  }

  private static void join(List<?> list, String separator, StringBuilder text, int depth) {
    if (depth > Json.DEEPEST) {
      throw Failure.range("A list is nested deeper than %d levels".formatted(Json.DEEPEST));
    }
    boolean first = true;
    for (Object item : list) {
      if (!first) {
        text.append(separator);
      }
      first = false;
      Object value = Values.of(item);
      List<?> inner = Values.isObject(value) ? of(value) : null;
      if (inner != null) {
        join(inner, ",", text, depth + 1);
      } else if (!Values.isNothing(value)) {
        text.append(Values.text(value));
      }
      Texts.grow(text.length());
    }
  }

  /** Sets an item; behind the end the list grows. */
  static void set(List<?> of, String key, Object value) {
    List<Object> list = changeable(of);
    if (key.equals("length")) {
      resize(list, Values.integer(value));
      return;
    }
    int index = index(key);
    if (index < 0) {
      throw Failure.type("A list takes whole numbers as keys, not '%s'".formatted(key));
    }
    if (index >= list.size()) {
      grow(index);
      resize(list, index + 1);
    }
    list.set(index, value);
  }

  private static void resize(List<Object> list, int size) {
    if (size < 0) {
      throw Failure.range("Invalid array length");
    }
    grow(size);
    while (list.size() < size) {
      list.add(Nothing.UNDEFINED);
    }
    if (list.size() > size) {
      list.subList(size, list.size()).clear();
    }
  }

  /** The list to change it; what Java gave may refuse. */
  @SuppressWarnings("unchecked")
  static List<Object> changeable(List<?> list) {
    return (List<Object>) list;
  }
}
