package io.netloop.web;

import static io.netloop.web.Web.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netloop.template.TemplateError;
import io.netloop.template.TemplateOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Pages that handlers answer with. */
class RenderTest extends WebTest {
  record Todo(String title, boolean completed) {}

  @TempDir Path views;

  @BeforeEach
  void showTheViews() throws IOException {
    app.views(views);
    write("layout.art", "<main>{{block 'main'}}{{/block}}</main>");
    write(
        "todos.art",
        "{{extend './layout'}}{{block 'main'}}{{each todos}}<p>{{$value.title}}</p>{{/each}}"
            + "{{/block}}");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(views.resolve(name), text);
  }

  /** What is logged as an error while that runs; it is not shown. */
  private static List<String> logged(Runnable work) {
    Logger logger = (Logger) LoggerFactory.getLogger("io.netloop.web.LastResort");
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    logger.setAdditive(false);
    logger.addAppender(events);
    try {
      work.run();
    } finally {
      logger.detachAppender(events);
      logger.setAdditive(true);
    }
    return events.list.stream()
        .map(event -> event.getFormattedMessage() + " " + event.getThrowableProxy().getMessage())
        .toList();
  }

  private Answer ask(String target) {
    try {
      return get(target);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPageIsHtmlWithAnEntityTag() throws IOException {
    app.get(
        "/",
        (request, response) ->
            response.render("todos.art", Map.of("todos", List.of(new Todo("<吃饭>", true)))));

    Answer answer = get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.text()).isEqualTo("<main><p>&#60;吃饭&#62;</p></main>");
    assertThat(get("/", "If-None-Match: " + answer.header("ETag")).status()).isEqualTo(304);
  }

  @Test
  void localsAreBelowTheData() throws IOException {
    write("who.art", "{{user}} {{page}} {{title}}");
    app.use((request, response, next) -> {
      response.locals().put("user", "ann");
      response.locals().put("page", "local");
      next.run();
    });
    app.get(
        "/", (request, response) -> response.render("who", Map.of("page", "own", "title", "T")));
    app.get("/none", (request, response) -> response.render("who"));

    assertThat(get("/").text()).isEqualTo("ann own T");
    assertThat(get("/none").text()).isEqualTo("ann local ");
  }

  @Test
  void optionsBringFilters() throws IOException {
    write("f.art", "{{'abc' | upper}}");
    app.views(
        TemplateOptions.DEFAULTS
            .withRoot(views)
            .withImport("upper", v -> String.valueOf(v[0]).toUpperCase(Locale.ROOT)));
    app.get("/", (request, response) -> response.render("f", null));

    assertThat(get("/").text()).isEqualTo("ABC");
  }

  @Test
  void inProductionAnErrorIsInTheLogAndNotInThePage() throws IOException {
    write("bad.art", "secret line\n{{a.b.c}}");
    app.get("/", (request, response) -> response.render("bad", Map.of("a", Map.of())));
    app.get("/none", (request, response) -> response.render("none", null));
    Answer[] answers = new Answer[2];

    List<String> log =
        logged(() -> {
          answers[0] = ask("/");
          answers[1] = ask("/none");
        });

    assertThat(answers[0].status()).isEqualTo(500);
    assertThat(answers[0].text())
        .contains("Internal Server Error")
        .doesNotContain("secret", ".art");
    assertThat(answers[1].status()).isEqualTo(500);
    assertThat(answers[1].text()).doesNotContain(views.toString());
    assertThat(log.getFirst())
        .contains("GET / failed", "bad.art:2:1", "secret line", "reading 'c'");
    assertThat(log.get(1)).contains("ENOENT: no such file or directory");
  }

  @Test
  void inDevelopmentThePageShowsThePlaceAndChangedFilesCount() throws IOException {
    app.development(true);
    write("bad.art", "line one\n<b>{{a.b.c}}</b>");
    app.get("/", (request, response) -> response.render("bad", Map.of("a", Map.of())));
    Answer[] answers = new Answer[1];

    logged(() -> answers[0] = ask("/"));

    assertThat(answers[0].status()).isEqualTo(500);
    assertThat(answers[0].text())
        .contains("bad.art:2:4", "line one", "&lt;b&gt;{{a.b.c}}&lt;/b&gt;", "RuntimeError")
        .doesNotContain("at io.netloop");
    write("bad.art", "mended");
    assertThat(get("/").text()).isEqualTo("mended");
  }

  @Test
  void errorHandlersSeeTheErrorOfTheTemplate() throws IOException {
    write("bad.art", "{{a.b}}");
    app.get("/", (request, response) -> response.render("bad", null));
    app.get("/blocking", blocking((request, response) -> response.render("bad", null)));
    app.use((error, request, response, next) ->
        response.status(503).send(((TemplateError) error).line() + " " + error.getClass()));

    assertThat(get("/").text()).isEqualTo("1 class io.netloop.template.TemplateError");
    assertThat(get("/blocking").status()).isEqualTo(503);
  }

  @Test
  void namesFromOutsideDoNotLeaveTheViews() throws IOException {
    app.development(true);
    app.get("/", (request, response) -> response.render(request.query("name"), null));
    Answer[] answers = new Answer[1];

    logged(() -> answers[0] = ask("/?name=../../../../etc/passwd"));

    assertThat(answers[0].status()).isEqualTo(500);
    assertThat(answers[0].text()).contains("outside of the templates").doesNotContain("root:");
  }

  @Test
  void aHandlerThatWaitsMayRender() throws IOException {
    app.get(
        "/",
        blocking((request, response) ->
            response.render("todos", Map.of("todos", List.of(new Todo("x", false))))));

    assertThat(get("/").text()).isEqualTo("<main><p>x</p></main>");
  }

  @Test
  void aLargePageIsStreamed() throws IOException {
    write("rows.art", "{{each rows}}<tr>{{$value}} 行</tr>\n{{/each}}");
    app.get(
        "/",
        (request, response) ->
            response.renderStream("rows", Map.of("rows", IntStream.range(0, 100_000))));

    Answer answer = get("/");

    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(answer.text()).hasSize(100_000 * 12 + 488_890).endsWith("<tr>99999 行</tr>\n");
  }

  @Test
  void aClientThatDoesNotReadStopsTheRendering() throws IOException {
    write("rows.art", "{{each rows}}{{$value}}{{/each}}");
    AtomicLong made = new AtomicLong();
    String kilobyte = "x".repeat(1024);
    app.get(
        "/",
        (request, response) -> {
          Stream<String> endless =
              Stream.generate(() -> {
                made.incrementAndGet();
                return kilobyte;
              });
          response.onClose(cause -> told.add("closed"));
          response.renderStream("rows", Map.of("rows", endless.limit(5_000_000)));
        });
    Socket socket = connect();
    send(socket, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");

    long[] before = {-1};
    await()
        .until(() -> {
          long now = made.get();
          boolean stands = now > 0 && now == before[0];
          before[0] = now;
          return stands;
        });
    assertThat(made.get()).isLessThan(50_000);

    hear(socket, kilobyte);
    socket.close();
    await().untilAsserted(() -> assertThat(told).contains("closed"));
  }

  @Test
  void anErrorBeforeTheFirstPieceIsAnsweredAndALaterOneEndsTheConnection() throws IOException {
    write("early.art", "text{{a.b}}");
    write("late.art", "{{each rows}}0123456789{{/each}}{{a.b}}");
    app.get("/early", (request, response) -> response.renderStream("early", null));
    app.get(
        "/late",
        (request, response) -> response.renderStream("late", Map.of("rows", new int[10_000])));
    Consumer<String> nothing = text -> {};
    String[] late = new String[1];
    Answer[] early = new Answer[1];

    List<String> log =
        logged(() -> {
          early[0] = ask("/early");
          try {
            late[0] = say("GET /late HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
          } catch (IOException e) {
            nothing.accept(e.getMessage());
          }
        });

    assertThat(early[0].status()).isEqualTo(500);
    assertThat(log).hasSize(2);
    // The chunk that ends the body is missing.
    assertThat(late[0]).doesNotEndWith("0\r\n\r\n");
  }

  @Test
  void errorHandlersAreToldOfAPageThatHasNotBegun() throws IOException {
    write("early.art", "text{{a.b}}");
    app.get("/", (request, response) -> response.renderStream("early", null));
    app.use((error, request, response, next) -> response.status(503).send("sorry"));

    Answer answer = ask("/");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("sorry");
  }

  @Test
  void enginesGoByExtension() throws IOException {
    write("page.up", "");
    app.engine(".up", (name, data, out) -> out.append("UP " + name + " " + data));
    app.get("/up", (request, response) -> response.render("page.up", Map.of("a", 1)));
    app.get("/art", (request, response) -> response.render("layout", null));

    assertThat(get("/up").text()).isEqualTo("UP page.up {a=1}");
    assertThat(get("/art").text()).isEqualTo("<main></main>");
    app.engine((name, data, out) -> out.append("other " + name));
    assertThat(get("/art").text()).isEqualTo("other layout");
    assertThatThrownBy(() -> app.engine("hbs", (name, data, out) -> {}))
        .hasMessage("An extension begins with a dot, as .hbs does, and not as 'hbs'.");
  }
}
