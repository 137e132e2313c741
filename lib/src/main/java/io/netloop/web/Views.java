package io.netloop.web;

import io.netloop.template.TemplateEngine;
import io.netloop.template.TemplateFiles;
import io.netloop.template.TemplateOptions;
import io.netloop.template.Templates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The pages of an app: which engine renders them, and out of which folder. <i>Thread-safe.</i> */
final class Views {
  private final App app;
  private final Map<String, TemplateEngine> byExtension = new ConcurrentHashMap<>();
  private volatile TemplateOptions options = TemplateOptions.DEFAULTS.withRoot(Path.of("views"));
  private volatile @Nullable TemplateEngine engine;
  private volatile @Nullable TemplateFiles files;

  Views(App app) {
    this.app = app;
  }

  void options(TemplateOptions wanted) {
    options = wanted;
    files = null;
  }

  void engine(TemplateEngine wanted) {
    engine = wanted;
  }

  void engine(String extension, TemplateEngine wanted) {
    if (!extension.startsWith(".") || extension.length() < 2) {
      throw new IllegalArgumentException(
          "An extension begins with a dot, as .hbs does, and not as '%s'.".formatted(extension));
    }
    byExtension.put(extension.toLowerCase(Locale.ROOT), wanted);
  }

  /** A whole page. */
  String render(String name, @Nullable Object data, Map<String, Object> locals) {
    TemplateEngine chosen = engineOf(name);
    Object all = withLocals(data, locals);
    if (chosen instanceof TemplateFiles templates) {
      return templates.render(name, all);
    }
    StringBuilder page = new StringBuilder();
    try {
      chosen.render(name, all, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString();
  }

  /** A page, piece by piece. */
  void render(String name, @Nullable Object data, Map<String, Object> locals, Appendable out)
      throws IOException {
    engineOf(name).render(name, withLocals(data, locals), out);
  }

  private static @Nullable Object withLocals(@Nullable Object data, Map<String, Object> locals) {
    if (locals.isEmpty() || (data != null && !(data instanceof Map))) {
      return data;
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>(locals);
    all.putAll(TemplateEngine.parts(data));
    return all;
  }

  private TemplateEngine engineOf(String name) {
    int dot = name.lastIndexOf('.');
    TemplateEngine own =
        dot < 0 ? null : byExtension.get(name.substring(dot).toLowerCase(Locale.ROOT));
    if (own != null) {
      return own;
    }
    TemplateEngine byDefault = engine;
    return byDefault != null ? byDefault : files();
  }

  /** Made at the first page: whether this is development is known then. */
  private TemplateFiles files() {
    TemplateFiles known = files;
    TemplateOptions wanted = options;
    boolean development = wanted.development() || app.isDevelopment();
    if (known == null || known.options().development() != development) {
      known = Templates.files(wanted.withDevelopment(development));
      files = known;
    }
    return known;
  }
}
