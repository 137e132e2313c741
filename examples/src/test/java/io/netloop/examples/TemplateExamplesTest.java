package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The programs of the course's section on templates, and the list of things to do. */
final class TemplateExamplesTest {
  private static final int ITS_PORT = 3000;

  /** What the original prints, to the blank. */
  private static String page(String who, boolean first) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="UTF-8" />
    <title>Document</title>
    </head>
    <body>
      <h1>Hello %s</h1>
      <ul>
       \s
        <li>吃饭 <input type="checkbox" %s /></li>
       \s
        <li>睡觉 <input type="checkbox" checked /></li>
       \s
        <li>打豆豆 <input type="checkbox"  /></li>
       \s
      </ul>
    </body>
    </html>
    """
        .formatted(who, first ? "checked" : "");
  }

  private static HttpResponse<String> ask(int port, String method, String path, String... body)
      throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder()
            // It would ask for an upgrade to HTTP/2, which belongs to the WebSockets here.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .method(
                  method,
                  body.length == 0
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body[1]));
      if (body.length > 0) {
        request.header("Content-Type", body[0]);
      }
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  @Test
  void aTextIsRenderedAsTheOriginalDoes() throws Exception {
    try (Program program =
        Program.source(
            "TemplateText", Files.readString(Program.ROOT.resolve("examples/TemplateText.java")))) {
      program.prints("</html>");
      assertThat(program.output()).contains("\n" + page("World", false).stripTrailing());
    }
  }

  @Test
  void aPageIsRenderedForEachRequest() throws Exception {
    int port = Program.freePort();
    String source =
        Files.readString(Program.ROOT.resolve("examples/HttpTemplate.java"))
            .replace("\"examples\"", "\"" + Program.ROOT.resolve("examples") + "\"")
            .replace(String.valueOf(ITS_PORT), String.valueOf(port));
    try (Program server =
        Program.source("HttpTemplate", source).prints("Server running at http://127.0.0.1:")) {
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer = ask(port, "GET", "/");
        assertThat(answer.body()).isEqualTo(page("黑马程序员", true));
        assertThat(answer.headers().firstValue("Content-Type"))
            .contains("text/html; charset=utf-8");
      }
      assertThat(ask(port, "GET", "/none").statusCode()).isEqualTo(404);
      assertThat(server.failures()).isEmpty();
    }
  }

  @Test
  void thingsToDoAreAPageWithFormsAndAJsonApi() throws Exception {
    String form = "application/x-www-form-urlencoded";
    int port = Program.freePort();
    try (Program server = todoApp(port)) {
      assertThat(ask(port, "GET", "/").body()).contains("Nothing to do.", "0 left");
      assertThat(ask(port, "POST", "/todos", form, "title=%3Cb%3E+eat").body())
          .contains("<span>&#60;b&#62; eat</span>", "1 left");
      assertThat(ask(port, "POST", "/api/todos", "application/json", "{\"title\":\"睡觉\"}").body())
          .isEqualTo("{\"id\":2,\"title\":\"睡觉\",\"completed\":false}");
      assertThat(ask(port, "POST", "/todos/2/toggle").body())
          .contains("<li class=\"done\">", "1 left");
      assertThat(ask(port, "GET", "/api/todos").body())
          .isEqualTo(
              "[{\"id\":1,\"title\":\"<b> eat\",\"completed\":false},"
                  + "{\"id\":2,\"title\":\"睡觉\",\"completed\":true}]");
      assertThat(ask(port, "DELETE", "/api/todos/1").statusCode()).isEqualTo(204);
      assertThat(ask(port, "POST", "/todos/2/delete").body()).contains("Nothing to do.");

      assertThat(ask(port, "POST", "/todos", form, "title=+").statusCode()).isEqualTo(400);
      assertThat(ask(port, "POST", "/todos", form, "title=" + "x".repeat(201)).statusCode())
          .isEqualTo(400);
      assertThat(ask(port, "DELETE", "/api/todos/9").statusCode()).isEqualTo(404);
      assertThat(ask(port, "GET", "/assets/todo.css").headers().firstValue("Content-Type"))
          .contains("text/css; charset=utf-8");
      assertThat(server.failures()).isEmpty();
    }
  }

  @Test
  void thingsToDoFitIntoAFile() throws Exception {
    List<String> lines = Files.readAllLines(Program.ROOT.resolve("examples/TodoApp.java"));

    assertThat(lines).hasSizeLessThanOrEqualTo(120).allMatch(line -> line.length() <= 130);
  }

  /** The list of things to do, with its files where they lie. */
  static Program todoApp(int port) throws Exception {
    String source =
        Files.readString(Program.ROOT.resolve("examples/TodoApp.java"))
            .replace("\"examples/", "\"" + Program.ROOT.resolve("examples") + "/")
            .replace(String.valueOf(ITS_PORT), String.valueOf(port));
    return Program.source("TodoApp", source).prints("Things to do at http://127.0.0.1:");
  }
}
