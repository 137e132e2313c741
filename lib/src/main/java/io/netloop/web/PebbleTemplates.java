package io.netloop.web;

import io.netloop.template.TemplateEngine;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.FileLoader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pages in the language of Twig, which nunjucks has too, by Pebble, which the program has to bring:
 * {@code io.pebbletemplates:pebble}. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * app.engine(".peb", PebbleTemplates.in(Path.of("views")));
 * }</pre>
 */
public final class PebbleTemplates implements TemplateEngine {
  private final PebbleEngine engine;

  private PebbleTemplates(PebbleEngine engine) {
    this.engine = engine;
  }

  /** The files of a folder, by their names with the extension; compiled once. */
  public static PebbleTemplates in(Path folder) {
    String root = folder.toAbsolutePath().normalize().toString();
    return of(new PebbleEngine.Builder().loader(new FileLoader(root)).build());
  }

  /** As an engine that the program has set up renders them: with filters, for example. */
  @SuppressWarnings("exports") // who calls this has the library
  public static PebbleTemplates of(PebbleEngine engine) {
    return new PebbleTemplates(engine);
  }

  @Override
  public void render(String name, @Nullable Object data, Appendable out) throws IOException {
    Map<String, @Nullable Object> model = TemplateEngine.parts(data);
    Writer writer = Writers.to(out);
    engine.getTemplate(name).evaluate(writer, model);
    writer.flush();
  }
}
