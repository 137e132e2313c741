package io.netloop.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A compiled template: a tree of closures. <i>Thread-safe</i>: it may be rendered by many threads
 * at a time. Rendering does not wait for anything but the first reading of included files.
 */
public final class Template {
  private static final System.Logger LOG = System.getLogger("io.netloop.template");
  private static final String ANONYMOUS = "anonymous";

  /** Memory that a template keeps from one page to the next. */
  private static final int MOST_KEPT_BYTES = 64 * 1024;

  /** Room for a page that leaves piece by piece. */
  private static final int PIECES = 32 * 1024;

  private static final String FAILED = "{Template Error}";

  private final String path;
  private final String source;
  private final TemplateOptions options;
  private final TemplateFiles files;
  private final @Nullable String file;
  private final int slots;
  private final List<Names.Given> given;
  private final boolean extending;
  private final Action body;

  /** How long the last page was: the next one gets as much room at once. */
  private int expected;

  private final AtomicReference<byte @Nullable []> spare = new AtomicReference<>();

  /** Whether the last page had characters beyond Latin-1. */
  private boolean wide;

  private Template(
      String source, TemplateOptions options, TemplateFiles files, @Nullable String file) {
    this.source = source;
    this.options = options;
    this.files = files;
    this.file = file;
    this.path = file == null ? ANONYMOUS : file;
    Scope root = new Scope(null, Scope.Kind.FUNCTION);
    Scope top = new Scope(root, Scope.Kind.BLOCK);
    List<Stmt> program =
        new StatementParser(TagReader.read(source, options, this::warn), top, source, options)
            .program();
    root.allocate();
    Names names = new Names(root, options);
    names.enter(top);
    StmtCompiler compiler = new StmtCompiler(names);
    this.body = compiler.scoped(top, compiler.sequence(program));
    this.slots = root.slots();
    this.given = List.copyOf(names.given());
    this.extending = names.isExtending();
    this.wide = source.chars().anyMatch(c -> c > 255);
    this.expected = Math.min(64 * 1024, source.length() * 2 + 64);
  }

  /** Compiles a text; a file's own path, or null for a text from elsewhere. */
  static Template compile(
      String source, TemplateOptions options, TemplateFiles files, @Nullable String file) {
    String path = file == null ? ANONYMOUS : file;
    if (source.length() > options.limits().source()) {
      throw TemplateError.at(
          TemplateError.Kind.COMPILE,
          path,
          source.substring(0, Math.min(source.length(), 200)),
          0,
          "The template has %d characters; %d are the limit."
              .formatted(source.length(), options.limits().source()),
          null);
    }
    try {
      return new Template(source, options, files, file);
    } catch (SyntaxError e) {
      throw TemplateError.at(TemplateError.Kind.COMPILE, path, source, e.tag, e.reason(), null);
    } catch (StackOverflowError e) {
      throw TemplateError.at(
          TemplateError.Kind.COMPILE, path, source, 0, "The template is nested too deep.", null);
    }
  }

  private void warn(StandardTag.Warning warning) {
    TemplateError place =
        TemplateError.at(TemplateError.Kind.COMPILE, path, source, warning.tag(), "", null);
    String text =
        "%s:%d:%d\nTemplate upgrade: {{%s}} -> {{%s}}"
            .formatted(path, place.line(), place.column(), warning.old(), warning.now());
    if (options.onWarning() != null) {
      options.onWarning().accept(text);
    } else {
      LOG.log(System.Logger.Level.WARNING, text);
    }
  }

  /**
   * Renders it.
   *
   * @param data a map, a record or an object with getters; null for none
   * @return the page
   * @throws TemplateError where it fails, unless the options have a listener for errors
   */
  public String render(@Nullable Object data) {
    try {
      long limit = Math.min(options.limits().output(), 1 << 30);
      Out out = wide ? Out.wide(expected, limit, null) : new Out(memory(), limit, null);
      start(data, out);
      String page = out.toString();
      wide = out.isWide();
      if (!out.isWide()) {
        keep(out.takeMemory());
      }
      expected = Math.max(expected, Math.min(1 << 20, page.length() + 64));
      return page;
    } catch (TemplateError e) {
      return failed(e);
    }
  }

  /**
   * Renders it piece by piece, each of some 16,000 characters: a page that is larger than the
   * memory can be written where the data comes from a stream and no layout waits for it.
   *
   * @param data a map, a record or an object with getters; null for none
   * @param out takes the pieces, by the calling thread; what it throws ends the rendering
   * @throws IOException where {@code out} fails
   * @throws TemplateError where the template fails, unless the options have a listener for errors;
   *     what was written before stays
   */
  public void render(@Nullable Object data, Appendable out) throws IOException {
    Objects.requireNonNull(out, "out");
    try {
      long limit = options.limits().output();
      Out pieces = wide ? Out.wide(PIECES, limit, out) : new Out(new byte[PIECES], limit, out);
      start(data, pieces);
      pieces.flush();
    } catch (TemplateError e) {
      out.append(failed(e));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** What the last page has left, unless another thread has it: clearing new memory costs more. */
  private byte[] memory() {
    byte[] left = spare.getAndSet(null);
    return left == null ? new byte[expected] : left;
  }

  private void keep(byte[] memory) {
    if (memory.length <= MOST_KEPT_BYTES) {
      spare.set(memory);
    }
  }

  /** Tells the listener, where there is one. */
  private String failed(TemplateError error) {
    if (options.onError() == null) {
      throw error;
    }
    options.onError().accept(error);
    return FAILED;
  }

  private void start(@Nullable Object data, Out out) {
    Run run = new Run(out, options.limits());
    Object value = Values.of(data);
    try {
      execute(run, value, new HashMap<>());
    } catch (Failure e) {
      throw error(e.template, e.tag, e.reason(), e.getCause());
    } catch (LimitExceeded e) {
      throw error(e.template, e.tag, e.reason(), null);
    } catch (StackOverflowError e) {
      throw error(null, 0, "The template is nested too deep.", null);
    }
  }

  private TemplateError error(
      @Nullable Template failed, int tag, String reason, @Nullable Throwable cause) {
    Template at = failed == null ? this : failed;
    return TemplateError.at(TemplateError.Kind.RUNTIME, at.path, at.source, tag, reason, cause);
  }

  private void execute(Run run, Object data, Map<String, String> blocks) {
    Object known = Values.truth(data) ? data : Map.of();
    Page page = new Page(run, this, known, blocks);
    Frame frame = new Frame(page, slots, null);
    for (Names.Given one : given) {
      frame.slots[one.slot()] =
          one.imported() != null ? one.imported() : Properties.get(known, one.name());
    }
    if (!extending) {
      body.run(frame);
      return;
    }
    Out out = run.out;
    int start = out.length();
    out.hold();
    try {
      body.run(frame);
    } finally {
      out.truncate(start);
      out.release();
    }
    page.renderLayout();
  }

  /** Renders another template where this one stands. */
  void include(Page page, Object name, Object data) {
    if (!(name instanceof String text)) {
      throw Failure.type(
          "The name of a template is a text, not " + Values.typeOf(name) + ": " + show(name));
    }
    Run run = page.run;
    Template other;
    try {
      other = files.find(text, file);
    } catch (TemplateError e) {
      throw Failure.of(String.valueOf(e.getMessage()), e);
    }
    run.enterInclude(text);
    try {
      other.execute(run, data, page.blocks());
    } catch (Failure e) {
      TemplateError inner = other.error(e.template, e.tag, e.reason(), e.getCause());
      throw Failure.of(String.valueOf(inner.getMessage()), inner);
    } finally {
      run.exitInclude();
    }
  }

  private static String show(Object value) {
    String text = Values.rawText(value);
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  /** The absolute path of its file, or {@code anonymous}. */
  @Override
  public String toString() {
    return path;
  }
}
