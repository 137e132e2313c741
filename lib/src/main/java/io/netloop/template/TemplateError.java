package io.netloop.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A template cannot be compiled or rendered. The message says where, shows the source around it and
 * why, in the layout of art-template:
 *
 * <pre>
 * /views/page.art:2:7
 *     1| line1
 *  &gt;&gt; 2| line2 {{a.b.c}}
 *     3| line3
 *
 * RuntimeError: Cannot read properties of undefined (reading 'c')
 * </pre>
 *
 * <p>It holds parts of the template, which a visitor of a site should not see.
 */
public final class TemplateError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** When an error was found. */
  public enum Kind {
    /** While the template was compiled, or it was not found. */
    COMPILE("CompileError"),
    /** While it ran. */
    RUNTIME("RuntimeError");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  private final Kind kind;
  private final String path;
  private final int line;
  private final int column;
  private final String reason;

  private TemplateError(
      Kind kind,
      String path,
      int line,
      int column,
      String reason,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.path = path;
    this.line = line;
    this.column = column;
    this.reason = reason;
  }

  /** An error at the tag that begins there. */
  static TemplateError at(
      Kind kind, String path, String source, int offset, String reason, @Nullable Throwable cause) {
    int at = Math.clamp(offset, 0, source.length());
    int line = 1;
    int start = 0;
    for (int end = source.indexOf('\n'); end >= 0 && end < at; end = source.indexOf('\n', start)) {
      line++;
      start = end + 1;
    }
    int column = at - start + 1;
    String message =
        "%s:%d:%d\n%s\n\n%s: %s".formatted(path, line, column, around(source, line), kind, reason);
    return new TemplateError(kind, path, line, column, reason, message, cause);
  }

  /** A file that is not there, or may not be read: there is no source to show. */
  static TemplateError notFound(String path, String reason, @Nullable Throwable cause) {
    String whole = "template not found: " + reason;
    return new TemplateError(Kind.COMPILE, path, 0, 0, whole, whole, cause);
  }

  private static String around(String source, int line) {
    List<String> lines = List.of(source.split("\n", -1));
    StringBuilder text = new StringBuilder();
    for (int i = Math.max(line - 3, 0); i < Math.min(lines.size(), line + 3); i++) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(i + 1 == line ? " >> " : "    ")
          .append(i + 1)
          .append("| ")
          .append(lines.get(i));
    }
    return text.toString();
  }

  /** When it was found. */
  public Kind kind() {
    return kind;
  }

  /** The absolute path of the template's file, or {@code anonymous}. */
  public String path() {
    return path;
  }

  /** The line of the tag, from 1; 0 where there is no source. */
  public int line() {
    return line;
  }

  /** The column of the tag's begin, from 1, in UTF-16 units; 0 where there is no source. */
  public int column() {
    return column;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }
}
