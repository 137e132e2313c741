package io.netloop.http;

import io.netloop.loop.NetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The headers that a program has set, in the order in which it first set each. Few, as a rule: they
 * are looked through one by one, without regard to letter case. Loop-confined.
 */
final class OutgoingHeaders {
  private static final int FIRST_SLOTS = 4;
  private static final Object[] NOTHING = {};

  /** Name and value in turn. A value is a text, a number, or a list of texts: one line each. */
  private Object[] slots = NOTHING;

  private int size;

  int size() {
    return size;
  }

  String name(int index) {
    return (String) slots[2 * index];
  }

  Object value(int index) {
    return slots[2 * index + 1];
  }

  @Nullable Object get(String name) {
    int index = find(name);
    return index < 0 ? null : value(index);
  }

  boolean has(String name) {
    return find(name) >= 0;
  }

  /** Sets a header that was checked; keeps its place and takes the latest spelling of the name. */
  void set(String name, Object value) {
    int index = find(name);
    if (index < 0) {
      add(name, value);
    } else {
      slots[2 * index] = name;
      slots[2 * index + 1] = value;
    }
  }

  /** A line of its own even where there is one of this name. */
  void add(String name, Object value) {
    if (2 * size == slots.length) {
      slots = size == 0 ? new Object[FIRST_SLOTS] : Arrays.copyOf(slots, 4 * size);
    }
    slots[2 * size] = name;
    slots[2 * size + 1] = value;
    size++;
  }

  /** Adds a value to those that are there. */
  void append(String name, List<String> more) {
    int index = find(name);
    if (index < 0) {
      add(name, more.size() == 1 ? more.getFirst() : more);
      return;
    }
    List<String> all = new ArrayList<>(texts(value(index)));
    all.addAll(more);
    slots[2 * index + 1] = List.copyOf(all);
  }

  /** Takes a header out; returns whether there was one. */
  boolean remove(String name) {
    int index = find(name);
    if (index < 0) {
      return false;
    }
    size--;
    System.arraycopy(slots, 2 * index + 2, slots, 2 * index, 2 * (size - index));
    return true;
  }

  private int find(String name) {
    int length = name.length();
    for (int i = 0; i < size; i++) {
      String each = name(i);
      if (each.length() == length && each.equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Names and values, in turn, for {@link #areSame}. */
  Object[] copy() {
    return Arrays.copyOf(slots, 2 * size);
  }

  /** Whether these are the headers, the very same strings. */
  @SuppressWarnings("ReferenceEquality") // that is the point
  boolean areSame(Object[] others) {
    if (others.length != 2 * size) {
      return false;
    }
    for (int i = 0; i < others.length; i++) {
      if (others[i] != slots[i]) {
        return false;
      }
    }
    return true;
  }

  /** The lines that a value makes. */
  @SuppressWarnings("unchecked")
  static List<String> texts(Object value) {
    return value instanceof List<?> list ? (List<String>) list : List.of(value.toString());
  }

  /** The names as they were set. */
  List<String> names() {
    String[] names = new String[size];
    for (int i = 0; i < size; i++) {
      names[i] = name(i);
    }
    return List.of(names);
  }

  /** The names in small letters. */
  List<String> lowerNames() {
    return names().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  // Checks

  /**
   * Refuses what would break the message that it stands in.
   *
   * @throws NetException {@code ERR_INVALID_HTTP_TOKEN}
   */
  static void checkName(String name) {
    if (!Syntax.isToken(name)) {
      throw new NetException(
          "ERR_INVALID_HTTP_TOKEN", "Header name must be a valid HTTP token [\"" + name + "\"]");
    }
  }

  /**
   * Refuses what would break the message that it stands in.
   *
   * @throws NetException {@code ERR_HTTP_INVALID_HEADER_VALUE} for null, {@code ERR_INVALID_CHAR}
   */
  static void checkValue(String name, @Nullable String value) {
    if (value == null) {
      throw new NetException(
          "ERR_HTTP_INVALID_HEADER_VALUE",
          "Invalid value \"null\" for header \"" + name + "\": remove it, or set a text.");
    }
    if (Syntax.badValueCharacter(value) >= 0) {
      throw new NetException(
          "ERR_INVALID_CHAR", "Invalid character in header content [\"" + name + "\"]");
    }
  }

  /** As {@link #checked}, for what stands behind a body: it is told which of both is wrong. */
  static Object checkedTrailer(String name, @Nullable Object value) {
    try {
      return checked(name, value);
    } catch (NetException wrong) {
      String text = String.valueOf(wrong.getMessage());
      throw new NetException(
          wrong.code(),
          text.replace("Header name", "Trailer name").replace("in header", "in trailer"));
    }
  }

  /** A value that a program has handed in, checked: a text, a number, or a list of texts. */
  static Object checked(String name, @Nullable Object value) {
    checkName(name);
    if (value instanceof Number) {
      return value;
    }
    if (value instanceof Iterable<?> several) {
      List<String> lines = new ArrayList<>();
      several.forEach(each -> lines.add(checkedText(name, each)));
      return List.copyOf(lines);
    }
    return checkedText(name, value);
  }

  private static String checkedText(String name, @Nullable Object value) {
    String text = value == null ? null : value.toString();
    checkValue(name, text);
    return String.valueOf(text);
  }
}
