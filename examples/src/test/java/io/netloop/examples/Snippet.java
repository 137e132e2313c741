package io.netloop.examples;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A Java block of a Markdown document: a source file, a few statements, or a few methods.
 *
 * <p>A block below a line {@code <!-- not compiled: why -->} is left out.
 *
 * @param document the document's path in the repository
 * @param line the line of the document, from 1, that holds the first line of the text
 * @param text the block, each line ended by a line feed
 */
record Snippet(Path document, int line, String text) {

  private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;$");

  /** What only a source file has: its own imports then go with it, too. */
  private static final Pattern FILE =
      Pattern.compile(
          "(?m)^(package |void main\\(|((public|final|sealed|abstract|open) )*"
              + "(class|interface|@interface|enum|record|module) )");

  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** The blocks of a document, in order. */
  static List<Snippet> in(Path document, String markdown) {
    List<String> lines = markdown.lines().toList();
    List<Snippet> found = new ArrayList<>();
    String before = "";
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i).strip();
      if (fence.startsWith("```")) {
        int indent = lines.get(i).indexOf('`');
        int first = i + 1;
        i = first;
        while (i < lines.size() && !lines.get(i).strip().equals("```")) {
          i++;
        }
        if (fence.equals("```java") && !before.startsWith("<!-- not compiled: ")) {
          found.add(new Snippet(document, first + 1, join(lines.subList(first, i), indent)));
        }
      }
      before = fence;
    }
    return found;
  }

  private static String join(List<String> lines, int indent) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line.substring(Math.min(indent, line.length()))).append('\n');
    }
    return text.toString();
  }

  String where() {
    return document + ":" + line;
  }

  /** What the compiler has against the snippet, each with its place in the document. */
  List<String> errors() {
    if (FILE.matcher(text).find()) {
      return compile(isUsingImports() ? text : "import module io.netloop; " + text);
    }
    // What is added stands on the first line, so that the lines keep their numbers.
    String imports = String.join(" ", IMPORT.matcher(text).results().map(m -> m.group()).toList());
    String rest = IMPORT.matcher(text).replaceAll("");
    String head = (imports.isEmpty() ? "import module io.netloop;" : imports) + " ";
    List<String> asStatements = compile(head + "void main() throws Exception { " + rest + "}");
    boolean compiles = asStatements.isEmpty() || compile(head + "void main() {} " + rest).isEmpty();
    return compiles ? List.of() : asStatements;
  }

  private boolean isUsingImports() {
    return IMPORT.matcher(text).find() || text.startsWith("package ") || text.contains("module ");
  }

  private List<String> compile(String source) {
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    // The class path of the tests holds the library as a module.
    var options =
        List.of(
            "--release=25",
            "-proc:none",
            "--add-modules=io.netloop,io.netloop.chat,tools.jackson.databind",
            "--module-path=" + System.getProperty("java.class.path"));
    var task = COMPILER.getTask(null, null, diagnostics, options, null, List.of(new File(source)));
    try {
      ((JavacTask) task).analyze();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return diagnostics.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(this::describe)
        .toList();
  }

  private String describe(Diagnostic<?> diagnostic) {
    long at = line + Math.max(diagnostic.getLineNumber(), 1) - 1;
    return document + ":" + at + ": " + diagnostic.getMessage(Locale.ENGLISH);
  }

  /** A source file in memory, whose name fits whatever class it declares. */
  private static final class File extends SimpleJavaFileObject {
    private final String source;

    File(String source) {
      super(URI.create("memory:///Snippet.java"), Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }

    @Override
    public boolean isNameCompatible(String simpleName, Kind kind) {
      return kind == Kind.SOURCE;
    }
  }
}
