package io.netloop.web;

import de.neuland.pug4j.PugEngine;
import de.neuland.pug4j.RenderContext;
import io.netloop.template.TemplateEngine;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pages in Pug, by Pug4j, which the program has to bring: {@code de.neuland-bfi:pug4j}.
 * <i>Thread-safe.</i>
 *
 * <pre>{@code
 * app.engine(".pug", PugTemplates.in(Path.of("views")));
 * }</pre>
 */
public final class PugTemplates implements TemplateEngine {
  private final PugEngine engine;

  private PugTemplates(PugEngine engine) {
    this.engine = engine;
  }

  /** The {@code .pug} files of a folder, compiled once. */
  public static PugTemplates in(Path folder) {
    return of(PugEngine.forPath(folder.toAbsolutePath().normalize()));
  }

  /** As an engine that the program has set up renders them. */
  @SuppressWarnings("exports") // who calls this has the library
  public static PugTemplates of(PugEngine engine) {
    return new PugTemplates(engine);
  }

  @Override
  public void render(String name, @Nullable Object data, Appendable out) throws IOException {
    Map<String, @Nullable Object> model = TemplateEngine.parts(data);
    Writer writer = Writers.to(out);
    engine.render(engine.getTemplate(name), model, RenderContext.defaults(), writer);
    writer.flush();
  }
}
