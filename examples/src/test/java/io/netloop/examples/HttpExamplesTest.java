package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of the course's section on HTTP, asked as a browser would ask them. */
final class HttpExamplesTest {
  private static final int ITS_PORT = 3000;

  private static Program started(String name, int port) throws IOException {
    return Program.example(name, ITS_PORT, port)
        .prints("Server running at http://127.0.0.1:" + port + "/");
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.ofString());
    }
  }

  private static String type(HttpResponse<String> answer) {
    return answer.headers().firstValue("content-type").orElse("none");
  }

  @Test
  void helloWorldAnswersInPlainText() throws Exception {
    int port = Program.freePort();
    try (Program server = started("HelloHttp", port)) {
      HttpResponse<String> answer = get(port, "/");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("Hello World\n");
      assertThat(type(answer)).isEqualTo("text/plain");
      assertThat(server.lines()).hasSize(1);
    }
  }

  @Test
  void pagesAreFoundByTheirPathWhateverTheQuery() throws Exception {
    int port = Program.freePort();
    try (Program server = started("HttpByUrl", port)) {
      assertPage(port, "/", 200, "Hello World!");
      assertPage(port, "/?x=1", 200, "Hello World!");
      assertPage(port, "/a", 200, "Hello a!");
      assertPage(port, "/b?c=/a", 200, "Hello b!");
      assertPage(port, "/c", 404, "404 Not Found.");
      assertThat(server.lines()).hasSize(1);
    }
  }

  private static void assertPage(int port, String path, int status, String text) throws Exception {
    HttpResponse<String> answer = get(port, path);
    assertThat(answer.statusCode()).as(path).isEqualTo(status);
    assertThat(answer.body()).as(path).isEqualTo(text);
    assertThat(type(answer)).as(path).isEqualTo("text/plain; charset=utf-8");
  }

  @ParameterizedTest
  @CsvSource({"page, 200, text/html", "missing, 404, text/plain", "folder, 500, text/plain"})
  void aPageComesFromAFileAndWhereThatFailsTheServerGoesOn(String what, int status, String type)
      throws Exception {
    int port = Program.freePort();
    Path page =
        switch (what) {
          case "page" -> Program.ROOT.resolve("examples/index.html");
          case "missing" -> Program.ROOT.resolve("examples/none.html");
          default -> Program.ROOT.resolve("examples");
        };
    String source =
        Files.readString(Program.ROOT.resolve("examples/HttpHtml.java"))
            .replace("examples/index.html", page.toString())
            .replace(String.valueOf(ITS_PORT), String.valueOf(port));
    try (Program server =
        Program.source("HttpHtml", source).prints("Server running at http://127.0.0.1:")) {
      HttpResponse<String> answer = get(port, "/");

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(type(answer)).isEqualTo(type + "; charset=utf-8");
      assertThat(answer.body().contains("你好，世界！")).isEqualTo(status == 200);
      assertThat(get(port, "/again").statusCode()).isEqualTo(status);
      assertThat(server.lines()).hasSize(1);
    }
  }

  @Test
  void allAssetsComeFromOneFolderWithTheirTypes() throws Exception {
    int port = Program.freePort();
    String examples = Program.ROOT.resolve("examples").toString();
    String source =
        Files.readString(Program.ROOT.resolve("examples/HttpAssets.java"))
            .replace("\"examples/", "\"" + examples + "/")
            .replace(String.valueOf(ITS_PORT), String.valueOf(port));
    try (Program server =
        Program.source("HttpAssets", source).prints("Server running at http://127.0.0.1:")) {
      HttpResponse<String> page = get(port, "/");
      assertThat(page.body()).contains("你好，世界！");
      assertThat(type(page)).isEqualTo("text/html; charset=utf-8");
      HttpResponse<String> script = get(port, "/assets/js/main.js?v=1");
      assertThat(script.body()).contains("欢迎！");
      assertThat(type(script)).isEqualTo("text/javascript; charset=utf-8");
      assertThat(type(get(port, "/assets/css/main.css"))).isEqualTo("text/css; charset=utf-8");
      for (String missing :
          List.of("/assets/none.js", "/none", "/assets/..%2fpage.html", "/assets/%2e%2e/pom.xml")) {
        HttpResponse<String> answer = get(port, missing);
        assertThat(answer.statusCode()).as(missing).isEqualTo(404);
        assertThat(answer.body()).as(missing).isEqualTo("404 Not Found.");
        assertThat(type(answer)).as(missing).isEqualTo("text/plain; charset=utf-8");
      }
      assertThat(server.lines()).hasSize(1);
    }
  }

  @Test
  void aPageAndItsFilesHaveRoutesOfTheirOwn() throws Exception {
    int port = Program.freePort();
    Path examples = Program.ROOT.resolve("examples");
    String source =
        Files.readString(examples.resolve("HttpRoutes.java"))
            .replace("\"examples/", "\"" + examples + "/")
            .replace(String.valueOf(ITS_PORT), String.valueOf(port));
    try (Program server =
        Program.source("HttpRoutes", source).prints("Server running at http://127.0.0.1:")) {
      HttpResponse<String> page = get(port, "/");
      assertThat(page.body()).contains("你好，世界！");
      assertThat(type(page)).isEqualTo("text/html; charset=utf-8");
      assertThat(type(get(port, "/assets/css/main.css?v=2"))).isEqualTo("text/css; charset=utf-8");
      assertThat(type(get(port, "/assets/js/main.js"))).isEqualTo("text/javascript; charset=utf-8");
      HttpResponse<String> missing = get(port, "/assets/js/other.js");
      assertThat(missing.statusCode()).isEqualTo(404);
      assertThat(missing.body()).isEqualTo("404 Not Found.");
      assertThat(type(missing)).isEqualTo("text/plain; charset=utf-8");
      assertThat(server.lines()).hasSize(1);
    }
  }

  @Test
  void sharedFilesAreUploadedListedAndDownloadedInParts(@TempDir Path folder) throws Exception {
    assertThat(Files.readAllLines(Program.ROOT.resolve("examples/FileSharing.java")).size())
        .isLessThanOrEqualTo(80);
    int port = Program.freePort();
    String source =
        Files.readString(Program.ROOT.resolve("examples/FileSharing.java"))
            .replace(
                "Path.of(arguments.length > 0 ? arguments[0] : \"shared\")",
                "Path.of(\"" + folder + "\")")
            .replace(String.valueOf(ITS_PORT), String.valueOf(port));
    try (Program server =
        Program.source("FileSharing", source).prints("Server running at http://127.0.0.1:")) {
      assertThat(upload(port, "../../a <b>.txt", "0123456789").statusCode()).isEqualTo(303);
      assertThat(upload(port, "a <b>.txt", "other").statusCode()).isEqualTo(303);
      assertThat(get(port, "/files").body())
          .isEqualTo(
              "[{\"name\":\"a _b_-1.txt\",\"size\":5},{\"name\":\"a _b_.txt\",\"size\":10}]");
      assertThat(get(port, "/").body())
          .contains("<a href=\"/files/a%20_b_.txt\">a _b_.txt</a> 10 bytes");
      HttpResponse<String> part = get(port, "/files/a%20_b_.txt", "Range", "bytes=6-");
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).isEqualTo("6789");
      assertThat(get(port, "/files/..%2f..%2fetc%2fpasswd").statusCode()).isEqualTo(404);
      server.prints("\"GET /files/a%20_b_.txt HTTP/1.1\" 206 4");
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).hasSize(2);
      }
    }
  }

  private static HttpResponse<String> get(int port, String path, String... headers)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .headers(headers)
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static HttpResponse<String> upload(int port, String name, String content)
      throws Exception {
    String form =
        """
        --edge\r
        Content-Disposition: form-data; name="file"; filename="%s"\r
        Content-Type: text/plain\r
        \r
        %s\r
        --edge--\r
        """
            .formatted(name, content);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/files"))
              .header("Content-Type", "multipart/form-data; boundary=edge")
              .POST(HttpRequest.BodyPublishers.ofString(form))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
