package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.io.FileTemplateLoader;
import de.neuland.pug4j.PugEngine;
import io.netloop.template.TemplateEngine;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.FileLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapters to other template libraries. */
class EnginesTest extends WebTest {
  /** Data, public: the libraries look for themselves. */
  public record Todo(String title, boolean completed) {}

  /** A page's data. */
  public record Model(String message, List<Todo> todos) {}

  private static final Model MODEL =
      new Model("World", List.of(new Todo("<吃饭>", false), new Todo("睡觉", true)));

  @TempDir Path views;

  private void write(String name, String text) throws IOException {
    Files.writeString(views.resolve(name), text);
  }

  private static String render(TemplateEngine engine, String name, Object data) throws IOException {
    StringBuilder page = new StringBuilder();
    engine.render(name, data, page);
    return page.toString();
  }

  @Test
  void handlebarsRendersItsPages() throws IOException {
    write(
        "page.hbs",
        "Hello {{message}}{{#each todos}}<p>{{title}}{{#if completed}} ok{{/if}}</p>{{/each}}"
            + "{{> part}}");
    write("part.hbs", "!");
    String expected = "Hello World<p>&lt;吃饭&gt;</p><p>睡觉 ok</p>!";
    HandlebarsTemplates engine = HandlebarsTemplates.in(views);

    assertThat(render(engine, "page.hbs", MODEL)).isEqualTo(expected);
    assertThat(render(engine, "page", TemplateEngine.parts(MODEL))).isEqualTo(expected);
    Handlebars own =
        new Handlebars(new FileTemplateLoader(views.toFile(), ".hbs"))
            .registerHelper("twice", (value, options) -> value + "" + value);
    write("helper.hbs", "{{twice message}}");
    assertThat(render(HandlebarsTemplates.of(own), "helper", MODEL)).isEqualTo("WorldWorld");
  }

  @Test
  void pebbleRendersItsPages() throws IOException {
    write("layout.peb", "<main>{% block main %}{% endblock %}</main>");
    write(
        "page.peb",
        "{% extends 'layout.peb' %}{% block main %}Hello {{ message }}"
            + "{% for todo in todos %}<p>{{ todo.title }}{% if todo.completed %} ok{% endif %}</p>"
            + "{% endfor %}{% endblock %}");
    String expected = "<main>Hello World<p>&lt;吃饭&gt;</p><p>睡觉 ok</p></main>";

    assertThat(render(PebbleTemplates.in(views), "page.peb", MODEL)).isEqualTo(expected);
    PebbleEngine own =
        new PebbleEngine.Builder()
            .loader(new FileLoader(views.toAbsolutePath().toString()))
            .autoEscaping(false)
            .build();
    assertThat(render(PebbleTemplates.of(own), "page.peb", MODEL)).contains("<吃饭>");
  }

  @Test
  void pugRendersItsPages() throws IOException {
    write(
        "page.pug",
        """
        main
          | Hello #{message}
          each todo in todos
            p= todo.title
        """);
    String expected = "<main>Hello World<p>&lt;吃饭&gt;</p><p>睡觉</p></main>";

    assertThat(render(PugTemplates.in(views), "page.pug", MODEL)).isEqualTo(expected);
    assertThat(render(PugTemplates.of(PugEngine.forPath(views)), "page.pug", MODEL))
        .isEqualTo(expected);
  }

  @Test
  void anAppServesAllOfThemSideBySide() throws IOException {
    write("a.hbs", "{{message}}");
    write("a.peb", "{{ message }}");
    write("a.pug", "b= message");
    write("a.art", "{{ message }}");
    app.views(views)
        .engine(".hbs", HandlebarsTemplates.in(views))
        .engine(".peb", PebbleTemplates.in(views))
        .engine(".pug", PugTemplates.in(views));
    app.get(
        "/:name",
        (request, response) -> response.render(request.param("name"), Map.of("message", "<me>")));

    assertThat(get("/a.hbs").text()).isEqualTo("&lt;me&gt;");
    assertThat(get("/a.peb").text()).isEqualTo("&lt;me&gt;");
    assertThat(get("/a.pug").text()).isEqualTo("<b>&lt;me&gt;</b>");
    assertThat(get("/a.art").text()).isEqualTo("&#60;me&#62;");
  }

  @Test
  void largePagesOfOthersAreStreamedToo() throws IOException {
    write("rows.peb", "{% for row in rows %}{{ row }} 行{% endfor %}");
    app.engine(PebbleTemplates.in(views));
    app.get(
        "/",
        (request, response) ->
            response.renderStream(
                "rows.peb", Map.of("rows", java.util.Collections.nCopies(20_000, 7))));

    assertThat(get("/").text()).hasSize(20_000 * 3);
  }

  @Test
  void aPageThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> render(HandlebarsTemplates.in(views), "none", null))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> render(PebbleTemplates.in(views), "none.peb", null))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> render(PugTemplates.in(views), "none.pug", null))
        .isInstanceOf(Exception.class);
  }
}
