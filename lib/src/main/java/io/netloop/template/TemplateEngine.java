package io.netloop.template;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What renders pages by name: {@link TemplateFiles}, or an adapter to another template library.
 * <i>Thread-safe.</i>
 */
@FunctionalInterface
public interface TemplateEngine {
  /**
   * Renders a page.
   *
   * @param name the name of the template, such as {@code index} or {@code users/list.art}
   * @param data a map, a record or an object with getters; null for none
   * @param out takes the page, in one piece or in several
   * @throws IOException where {@code out} fails
   * @throws RuntimeException where there is no such template, or it fails
   */
  void render(String name, @Nullable Object data, Appendable out) throws IOException;
}
