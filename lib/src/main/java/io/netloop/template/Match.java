package io.netloop.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;

/** What a regular expression found (ECMAScript 2023, 22.2.7.2): a list of its groups, and where. */
final class Match extends ArrayList<Object> {
  private static final long serialVersionUID = 1;

  private final transient Map<String, Object> parts = new LinkedHashMap<>();

  private Match(MatchResult found, String input) {
    for (int i = 0; i <= found.groupCount(); i++) {
      add(group(found, i));
    }
    parts.put("index", found.start());
    parts.put("input", input);
    Map<String, Object> named = new LinkedHashMap<>();
    found.namedGroups().entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(one -> named.put(one.getKey(), get(one.getValue())));
    parts.put("groups", named.isEmpty() ? Nothing.UNDEFINED : named);
  }

  static Match of(MatchResult found, String input) {
    return new Match(found, input);
  }

  /** What a group matched; undefined where it took no part. */
  static Object group(MatchResult found, int index) {
    String group = found.group(index);
    return group == null ? Nothing.UNDEFINED : group;
  }

  boolean has(String name) {
    return parts.containsKey(name);
  }

  /** {@code index}, {@code input} or {@code groups}. */
  Object part(String name) {
    return parts.getOrDefault(name, Nothing.UNDEFINED);
  }

  /** The named groups, or undefined. */
  Object groups() {
    return part("groups");
  }
}
