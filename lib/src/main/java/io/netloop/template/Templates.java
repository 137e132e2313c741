package io.netloop.template;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Templates in the language of art-template: {@code Hello {{ name }}}. All methods may be called by
 * any thread.
 */
public final class Templates {
  private Templates() {}

  /**
   * Renders a text. What is rendered often should be compiled once, with {@link #compile(String)}.
   *
   * @param source the template
   * @param data a map, a record or an object with getters; null for none
   * @return the text with all values in it, escaped for HTML
   * @throws TemplateError where the template is wrong or fails
   */
  public static String render(String source, @Nullable Object data) {
    return render(source, data, TemplateOptions.DEFAULTS);
  }

  /**
   * Renders a text.
   *
   * @param source the template
   * @param data a map, a record or an object with getters; null for none
   * @param options how; their root is where it may include files from
   * @return the text with all values in it
   * @throws TemplateError where the template is wrong or fails, unless the options have a listener
   *     for errors
   */
  public static String render(String source, @Nullable Object data, TemplateOptions options) {
    try {
      return compile(source, options).render(data);
    } catch (TemplateError e) {
      if (options.onError() == null) {
        throw e;
      }
      options.onError().accept(e);
      return "{Template Error}";
    }
  }

  /**
   * Compiles a text.
   *
   * @throws TemplateError where the template is wrong
   */
  public static Template compile(String source) {
    return compile(source, TemplateOptions.DEFAULTS);
  }

  /**
   * Compiles a text; what it includes comes from the options' root, and is kept with it.
   *
   * @throws TemplateError where the template is wrong
   */
  public static Template compile(String source, TemplateOptions options) {
    return new TemplateFiles(options).compile(Objects.requireNonNull(source, "source"));
  }

  /** The templates of a folder. */
  public static TemplateFiles files(Path root) {
    return files(TemplateOptions.DEFAULTS.withRoot(root));
  }

  /** The templates of the options' root. */
  public static TemplateFiles files(TemplateOptions options) {
    return new TemplateFiles(options);
  }
}
