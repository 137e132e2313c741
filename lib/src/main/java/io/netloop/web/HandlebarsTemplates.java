package io.netloop.web;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.cache.ConcurrentMapTemplateCache;
import com.github.jknack.handlebars.context.JavaBeanValueResolver;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.context.MethodValueResolver;
import com.github.jknack.handlebars.io.FileTemplateLoader;
import io.netloop.template.TemplateEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Pages in Handlebars, by Handlebars.java, which the program has to bring: {@code
 * com.github.jknack:handlebars}. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * app.engine(".hbs", HandlebarsTemplates.in(Path.of("views")));
 * }</pre>
 */
public final class HandlebarsTemplates implements TemplateEngine {
  private static final String EXTENSION = ".hbs";

  private final Handlebars handlebars;

  private HandlebarsTemplates(Handlebars handlebars) {
    this.handlebars = handlebars;
  }

  /** The {@code .hbs} files of a folder, compiled once. */
  public static HandlebarsTemplates in(Path folder) {
    return of(
        new Handlebars(new FileTemplateLoader(folder.toFile(), EXTENSION))
            .with(new ConcurrentMapTemplateCache()));
  }

  /** As a Handlebars that the program has set up renders them: with helpers, for example. */
  @SuppressWarnings("exports") // who calls this has the library
  public static HandlebarsTemplates of(Handlebars handlebars) {
    return new HandlebarsTemplates(handlebars);
  }

  @Override
  public void render(String name, @Nullable Object data, Appendable out) throws IOException {
    String base =
        name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
    // Accessors of records are methods, those of beans getters.
    Context context =
        Context.newBuilder(data)
            .resolver(
                MapValueResolver.INSTANCE,
                JavaBeanValueResolver.INSTANCE,
                MethodValueResolver.INSTANCE)
            .build();
    try {
      Writer writer = Writers.to(out);
      handlebars.compile(base).apply(context, writer);
      writer.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      context.destroy();
    }
  }
}
