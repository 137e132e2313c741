package io.netloop.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of JavaScript, carried out by Java's: what the two write differently is
 * rewritten. A search that takes too many steps is broken off.
 */
final class Regex {
  private static final int STEPS_PER_SEARCH = 2_000_000;
  private static final int LONGEST_PATTERN = 2_000;
  private static final String BLANKS =
      "\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029" + "\\u202f\\u205f\\u3000\\ufeff";
  private static final String LINE_ENDS = "\\n\\r\\u2028\\u2029";

  final String source;
  final String flags;
  private final Pattern pattern;

  /** Where the next search of a global expression begins; a copy per evaluation has its own. */
  int lastIndex;

  private Regex(String source, String flags, Pattern pattern) {
    this.source = source;
    this.flags = flags;
    this.pattern = pattern;
  }

  /**
   * Compiles one.
   *
   * @throws IllegalArgumentException with a sentence for what is none
   */
  static Regex compile(String source, String flags) {
    for (int i = 0; i < flags.length(); i++) {
      if ("gimsuy".indexOf(flags.charAt(i)) < 0 || flags.indexOf(flags.charAt(i)) != i) {
        throw new IllegalArgumentException(
            "Invalid regular expression flags '%s': they are g, i, m, s, u and y, each once."
                .formatted(flags));
      }
    }
    if (source.length() > LONGEST_PATTERN) {
      throw new IllegalArgumentException(
          "The regular expression has %d characters; at most %d are allowed."
              .formatted(source.length(), LONGEST_PATTERN));
    }
    int options = flags.contains("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    try {
      Pattern pattern =
          Pattern.compile(
              sticky(translate(source, flags.contains("m"), flags.contains("s")), flags), options);
      return new Regex(source, flags, pattern);
    } catch (PatternSyntaxException | StackOverflowError e) {
      throw new IllegalArgumentException(
          "Invalid regular expression: /%s/: %s"
              .formatted(
                  source,
                  e instanceof PatternSyntaxException p ? p.getDescription() : "too nested"));
    }
  }

  private static String sticky(String pattern, String flags) {
    return flags.contains("y") ? "\\G(?:" + pattern + ")" : pattern;
  }

  Regex copy() {
    return new Regex(source, flags, pattern);
  }

  boolean isGlobal() {
    return flags.contains("g");
  }

  boolean isSticky() {
    return flags.contains("y");
  }

  Matcher matcher(String text) {
    return pattern.matcher(new Counted(text));
  }

  private static String translate(String source, boolean lines, boolean dotAll) {
    StringBuilder out = new StringBuilder(source.length() + 16);
    boolean inClass = false;
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\' && i + 1 < source.length()) {
        i = escape(source, i + 1, inClass, out);
      } else if (inClass) {
        inClass = c != ']';
        out.append(c == '[' || c == '&' || c == '~' ? "\\" + c : String.valueOf(c));
      } else {
        switch (c) {
          case '[' -> {
            if (source.startsWith("[^]", i)) {
              out.append("[\\s\\S]");
              i += 2;
            } else if (source.startsWith("[]", i)) {
              out.append("(?!)");
              i++;
            } else {
              inClass = true;
              out.append('[');
              if (source.startsWith("^", i + 1)) {
                out.append('^');
                i++;
              }
            }
          }
          case '.' -> out.append(dotAll ? "[\\s\\S]" : "[^" + LINE_ENDS + "]");
          case '^' -> out.append(lines ? "(?:^|(?<=[" + LINE_ENDS + "]))" : "^");
          case '$' -> out.append(lines ? "(?=[" + LINE_ENDS + "]|\\z)" : "\\z");
          case '{' -> out.append(isQuantifier(source, i) ? "{" : "\\{");
          case '}' -> out.append(closesQuantifier(source, i) ? "}" : "\\}");
          default -> out.append(c);
        }
      }
    }
    return out.toString();
  }

  private static boolean isQuantifier(String source, int at) {
    int end = source.indexOf('}', at);
    return end > at + 1 && source.substring(at + 1, end).matches("\\d+(,\\d*)?");
  }

  private static boolean closesQuantifier(String source, int at) {
    int open = source.lastIndexOf('{', at);
    return open >= 0 && source.indexOf('}', open) == at && isQuantifier(source, open);
  }

  /** What stands behind a backslash; returns where it ends. */
  private static int escape(String source, int at, boolean inClass, StringBuilder out) {
    char c = source.charAt(at);
    switch (c) {
      case 's' -> out.append(inClass ? BLANKS : "[" + BLANKS + "]");
      case 'S' -> out.append("[^" + BLANKS + "]");
      case 'd', 'D', 'w', 'W', 'b', 'B', 'n', 'r', 't', 'f' -> {
        out.append(inClass && c == 'b' ? "\\x08" : "\\" + c);
      }
      case 'v' -> out.append("\\x0B");
      case '0' -> out.append("\\x00");
      case 'u' -> {
        if (source.startsWith("{", at + 1)) {
          out.append("\\x");
        } else {
          out.append(source.matches("(?s).{" + (at + 1) + "}[0-9a-fA-F]{4}.*") ? "\\u" : "u");
        }
      }
      case 'x' ->
          out.append(source.matches("(?s).{" + (at + 1) + "}[0-9a-fA-F]{2}.*") ? "\\x" : "x");
      case 'k', 'p', 'P' -> out.append('\\').append(c);
      default -> {
        if (c >= '1' && c <= '9') {
          out.append('\\').append(c);
        } else if (Character.isLetter(c)) {
          out.append(c);
        } else {
          out.append('\\').append(c);
        }
      }
    }
    return at;
  }

  @Override
  public String toString() {
    return "/" + source + "/" + flags;
  }

  /** A text that counts how often it is looked at: what takes too long reads the same again. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long left;

    Counted(String text) {
      this.text = text;
      // Each character once per alternative costs nothing; backtracking does.
      this.left = STEPS_PER_SEARCH + 50L * text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new LimitExceeded(
            "A regular expression took more than %d steps.".formatted(STEPS_PER_SEARCH));
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
