package io.netloop.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The named parts of values: reading, writing, listing. */
final class Properties {
  private Properties() {}

  static Object get(Object of, String name) {
    if (of instanceof Map<?, ?> map) {
      return get(map, name);
    }
    return switch (of) {
      case Nothing nothing ->
          throw Failure.type(
              "Cannot read properties of %s (reading '%s')".formatted(nothing, name));
      case String text -> ofText(text, name);
      case Number number -> method(of, name);
      case Boolean truth -> method(of, name);
      case Regex regex -> ofRegex(regex, name);
      default -> ofObject(of, name);
    };
  }

  /** With a key of any kind, as in {@code a[b]}. */
  static Object get(Object of, Object key) {
    if (key instanceof Integer index && index >= 0) {
      if (of instanceof List<?> list) {
        return index < list.size() ? Values.of(list.get(index)) : Nothing.UNDEFINED;
      }
      if (of instanceof String text) {
        return index < text.length() ? Texts.character(text.charAt(index)) : Nothing.UNDEFINED;
      }
    }
    return get(of, Values.text(key));
  }

  static Object get(Map<?, ?> map, String name) {
    Object value = raw(map, name);
    if (value != null) {
      return Values.of(value);
    }
    return has(map, name) ? Nothing.NULL : Nothing.UNDEFINED;
  }

  /** What the map holds; a map of other keys than text is asked by the text of its keys. */
  private static @Nullable Object raw(Map<?, ?> map, String name) {
    try {
      Object value = map.get(name);
      if (value != null || map.isEmpty()) {
        return value;
      }
    } catch (ClassCastException e) {
      // A sorted map of numbers compares.
    }
    Object key = otherKey(map, name);
    return key == null ? null : map.get(key);
  }

  private static @Nullable Object otherKey(Map<?, ?> map, String name) {
    Object first = map.isEmpty() ? null : map.keySet().iterator().next();
    if (first == null || first instanceof String) {
      return null;
    }
    for (Object key : map.keySet()) {
      if (keyText(key).equals(name)) {
        return key;
      }
    }
    return null;
  }

  private static String keyText(@Nullable Object key) {
    return key instanceof String text ? text : Values.text(Values.of(key));
  }

  private static boolean has(Map<?, ?> map, String name) {
    try {
      if (map.containsKey(name)) {
        return true;
      }
    } catch (ClassCastException e) {
      // A sorted map of numbers compares.
    }
    return otherKey(map, name) != null;
  }

  private static Object ofText(String text, String name) {
    if (name.equals("length")) {
      return text.length();
    }
    int index = Lists.index(name);
    if (index >= 0) {
      return index < text.length() ? Texts.character(text.charAt(index)) : Nothing.UNDEFINED;
    }
    return method(text, name);
  }

  private static Object ofRegex(Regex regex, String name) {
    return switch (name) {
      case "source" -> regex.source;
      case "flags" -> regex.flags;
      case "global" -> regex.isGlobal();
      case "lastIndex" -> regex.lastIndex;
      default -> method(regex, name);
    };
  }

  private static Object ofObject(Object of, String name) {
    List<?> list = Lists.of(of);
    if (list != null) {
      return ofList(list, name);
    }
    if (of instanceof Namespace namespace) {
      return namespace.get(name);
    }
    Function<Object, @Nullable Object> getter = Shape.of(of).getter(name);
    return getter == null ? method(of, name) : Shape.read(getter, of, name);
  }

  private static Object ofList(List<?> list, String name) {
    if (name.equals("length")) {
      return list.size();
    }
    int index = Lists.index(name);
    if (index >= 0) {
      return index < list.size() ? Values.of(list.get(index)) : Nothing.UNDEFINED;
    }
    return list instanceof Match match && match.has(name) ? match.part(name) : method(list, name);
  }

  /** A method of the language, taken without calling it. */
  private static Object method(Object of, String name) {
    return Methods.has(of, name) ? new Methods.Bound(of, name) : Nothing.UNDEFINED;
  }

  /** The operator {@code in}, and hasOwnProperty. */
  static boolean has(Object of, String name) {
    if (of instanceof Map<?, ?> map) {
      return has(map, name);
    }
    List<?> list = Lists.of(of);
    if (list != null) {
      int index = Lists.index(name);
      return name.equals("length") || (index >= 0 && index < list.size());
    }
    if (of instanceof Namespace namespace) {
      return !Values.isNothing(namespace.get(name));
    }
    return Shape.of(of).getter(name) != null;
  }

  /** The keys in JavaScript's order: whole numbers ascending, then as they were put in. */
  static List<String> keys(Object of) {
    if (of instanceof Map<?, ?> map) {
      return ordered(map.keySet());
    }
    if (of instanceof String text) {
      return indexes(text.length());
    }
    if (!Values.isObject(of)) {
      return List.of();
    }
    List<?> list = Lists.of(of);
    if (list != null) {
      return indexes(list.size());
    }
    return Functions.isFunction(of) || of instanceof Moment
        ? List.of()
        : List.copyOf(Shape.of(of).names());
  }

  private static List<String> indexes(int count) {
    List<String> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(Integer.toString(i));
    }
    return keys;
  }

  private static List<String> ordered(Collection<?> all) {
    List<String> keys = new ArrayList<>(all.size());
    boolean numbers = false;
    for (Object key : all) {
      String text = keyText(key);
      keys.add(text);
      numbers |= Lists.index(text) >= 0;
    }
    if (!numbers) {
      return keys;
    }
    List<String> sorted = new ArrayList<>(keys.size());
    keys.stream()
        .filter(key -> Lists.index(key) >= 0)
        .sorted((a, b) -> Integer.compare(Lists.index(a), Lists.index(b)))
        .forEach(sorted::add);
    keys.stream().filter(key -> Lists.index(key) < 0).forEach(sorted::add);
    return sorted;
  }

  static void set(Object of, Object key, Object value) {
    if (of instanceof Nothing) {
      throw Failure.type(
          "Cannot set properties of %s (setting '%s')".formatted(of, Values.text(key)));
    }
    try {
      if (of instanceof Map<?, ?>) {
        put(of, Values.text(key), value);
      } else if (of instanceof List<?> list) {
        Lists.set(list, Values.text(key), value);
      } else if (of instanceof Regex regex && key.equals("lastIndex")) {
        regex.lastIndex = Math.max(0, Values.integer(value));
      } else {
        throw new UnsupportedOperationException();
      }
    } catch (UnsupportedOperationException | ClassCastException | IllegalArgumentException e) {
      throw Failure.type(
          "'%s' of a %s cannot be changed: only maps and lists that Java can change take values"
              .formatted(Values.text(key), describe(of)));
    }
  }

  private static String describe(Object of) {
    return Values.isObject(of) ? of.getClass().getSimpleName() : Values.typeOf(of);
  }

  /** A map of Java's takes what its user gave it: text keys, null for nothing. */
  @SuppressWarnings("unchecked")
  private static void put(Object of, String name, Object value) {
    ((Map<String, @Nullable Object>) of).put(name, value == Nothing.NULL ? null : value);
  }

  static boolean delete(Object of, String name) {
    if (of instanceof Nothing) {
      throw Failure.type("Cannot convert undefined or null to object");
    }
    if (of instanceof Map<?, ?> map) {
      try {
        map.remove(name);
        return true;
      } catch (UnsupportedOperationException | ClassCastException e) {
        throw Failure.type(
            "Cannot delete property '%s' of a map that cannot be changed".formatted(name));
      }
    }
    return true;
  }
}
