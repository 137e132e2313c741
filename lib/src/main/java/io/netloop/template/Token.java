package io.netloop.template;

import org.jspecify.annotations.Nullable;

/**
 * A word of a template's program: one of a tag's own, or one that stands for what the tag means.
 *
 * @param kind what it is
 * @param text as it stands in the source; of the template itself, for {@link Kind#TEXT}
 * @param value what a literal means
 * @param newline whether a line ends, or a tag begins, before it
 * @param tag where the tag begins that it comes from, counted in UTF-16 units
 * @param word the keyword of the standard tag that this brace opens or closes, or null
 */
record Token(
    Kind kind, String text, Object value, boolean newline, int tag, @Nullable String word) {

  enum Kind {
    NAME,
    KEYWORD,
    NUMBER,
    STRING,
    TEMPLATE,
    REGEX,
    PUNCTUATOR,
    /** Text between tags. */
    TEXT,
    /** What follows, up to {@link #CLOSE}, is printed escaped. */
    ESCAPED,
    /** What follows, up to {@link #CLOSE}, is printed as it is. */
    RAW,
    CLOSE,
    END
  }

  static Token of(Kind kind, String text, int tag) {
    return new Token(kind, text, text, true, tag, null);
  }

  static Token mark(String text, int tag) {
    return new Token(Kind.PUNCTUATOR, text, text, false, tag, null);
  }

  static Token brace(String text, int tag, String word) {
    return new Token(Kind.PUNCTUATOR, text, text, false, tag, word);
  }

  boolean is(String punctuator) {
    return kind == Kind.PUNCTUATOR && text.equals(punctuator);
  }

  boolean isWord(String keyword) {
    return kind == Kind.KEYWORD && text.equals(keyword);
  }

  /** For messages. */
  String shown() {
    return switch (kind) {
      case END -> "the end of the template";
      case CLOSE -> "the end of the tag";
      case TEXT -> "the text after the tag";
      case ESCAPED, RAW -> "the next tag";
      default -> "'" + text + "'";
    };
  }
}
