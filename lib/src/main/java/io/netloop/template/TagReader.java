package io.netloop.template;

import io.netloop.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a template into text and tags, and makes one program of both: the tag of a condition becomes
 * {@code if}, its brackets and a brace, text a statement of its own. Native tags are found first,
 * standard ones in what is left.
 */
final class TagReader {
  private final String source;
  private final TemplateOptions options;
  private final Consumer<StandardTag.Warning> warnings;
  private final List<Token> program = new ArrayList<>();
  private final @Nullable Collapse collapse;

  private TagReader(
      String source, TemplateOptions options, Consumer<StandardTag.Warning> warnings) {
    this.source = source;
    this.options = options;
    this.warnings = warnings;
    this.collapse = options.collapse() ? new Collapse() : null;
  }

  /** The template as a program that ends with {@link Kind#END}. */
  static List<Token> read(
      String source, TemplateOptions options, Consumer<StandardTag.Warning> warnings) {
    TagReader reader = new TagReader(source, options, warnings);
    reader.natives();
    reader.program.add(Token.of(Kind.END, "", source.length()));
    return reader.program;
  }

  private void natives() {
    Delimiters marks = options.nativeDelimiters();
    int from = 0;
    for (int open = find(marks.open(), 0); open >= 0; open = find(marks.open(), from)) {
      int close = source.indexOf(marks.close(), open + marks.open().length());
      if (close < 0) {
        break;
      }
      standards(from, open);
      nativeTag(open, source.substring(open + marks.open().length(), close));
      from = close + marks.close().length();
    }
    standards(from, source.length());
  }

  private int find(String mark, int from) {
    return source.indexOf(mark, from);
  }

  private void standards(int from, int end) {
    Delimiters marks = options.standardDelimiters();
    int at = from;
    while (true) {
      // No further than the end: many pieces would be searched to the end of the whole, each.
      int open = source.indexOf(marks.open(), at, end);
      int after = open + marks.open().length();
      int close = open < 0 || after > end ? -1 : source.indexOf(marks.close(), after, end);
      if (close < 0) {
        break;
      }
      text(at, open);
      standardTag(open, source.substring(open + marks.open().length(), close));
      at = close + marks.close().length();
    }
    text(at, end);
  }

  private void text(int from, int end) {
    if (from < end) {
      String text = source.substring(from, end);
      program.add(Token.of(Kind.TEXT, collapse == null ? text : collapse.next(text), from));
    }
  }

  /** {@code %}, then {@code =}, {@code -}, {@code ==} or {@code =#}, then code. */
  private void nativeTag(int open, String inside) {
    if (inside.startsWith("#")) {
      return;
    }
    int at = 0;
    Kind output = null;
    if (inside.startsWith("==") || inside.startsWith("=#")) {
      at = 2;
      output = Kind.RAW;
    } else if (inside.startsWith("=") || inside.startsWith("-")) {
      at = 1;
      output = inside.startsWith("=") ? Kind.ESCAPED : Kind.RAW;
    }
    int end = inside.length() > at && inside.endsWith("-") ? inside.length() - 1 : inside.length();
    List<Token> code = Scanner.scan(inside.substring(at, end), open);
    if (output == null) {
      program.addAll(code);
    } else {
      output(output, code, open);
    }
  }

  private void standardTag(int open, String inside) {
    int at = 0;
    char mark = inside.isEmpty() ? '\0' : inside.charAt(0);
    if (mark == '@' || mark == '#') {
      at = 1;
    } else {
      mark = '\0';
    }
    at = skipBlanks(inside, at);
    boolean closing = at < inside.length() && inside.charAt(at) == '/';
    String code = inside.substring(closing ? at + 1 : at);
    if (closing && (code.startsWith("/") || (code.startsWith("*") && code.endsWith("*/")))) {
      return;
    }
    if (mark == '#') {
      warnings.accept(new StandardTag.Warning(open, "#value", "@value"));
    }
    StandardTag tag = new StandardTag(open, warnings);
    if (tag.translate(code, closing)) {
      if (mark != '\0') {
        throw new SyntaxError(
            "A tag that begins with %s prints a value: write {{%s}} without it."
                .formatted(mark, code.strip()),
            open);
      }
      program.addAll(tag.tokens());
    } else {
      output(mark == '\0' ? Kind.ESCAPED : Kind.RAW, tag.tokens(), open);
    }
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private void output(Kind kind, List<Token> code, int open) {
    program.add(Token.of(options.escape() ? kind : Kind.RAW, "", open));
    program.addAll(code);
    program.add(Token.of(Kind.CLOSE, "", open));
  }

  /** The word that a standard tag begins with, for messages; null for none. */
  static @Nullable String tagText(String source, int tag, TemplateOptions options) {
    Delimiters marks =
        source.startsWith(options.standardDelimiters().open(), tag)
            ? options.standardDelimiters()
            : options.nativeDelimiters();
    int end = source.indexOf(marks.close(), tag);
    if (!source.startsWith(marks.open(), tag) || end < 0) {
      return null;
    }
    String text = source.substring(tag, end + marks.close().length());
    return text.length() > 60 ? text.substring(0, 57) + "…" + marks.close() : text;
  }
}
