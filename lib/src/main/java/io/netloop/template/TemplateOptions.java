package io.netloop.template;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How templates are read and rendered. <i>Immutable</i>; each {@code with…} gives a changed copy.
 *
 * @param root the folder of the templates; no include leaves it. Default: the working folder
 * @param extension what a name without an extension gets; default {@code .art}
 * @param escape whether {@code {{value}}} escapes; default true. Without it every value is printed
 *     as it is, and whoever controls a value controls the page
 * @param development whether a changed file is read anew at its next use; default false: what was
 *     compiled stays
 * @param collapse whether runs of white space in the template's text become one blank, outside of
 *     {@code pre}, {@code textarea}, {@code script} and {@code style}; default false
 * @param imports functions and values by name, as filters and as plain names; they win over data
 * @param nativeDelimiters of the native syntax, {@code <%} and {@code %>}
 * @param standardDelimiters of the standard syntax, {@code {{} and {@code }}}
 * @param limits what a template may use up
 * @param cached how many compiled files are kept, 1 to 1,000,000; default 1000
 * @param onError where errors go instead of being thrown, what then is printed is {@code {Template
 *     Error}}; null, the default, throws them
 * @param onWarning where sentences about old forms of the syntax go; null, the default, logs them
 */
public record TemplateOptions(
    Path root,
    String extension,
    boolean escape,
    boolean development,
    boolean collapse,
    Map<String, Object> imports,
    Delimiters nativeDelimiters,
    Delimiters standardDelimiters,
    TemplateLimits limits,
    int cached,
    @Nullable Consumer<TemplateError> onError,
    @Nullable Consumer<String> onWarning) {

  /** All defaults. */
  public static final TemplateOptions DEFAULTS =
      new TemplateOptions(
          Path.of(""),
          ".art",
          true,
          false,
          false,
          Map.of(),
          new Delimiters("<%", "%>"),
          new Delimiters("{{", "}}"),
          TemplateLimits.DEFAULTS,
          1000,
          null,
          null);

  /**
   * Takes all options.
   *
   * @throws IllegalArgumentException for an extension without its dot, or a cache of no size
   */
  public TemplateOptions {
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(nativeDelimiters, "nativeDelimiters");
    Objects.requireNonNull(standardDelimiters, "standardDelimiters");
    Objects.requireNonNull(limits, "limits");
    imports = Map.copyOf(imports);
    if (!extension.startsWith(".") || extension.contains("/")) {
      throw new IllegalArgumentException(
          "the extension begins with a dot, as '.art' does, not '%s'".formatted(extension));
    }
    if (cached < 1 || cached > 1_000_000) {
      throw new IllegalArgumentException(
          "the cache holds 1 to 1,000,000 templates, not %d".formatted(cached));
    }
  }

  /** The same with another folder of templates. */
  public TemplateOptions withRoot(Path folder) {
    return new TemplateOptions(
        folder,
        extension,
        escape,
        development,
        collapse,
        imports,
        nativeDelimiters,
        standardDelimiters,
        limits,
        cached,
        onError,
        onWarning);
  }

  /** The same with another extension, such as {@code .html}. */
  public TemplateOptions withExtension(String dotted) {
    return new TemplateOptions(
        root,
        dotted,
        escape,
        development,
        collapse,
        imports,
        nativeDelimiters,
        standardDelimiters,
        limits,
        cached,
        onError,
        onWarning);
  }

  /** The same with escaping on or off. */
  public TemplateOptions withEscape(boolean on) {
    return new TemplateOptions(
        root,
        extension,
        on,
        development,
        collapse,
        imports,
        nativeDelimiters,
        standardDelimiters,
        limits,
        cached,
        onError,
        onWarning);
  }

  /** The same for development, or for production. */
  public TemplateOptions withDevelopment(boolean on) {
    return new TemplateOptions(
        root,
        extension,
        escape,
        on,
        collapse,
        imports,
        nativeDelimiters,
        standardDelimiters,
        limits,
        cached,
        onError,
        onWarning);
  }

  /** The same with white space collapsed, or kept. */
  public TemplateOptions withCollapse(boolean on) {
    return new TemplateOptions(
        root,
        extension,
        escape,
        development,
        on,
        imports,
        nativeDelimiters,
        standardDelimiters,
        limits,
        cached,
        onError,
        onWarning);
  }

  /** The same with one more function, which is a filter too: {@code {{name | upper}}}. */
  public TemplateOptions withImport(String name, TemplateFunction function) {
    return withValue(name, function);
  }

  /** The same with one more value that all templates see. */
  public TemplateOptions withValue(String name, Object value) {
    Map<String, Object> more = new HashMap<>(imports);
    more.put(name, value);
    return new TemplateOptions(
        root,
        extension,
        escape,
        development,
        collapse,
        more,
        nativeDelimiters,
        standardDelimiters,
        limits,
        cached,
        onError,
        onWarning);
  }

  /** The same with other delimiters of the native and of the standard syntax. */
  public TemplateOptions withDelimiters(Delimiters natives, Delimiters standards) {
    return new TemplateOptions(
        root,
        extension,
        escape,
        development,
        collapse,
        imports,
        natives,
        standards,
        limits,
        cached,
        onError,
        onWarning);
  }

  /** The same with other limits. */
  public TemplateOptions withLimits(TemplateLimits changed) {
    return new TemplateOptions(
        root,
        extension,
        escape,
        development,
        collapse,
        imports,
        nativeDelimiters,
        standardDelimiters,
        changed,
        cached,
        onError,
        onWarning);
  }

  /** The same with another size of the cache. */
  public TemplateOptions withCached(int templates) {
    return new TemplateOptions(
        root,
        extension,
        escape,
        development,
        collapse,
        imports,
        nativeDelimiters,
        standardDelimiters,
        limits,
        templates,
        onError,
        onWarning);
  }

  /** The same with errors told to that listener instead of thrown. */
  public TemplateOptions withOnError(@Nullable Consumer<TemplateError> listener) {
    return new TemplateOptions(
        root,
        extension,
        escape,
        development,
        collapse,
        imports,
        nativeDelimiters,
        standardDelimiters,
        limits,
        cached,
        listener,
        onWarning);
  }

  /** The same with warnings told to that listener instead of logged. */
  public TemplateOptions withOnWarning(@Nullable Consumer<String> listener) {
    return new TemplateOptions(
        root,
        extension,
        escape,
        development,
        collapse,
        imports,
        nativeDelimiters,
        standardDelimiters,
        limits,
        cached,
        onError,
        listener);
  }
}
