package io.netloop.bench;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.cache.ConcurrentMapTemplateCache;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.context.MethodValueResolver;
import com.github.jknack.handlebars.io.FileTemplateLoader;
import gg.jte.ContentType;
import gg.jte.output.StringOutput;
import gg.jte.resolve.DirectoryCodeResolver;
import io.netloop.template.Template;
import io.netloop.template.Templates;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.FileLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The same pages in the languages of several libraries, with the same data. */
public final class TemplatePages {
  private static final int ROWS = 100;
  private static final int FEW = 10;

  /** A row; public, because templates are compiled to classes elsewhere. */
  public record Product(int id, String name, double price, boolean active) {}

  /** Renders one page. */
  interface Page {
    String render() throws IOException;
  }

  private TemplatePages() {}

  private static Map<String, Object> data() {
    List<Product> rows = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      String name = id % 10 == 0 ? "Fish & \"Chips\" <" + id + ">" : "Product number " + id;
      rows.add(new Product(id, name, id * 1.25, id % 3 == 0));
    }
    return Map.of(
        "title", "Products", "user", "Ann", "rows", rows, "few", List.copyOf(rows.subList(0, FEW)));
  }

  /** A page of that library, compiled. */
  static Page of(String library, Path folder, String name) throws IOException {
    return switch (library) {
      case "netloop" -> netloop(folder, name);
      case "pebble" -> pebble(folder, name);
      case "handlebars" -> handlebars(folder, name);
      case "jte" -> jte(folder, name);
      default -> throw new IOException("there is no library " + library);
    };
  }

  private static Page netloop(Path folder, String name) {
    Map<String, Object> data = data();
    Template template = Templates.files(folder).template(name);
    return () -> template.render(data);
  }

  private static Page pebble(Path folder, String name) {
    Map<String, Object> data = data();
    PebbleEngine engine =
        new PebbleEngine.Builder().loader(new FileLoader(folder.toString())).build();
    PebbleTemplate template = engine.getTemplate(name + ".peb");
    return () -> {
      StringWriter page = new StringWriter(1 << 14);
      template.evaluate(page, data);
      return page.toString();
    };
  }

  private static Page handlebars(Path folder, String name) throws IOException {
    Map<String, Object> data = data();
    Handlebars handlebars =
        new Handlebars(new FileTemplateLoader(folder.toFile(), ".hbs"))
            .with(new ConcurrentMapTemplateCache());
    com.github.jknack.handlebars.Template template = handlebars.compile(name);
    return () ->
        template.apply(
            Context.newBuilder(data)
                .resolver(MapValueResolver.INSTANCE, MethodValueResolver.INSTANCE)
                .build());
  }

  /** It compiles to classes, in a folder that goes with the process. */
  private static Page jte(Path folder, String name) throws IOException {
    Path classes = java.nio.file.Files.createTempDirectory("jte-");
    gg.jte.TemplateEngine engine =
        gg.jte.TemplateEngine.create(new DirectoryCodeResolver(folder), classes, ContentType.Html);
    Map<String, Object> all = data();
    Map<String, Object> data =
        name.equals("table")
            ? Map.of("title", all.get("title"), "rows", all.get("rows"))
            : Map.of("title", all.get("title"), "user", all.get("user"), "few", all.get("few"));
    return () -> {
      StringOutput page = new StringOutput(1 << 14);
      engine.render(name + ".jte", data, page);
      return page.toString();
    };
  }
}
