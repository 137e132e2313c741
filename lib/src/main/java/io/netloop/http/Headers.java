package io.netloop.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The headers that came with a message, or its trailers. They stay the bytes that were read: text
 * is made of a header when it is asked for. Names are compared without regard to letter case;
 * values are Latin-1, as on the wire. <i>Immutable.</i>
 *
 * @see <a href="https://nodejs.org/api/http.html#messageheaders">Node: message.headers</a>
 */
public final class Headers {
  static final Headers NONE = new Headers(new byte[0], new int[0]);

  /** Those of which a second line is dropped; RFC 9110 allows them once. */
  private static final Set<String> ONCE =
      Set.of(
          "age",
          "authorization",
          "content-length",
          "content-type",
          "etag",
          "expires",
          "from",
          "host",
          "if-modified-since",
          "if-unmodified-since",
          "last-modified",
          "location",
          "max-forwards",
          "proxy-authorization",
          "referer",
          "retry-after",
          "server",
          "user-agent");

  private final byte[] bytes;

  /** Four places for each line: where its name begins and ends, and its value. */
  private final int[] spans;

  private final boolean joinAll;

  Headers(byte[] bytes, int[] spans) {
    this(bytes, spans, false);
  }

  private Headers(byte[] bytes, int[] spans, boolean joinAll) {
    this.bytes = bytes;
    this.spans = spans;
    this.joinAll = joinAll;
  }

  /** The same headers, of which no second line is dropped: all are joined. */
  Headers joiningAll() {
    return new Headers(bytes, spans, true);
  }

  /**
   * The value of a header, or null where it did not come. Where it came more than once: for those
   * that make sense once only ({@code content-type}, {@code host} …) the first value, for {@code
   * cookie} all joined with {@code "; "}, else all joined with {@code ", "}.
   */
  public @Nullable String get(String name) {
    int first = find(name, 0);
    if (first < 0) {
      return null;
    }
    String value = text(spans[first + 2], spans[first + 3]);
    int next = find(name, first + 4);
    if (next < 0) {
      return value;
    }
    String lower = name(first);
    if (!joinAll && ONCE.contains(lower)) {
      return value;
    }
    String separator = lower.equals("cookie") ? "; " : ", ";
    StringBuilder all = new StringBuilder(value);
    while (next >= 0) {
      all.append(separator).append(text(spans[next + 2], spans[next + 3]));
      next = find(name, next + 4);
    }
    return all.toString();
  }

  /** All values of a header, one for each line that it came in; empty where there was none. */
  public List<String> getAll(String name) {
    List<String> values = new ArrayList<>(2);
    for (int at = find(name, 0); at >= 0; at = find(name, at + 4)) {
      values.add(text(spans[at + 2], spans[at + 3]));
    }
    return values;
  }

  /** Whether a header of this name came. */
  public boolean has(String name) {
    return find(name, 0) >= 0;
  }

  /** The names, in small letters and each once, in the order in which they came. */
  public List<String> names() {
    return List.copyOf(toMap().keySet());
  }

  /** How many header lines came. */
  public int lines() {
    return spans.length / 4;
  }

  /** Whether none came. */
  public boolean isEmpty() {
    return spans.length == 0;
  }

  /** Names in small letters with what {@link #get} says of them: {@code message.headers}. */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < spans.length; i += 4) {
      String name = name(i);
      if (!map.containsKey(name)) {
        map.put(name, String.valueOf(get(name)));
      }
    }
    return Collections.unmodifiableMap(map);
  }

  /** Names in small letters with what {@link #getAll} says: {@code message.headersDistinct}. */
  public Map<String, List<String>> toDistinctMap() {
    Map<String, List<String>> map = new LinkedHashMap<>();
    for (int i = 0; i < spans.length; i += 4) {
      map.computeIfAbsent(name(i), name -> new ArrayList<>(1))
          .add(text(spans[i + 2], spans[i + 3]));
    }
    return Collections.unmodifiableMap(map);
  }

  /** Name, value, name, value …, as they came: {@code message.rawHeaders}. */
  public List<String> raw() {
    List<String> raw = new ArrayList<>(spans.length / 2);
    for (int i = 0; i < spans.length; i += 2) {
      raw.add(text(spans[i], spans[i + 1]));
    }
    return raw;
  }

  /** The headers as {@link #toMap} has them, for logs and for people. */
  @Override
  public String toString() {
    return toMap().toString();
  }

  private int find(String name, int from) {
    for (int i = from; i < spans.length; i += 4) {
      if (Syntax.isName(bytes, spans[i], spans[i + 1], name)) {
        return i;
      }
    }
    return -1;
  }

  private String name(int line) {
    byte[] small = Arrays.copyOfRange(bytes, spans[line], spans[line + 1]);
    for (int i = 0; i < small.length; i++) {
      small[i] = Syntax.lower(small[i]);
    }
    return new String(small, StandardCharsets.ISO_8859_1);
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
