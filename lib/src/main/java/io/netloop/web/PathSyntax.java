package io.netloop.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a path pattern: {@code :name}, {@code *name}, {@code {optional}}, a backslash
 * before what is meant as it is, names of other characters in quotes.
 *
 * @see <a href="https://github.com/pillarjs/path-to-regexp">path-to-regexp 8, which Express 5
 *     uses</a>
 */
final class PathSyntax {
  private static final String RESERVED = "()[]+?!}";

  /** A capture of which nothing but its name and kind is known yet. */
  record Named(String name, boolean wild) {}

  private final String pattern;
  private int at;

  private PathSyntax(String pattern) {
    this.pattern = pattern;
  }

  /**
   * The parts: a {@code String} for text, {@link Named}, or a {@code List} of parts for what is
   * optional.
   *
   * @throws IllegalArgumentException where it is no pattern
   */
  static List<Object> parse(String pattern) {
    PathSyntax syntax = new PathSyntax(pattern);
    List<Object> parts = syntax.parts(false);
    if (!pattern.isEmpty() && "/{*".indexOf(pattern.charAt(0)) < 0) {
      throw new IllegalArgumentException(
          "A path begins with \"/\", and \"" + pattern + "\" does not.");
    }
    return parts;
  }

  private List<Object> parts(boolean inGroup) {
    List<Object> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      if (c == '}' && inGroup) {
        addText(parts, text);
        return parts;
      }
      switch (c) {
        case '\\' -> {
          if (at == pattern.length()) {
            throw wrong("a backslash stands at the end");
          }
          text.append(pattern.charAt(at++));
        }
        case ':', '*' -> {
          addText(parts, text);
          parts.add(new Named(name(c), c == '*'));
        }
        case '{' -> {
          addText(parts, text);
          parts.add(parts(true));
        }
        default -> {
          if (RESERVED.indexOf(c) >= 0) {
            throw wrong(
                "'%c' at %d has to be escaped with a backslash where it is meant as it is"
                    .formatted(c, at - 1));
          }
          text.append(c);
        }
      }
    }
    if (inGroup) {
      throw wrong("a '{' has no '}'");
    }
    addText(parts, text);
    return parts;
  }

  private static void addText(List<Object> parts, StringBuilder text) {
    if (!text.isEmpty()) {
      parts.add(escaped(text.toString()));
      text.setLength(0);
    }
  }

  /** As it comes in a request: what is not ASCII is escaped there. */
  private static String escaped(String text) {
    if (text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ') {
        escaped.append((char) b);
      } else {
        escaped.append("%%%02X".formatted(b & 0xff));
      }
    }
    return escaped.toString();
  }

  private String name(char sign) {
    String name = at < pattern.length() && pattern.charAt(at) == '"' ? quoted() : null;
    if (name == null) {
      int from = at;
      while (at < pattern.length() && isNamePart(pattern.charAt(at), at == from)) {
        at++;
      }
      name = pattern.substring(from, at);
    }
    if (name.isEmpty()) {
      throw wrong("the '%c' at %d has no name behind it".formatted(sign, at - 1));
    }
    return name;
  }

  private static boolean isNamePart(char c, boolean first) {
    return c == '$'
        || c == '_'
        || (first ? Character.isUnicodeIdentifierStart(c) : Character.isUnicodeIdentifierPart(c));
  }

  private @Nullable String quoted() {
    StringBuilder name = new StringBuilder();
    int i = at + 1;
    while (i < pattern.length() && pattern.charAt(i) != '"') {
      if (pattern.charAt(i) == '\\' && i + 1 < pattern.length()) {
        i++;
      }
      name.append(pattern.charAt(i++));
    }
    if (i >= pattern.length()) {
      throw wrong("the quote at " + at + " has no end");
    }
    at = i + 1;
    return name.toString();
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "The path \"" + pattern + "\" can't be read: " + what + ".");
  }
}
