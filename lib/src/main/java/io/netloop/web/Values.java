package io.netloop.web;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names with their values, in the order in which they came: a query, or the fields of a form. A
 * name may have several values; names are nothing but text, whatever they look like ({@code a[b]},
 * {@code __proto__}). <i>Immutable.</i>
 */
public final class Values {
  static final Values NONE = new Values(new LinkedHashMap<>());

  private final Map<String, List<String>> values;

  private Values(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Reads {@code a=1&b=2}.
   *
   * @param most how many pairs are read; what follows them is left out
   * @param charset what the escapes are of
   */
  static Values parse(String text, int most, Charset charset) {
    Builder builder = new Builder();
    int at = 0;
    for (int pairs = 0; at < text.length() && pairs < most; ) {
      int end = text.indexOf('&', at);
      end = end < 0 ? text.length() : end;
      if (end > at) {
        int sign = text.indexOf('=', at);
        boolean hasValue = sign >= 0 && sign < end;
        builder.add(
            Percent.decodeForm(text, at, hasValue ? sign : end, charset),
            hasValue ? Percent.decodeForm(text, sign + 1, end, charset) : "");
        pairs++;
      }
      at = end + 1;
    }
    return builder.build();
  }

  /** Gathers pairs. */
  static final class Builder {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    void add(String name, String value) {
      values.computeIfAbsent(name, unknown -> new ArrayList<>(1)).add(value);
    }

    Values build() {
      return values.isEmpty() ? NONE : new Values(values);
    }
  }

  /** The first value of a name, or null where it did not come. */
  public @Nullable String get(String name) {
    List<String> all = values.get(name);
    return all == null ? null : all.getFirst();
  }

  /** All values of a name; empty where it did not come. */
  public List<String> all(String name) {
    List<String> all = values.get(name);
    return all == null ? List.of() : Collections.unmodifiableList(all);
  }

  /** Whether the name came. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The names, each once. */
  public Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** As Express has it: a text where there is one value, else a list of texts. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    values.forEach((name, all) ->
        map.put(name, all.size() == 1 ? all.getFirst() : Collections.unmodifiableList(all)));
    return Collections.unmodifiableMap(map);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Values that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
