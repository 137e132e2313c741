package io.netloop.template;

import io.netloop.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts the code of one tag into tokens. */
final class Scanner {
  /** Longest first: the first that fits is taken. */
  private static final String[] PUNCTUATORS = {
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=",
    "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
    "<<", ">>", "**", "{", "}", "(", ")", "[", "]", ";", ",", "<", ">", "+", "-", "*", "/", "%",
    "&", "|", "^", "!", "~", "?", ":", "=", "."
  };

  private final String code;
  private final int tag;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private boolean newline = true;

  private Scanner(String code, int tag) {
    this.code = code;
    this.tag = tag;
  }

  /** The tokens of that code, which belongs to the tag that begins there. */
  static List<Token> scan(String code, int tag) {
    Scanner scanner = new Scanner(code, tag);
    scanner.all();
    return scanner.tokens;
  }

  private void all() {
    while (skipBlanks()) {
      int start = at;
      char c = code.charAt(at);
      if (isNameStart(c)) {
        name();
      } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
        number();
      } else if (c == '"' || c == '\'') {
        add(Kind.STRING, start, string(c));
      } else if (c == '`') {
        add(Kind.TEMPLATE, start, templateParts());
      } else if (c == '/' && regexMayStand()) {
        regex();
      } else {
        punctuator();
      }
    }
  }

  private char peek(int ahead) {
    return at + ahead < code.length() ? code.charAt(at + ahead) : '\0';
  }

  /** Leaves blanks and comments behind; tells whether anything is left. */
  private boolean skipBlanks() {
    while (at < code.length()) {
      char c = code.charAt(at);
      if (c == '\n' || c == '\r' || c == '\u2028' || c == '\u2029') {
        newline = true;
        at++;
      } else if (Texts.isBlank(c)) {
        at++;
      } else if (c == '/' && peek(1) == '/') {
        while (at < code.length() && code.charAt(at) != '\n') {
          at++;
        }
      } else if (c == '/' && peek(1) == '*') {
        int end = code.indexOf("*/", at + 2);
        if (end < 0) {
          throw new SyntaxError("The comment that begins with /* is not closed: add */.", tag);
        }
        newline |= code.substring(at, end).indexOf('\n') >= 0;
        at = end + 2;
      } else {
        return true;
      }
    }
    return false;
  }

  private void add(Kind kind, int start, Object value) {
    tokens.add(new Token(kind, code.substring(start, at), value, newline, tag, null));
    newline = false;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '$'
        || c == '_'
        || (c >= 0x80 && (Character.isUnicodeIdentifierStart(c) || Character.isSurrogate(c)));
  }

  static boolean isNamePart(char c) {
    return isNameStart(c)
        || isDigit(c)
        || c == '\u200c'
        || c == '\u200d'
        || (c >= 0x80
            && Character.isUnicodeIdentifierPart(c)
            && !Character.isIdentifierIgnorable(c));
  }

  private void name() {
    int start = at;
    while (at < code.length() && isNamePart(code.charAt(at))) {
      at++;
    }
    String name = code.substring(start, at);
    add(Words.KEYWORDS.contains(name) ? Kind.KEYWORD : Kind.NAME, start, name);
  }

  private void number() {
    int start = at;
    int radix =
        switch (Character.toLowerCase(peek(1))) {
          case 'x' -> 16;
          case 'o' -> 8;
          case 'b' -> 2;
          default -> 10;
        };
    if (code.charAt(at) == '0' && radix != 10) {
      at += 2;
      while (Character.digit(peek(0), radix) >= 0 && peek(0) < 0x80) {
        at++;
      }
      if (at == start + 2 || isNamePart(peek(0))) {
        throw wrongNumber(start);
      }
      add(Kind.NUMBER, start, Numbers.ofDigits(code.substring(start + 2, at), radix));
      return;
    }
    digits();
    if (peek(0) == '.') {
      at++;
      digits();
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      at += peek(1) == '+' || peek(1) == '-' ? 2 : 1;
      if (!isDigit(peek(0))) {
        throw wrongNumber(start);
      }
      digits();
    }
    String text = code.substring(start, at);
    boolean octal = text.length() > 1 && text.charAt(0) == '0' && isDigit(text.charAt(1));
    if (octal || isNameStart(peek(0))) {
      throw wrongNumber(start);
    }
    add(Kind.NUMBER, start, Numbers.narrow(Double.parseDouble(text)));
  }

  private void digits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  private SyntaxError wrongNumber(int start) {
    int end = at;
    while (end < code.length() && isNamePart(code.charAt(end))) {
      end++;
    }
    return new SyntaxError("'" + code.substring(start, end) + "' is no number.", tag);
  }

  /** Reads a text in quotes to its end. */
  private String string(char quote) {
    int start = at++;
    StringBuilder value = new StringBuilder();
    while (at < code.length()) {
      char c = code.charAt(at++);
      if (c == quote) {
        return value.toString();
      }
      if (c == '\n' || c == '\r') {
        break;
      }
      if (c == '\\') {
        escape(value);
      } else {
        value.append(c);
      }
    }
    throw new SyntaxError(
        "The text that begins with " + clip(start) + " has no closing quote.", tag);
  }

  private String clip(int start) {
    return code.substring(start, Math.min(code.length(), start + 12));
  }

  private void escape(StringBuilder value) {
    char c = peek(0);
    at++;
    switch (c) {
      case 'n' -> value.append('\n');
      case 't' -> value.append('\t');
      case 'r' -> value.append('\r');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'v' -> value.append('\u000b');
      case '0' -> value.append('\0');
      case 'x' -> value.append((char) hex(2));
      case 'u' -> unicode(value);
      case '\n', '\u2028', '\u2029' -> {}
      case '\r' -> at += peek(0) == '\n' ? 1 : 0;
      default -> {
        if (at > code.length()) {
          at = code.length();
        } else {
          value.append(c);
        }
      }
    }
  }

  private void unicode(StringBuilder value) {
    if (peek(0) != '{') {
      value.append((char) hex(4));
      return;
    }
    int end = code.indexOf('}', at);
    if (end < 0 || end - at < 2 || end - at > 9) {
      throw new SyntaxError("\\u{…} holds one to eight hexadecimal digits.", tag);
    }
    at++;
    int point = hex(end - at);
    if (!Character.isValidCodePoint(point)) {
      throw new SyntaxError("There is no character \\u{" + Integer.toHexString(point) + "}.", tag);
    }
    value.appendCodePoint(point);
    at++;
  }

  private int hex(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = peek(0) < 0x80 ? Character.digit(peek(0), 16) : -1;
      if (digit < 0) {
        throw new SyntaxError("\\x takes two hexadecimal digits, \\u four.", tag);
      }
      value = value * 16 + digit;
      at++;
    }
    return value;
  }

  /** Texts and lists of tokens in turn, beginning and ending with a text. */
  private List<Object> templateParts() {
    int start = at++;
    List<Object> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (at < code.length()) {
      char c = code.charAt(at++);
      if (c == '`') {
        parts.add(text.toString());
        return parts;
      } else if (c == '\\') {
        escape(text);
      } else if (c == '$' && peek(0) == '{') {
        parts.add(text.toString());
        text.setLength(0);
        int from = ++at;
        skipExpression(start);
        parts.add(scan(code.substring(from, at - 1), tag));
      } else if (c == '\r') {
        at += peek(0) == '\n' ? 1 : 0;
        text.append('\n');
      } else {
        text.append(c);
      }
    }
    throw new SyntaxError(
        "The text that begins with " + clip(start) + " has no closing backtick.", tag);
  }

  /** Moves behind the brace that closes an expression in a template literal. */
  private void skipExpression(int start) {
    int depth = 1;
    while (at < code.length()) {
      char c = code.charAt(at);
      if (c == '"' || c == '\'') {
        string(c);
        continue;
      }
      if (c == '`') {
        nested();
        continue;
      }
      at++;
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return;
      }
    }
    throw new SyntaxError("In " + clip(start) + " a ${ is not closed.", tag);
  }

  /** A template literal inside another: its limit is that of all that nests. */
  private int nesting;

  private void nested() {
    if (++nesting > 20) {
      throw new SyntaxError("Template literals are nested deeper than 20 levels.", tag);
    }
    templateParts();
    nesting--;
  }

  /** A slash begins a regular expression where no value stands before it. */
  private boolean regexMayStand() {
    if (tokens.isEmpty()) {
      return true;
    }
    Token last = tokens.getLast();
    return switch (last.kind()) {
      case PUNCTUATOR ->
          !last.text().equals(")")
              && !last.text().equals("]")
              && !last.text().equals("}")
              && !last.text().equals("++")
              && !last.text().equals("--");
      case KEYWORD -> !List.of("this", "true", "false", "null", "super").contains(last.text());
      default -> false;
    };
  }

  private void regex() {
    int start = at++;
    boolean inClass = false;
    while (at < code.length() && code.charAt(at) != '\n') {
      char c = code.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '[') {
        inClass = true;
      } else if (c == ']') {
        inClass = false;
      } else if (c == '/' && !inClass) {
        String pattern = code.substring(start + 1, at - 1);
        int flags = at;
        while (at < code.length() && isNamePart(code.charAt(at))) {
          at++;
        }
        String options = code.substring(flags, at);
        try {
          add(Kind.REGEX, start, Regex.compile(pattern, options));
        } catch (IllegalArgumentException e) {
          throw new SyntaxError(String.valueOf(e.getMessage()), tag);
        }
        return;
      }
    }
    throw new SyntaxError("The regular expression " + clip(start) + " is not closed.", tag);
  }

  private void punctuator() {
    for (String punctuator : PUNCTUATORS) {
      if (code.startsWith(punctuator, at) && !(punctuator.equals("?.") && isDigit(peek(2)))) {
        int start = at;
        at += punctuator.length();
        add(Kind.PUNCTUATOR, start, punctuator);
        return;
      }
    }
    int point = code.codePointAt(at);
    throw new SyntaxError(
        "The character '%s' (U+%04X) means nothing in an expression."
            .formatted(Character.toString(point), point),
        tag);
  }
}
