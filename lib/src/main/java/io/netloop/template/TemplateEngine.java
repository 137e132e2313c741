package io.netloop.template;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
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

  /**
   * The named parts of data, for engines that take only maps.
   *
   * @param data a map with names as keys, a record or an object with getters; null for none
   * @return the parts by name, in their order; what a getter throws is thrown
   */
  static Map<String, @Nullable Object> parts(@Nullable Object data) {
    if (data == null) {
      return Map.of();
    }
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    for (String name : Properties.keys(data)) {
      parts.put(
          name,
          data instanceof Map<?, ?> map
              ? map.get(name)
              : Values.toJava(Properties.get(data, name)));
    }
    return parts;
  }
}
