package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that handlers send; and files whose bytes are changed, or wait, on their way. */
class SendFileTest extends StaticTest {

  // By name

  @Test
  void aHandlerSendsAFileAsTheFileServerDoes() throws IOException {
    Path page = file(".pages/page.html", "<p>page</p>");
    app.get("/page", (request, response) -> response.sendFile(page));
    Answer answer = get("/page");
    assertThat(answer.body()).isEqualTo("<p>page</p>");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(get("/page", "If-None-Match: " + answer.header("ETag")).status()).isEqualTo(304);
    assertThat(get("/page", "Range: bytes=3-6").body()).isEqualTo("page");
    assertThat(head("/page").header("Content-Length")).isEqualTo("11");
  }

  @Test
  void aPageOfAnErrorKeepsItsStatusWhateverTheConditions() throws IOException {
    Path page = file("404.html", "not here");
    app.use((request, response) -> response.statusCode(404).sendFile(page));
    Answer answer = get("/x", "If-None-Match: *", "Range: bytes=0-1");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("not here");
  }

  @Test
  void whatCannotBeSentIsAnErrorOfTheClients() throws IOException {
    Files.createDirectory(root.resolve("dir"));
    app.get("/none", (request, response) -> response.sendFile(root.resolve("none.txt")));
    app.get("/dir", (request, response) -> response.sendFile(root.resolve("dir")));
    app.get("/up", (request, response) -> response.sendFile(root, "a/../../x"));
    app.get("/nul", (request, response) -> response.sendFile(root, "a\0b"));
    app.get("/save", (request, response) -> response.download(root.resolve("none.txt")));
    assertThat(get("/none").status()).isEqualTo(404);
    assertThat(get("/none").body()).contains("none.txt").contains("there is none of that name");
    assertThat(get("/dir").status()).isEqualTo(404);
    assertThat(get("/up").status()).isEqualTo(403);
    assertThat(get("/nul").status()).isEqualTo(400);
    assertThat(get("/save").status()).isEqualTo(404);
    assertThat(get("/save").header("Content-Disposition")).isNull();
  }

  /** As of Express, which hands it to {@code next}. */
  @Test
  void theAppsErrorHandlersAreToldOfWhatCannotBeSent() throws IOException {
    Router api = Web.router();
    api.get("/save", (request, response) -> response.download(root.resolve("none.txt")));
    api.use((error, request, response, next) -> {
      told.add("router " + request.baseUrl());
      next.fail(error);
    });
    app.use("/api", api);
    app.get("/none", (request, response) -> response.sendFile(root.resolve("none.txt")));
    app.get(
        "/blocking",
        Web.blocking((request, response) -> response.sendFile(root, "../" + request.path())));
    app.use((error, request, response, next) -> {
      told.add(request.path() + " " + ((WebException) error).status());
      response.status(((WebException) error).status()).json(Map.of("error", "no"));
    });

    assertThat(get("/none").body()).isEqualTo("{\"error\":\"no\"}");
    assertThat(get("/none").status()).isEqualTo(404);
    assertThat(get("/api/save").status()).isEqualTo(404);
    assertThat(get("/api/save").header("Content-Disposition")).isNull();
    assertThat(get("/blocking").status()).isEqualTo(403);
    assertThat(told)
        .containsExactly(
            "/none 404",
            "/none 404",
            "router /api",
            "/api/save 404",
            "router /api",
            "/api/save 404",
            "/blocking 403");
  }

  @Test
  void anErrorHandlerMaySendAPageThatIsNotThereEither() throws IOException {
    app.get("/", (request, response) -> response.sendFile(root.resolve("none.txt")));
    app.use((error, request, response, next) -> {
      told.add("first");
      response.status(500).sendFile(root.resolve("500.html"));
    });
    app.use((error, request, response, next) -> {
      told.add("second " + error.getMessage());
      next.fail(error);
    });

    assertThat(get("/").status()).isEqualTo(404);
    assertThat(told)
        .containsExactly(
            "first", "second The file \"500.html\" cannot be sent: there is none of that name.");
  }

  /** Where a part of the answer has left, no handler can answer any more. */
  @Test
  void whatCannotBeSentBehindABeginningEndsTheConnection() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.write("begun");
          response.sendFile(root.resolve("none.txt"));
        });
    app.use((error, request, response, next) -> told.add("handler"));

    // The beginning may be lost with the connection, but never looks whole.
    assertThat(say("GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
        .matches(heard -> heard.isEmpty() || heard.endsWith("5\r\nbegun\r\n"), "cut short");
    assertThat(told).isEmpty();
  }

  @Test
  void whatTheProgramsOwnHeadersThrowIsAnErrorToo() throws IOException {
    Path page = file("page.html", "page");
    StaticOptions options =
        PLAIN.withHeaders((response, path, size) -> {
          throw new IllegalStateException("no headers for " + path.getFileName());
        });
    app.get("/", (request, response) -> response.sendFile(page, options));
    app.use((error, request, response, next) -> response.status(500).send(error.getMessage()));

    assertThat(get("/").body()).isEqualTo("no headers for page.html");
  }

  @Test
  void theRootOfTheDiskIsNoFile() throws IOException {
    app.get("/", (request, response) -> response.sendFile(Path.of("/")));
    app.use((error, request, response, next) -> response.statusCode(500).send(error.getMessage()));
    assertThat(get("/").body()).isEqualTo("A file is sent, and not the directory /.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "report.pdf       | attachment; filename=\"report.pdf\"",
        "a b.txt          | attachment; filename=\"a b.txt\"",
        "a\"b\\c.txt      | attachment; filename=\"c.txt\"",
        "\"q\".txt        | attachment; filename=\"\\\"q\\\".txt\"",
        "ü.txt            | attachment; filename=\"?.txt\"; filename*=UTF-8''%C3%BC.txt",
        "你好.txt          | attachment; filename=\"??.txt\"; filename*=UTF-8''%E4%BD%A0%E5%A5%BD.txt",
        "😀               | attachment; filename=\"?\"; filename*=UTF-8''%F0%9F%98%80",
        "100%25.txt       | attachment; filename=\"100%25.txt\"; filename*=UTF-8''100%2525.txt",
        "dir/name.txt     | attachment; filename=\"name.txt\"",
        "'(*)'.txt        | attachment; filename=\"'(*)'.txt\"",
        "a;b=c.txt        | attachment; filename=\"a;b=c.txt\"",
        "dir/             | attachment",
      })
  void aDownloadHasAnyName(String name, String header) {
    assertThat(ContentDisposition.attachment(name)).isEqualTo(header);
  }

  @Test
  void aNameOfADownloadCannotEndTheHeader() throws IOException {
    Path file = file("a.txt", "content");
    app.get(
        "/", (request, response) -> response.download(file, "x\r\nSet-Cookie: a=b\u007f\0.txt"));
    Answer answer = get("/");
    assertThat(answer.header("Set-Cookie")).isNull();
    assertThat(answer.header("Content-Disposition"))
        .isEqualTo(
            "attachment; filename=\"x??Set-Cookie: a=b??.txt\"; "
                + "filename*=UTF-8''x%20%20Set-Cookie%3A%20a%3Db%20%20.txt");
    assertThat(answer.body()).isEqualTo("content");
  }

  @Test
  void downloadsAreNamedAfterTheirFileOrOtherwise() throws IOException {
    Path file = file("a.txt", "content");
    app.get("/own", (request, response) -> response.download(file));
    app.get("/other", (request, response) -> response.download(root, "a.txt", "b.txt"));
    app.get("/said", (request, response) -> response.attachment("c.csv").end("1,2\n"));
    assertThat(get("/own").header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"a.txt\"");
    assertThat(get("/other").header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"b.txt\"");
    assertThat(get("/other", "Range: bytes=-3").body()).isEqualTo("ent");
    assertThat(get("/said").header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
  }

  // Through a compression

  @ParameterizedTest
  @ValueSource(ints = {2_000, 40_000, 3_000_000})
  void aCompressionSeesTheBytesOfFiles(int size) throws IOException {
    String content = "line of text\n".repeat(size / 13);
    file("a.txt", content);
    app.use(Web.compression());
    serve(PLAIN);
    Answer answer = get("/a.txt", "Accept-Encoding: gzip");
    assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
    byte[] gzip = answer.body().getBytes(StandardCharsets.ISO_8859_1);
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(content);
    }
    assertThat(get("/a.txt").body()).isEqualTo(content);
    assertThat(get("/a.txt", "Accept-Encoding: gzip", "Range: bytes=5-6").body()).isEqualTo("of");
    assertThat(get("/a.txt", "Accept-Encoding: gzip", "Range: bytes=0-1,5-6").body())
        .contains("\r\n\r\nli\r\n")
        .contains("\r\n\r\nof\r\n");
  }

  @Test
  void aClientThatLeavesACompressedFileCostsNothing() throws IOException {
    sparse("a.txt", 2_000_000_000L);
    app.use(Web.compression());
    serve(PLAIN);
    Socket socket = connect();
    send(socket, "GET /a.txt HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");
    hear(socket, "\r\n\r\n");
    socket.setSoLinger(true, 0);
    socket.close();
    assertThat(get("/a.txt", "Range: bytes=0-1").status()).isEqualTo(206);
  }

  @Test
  void aCompressedFileThatBecomesShorterEndsTheConnection() throws IOException {
    Path file = sparse("a.txt", 2_000_000_000L);
    app.use(Web.compression());
    serve(PLAIN);
    Socket socket = connect();
    send(socket, "GET /a.txt HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");
    hear(socket, "\r\n\r\n");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(10);
    }
    String rest = hearAll(socket);
    assertThat(rest).doesNotEndWith("0\r\n\r\n");
  }

  // The response itself

  @Test
  void aFileWithoutALengthIsAChunkAndBytesFollow() throws IOException {
    Path path = file("a.txt", "0123456789".repeat(30_000));
    app.get(
        "/",
        (request, response) -> {
          FileChannel file = FileChannel.open(path);
          response.raw().write("before ");
          response
              .raw()
              .writeFile(
                  file,
                  5,
                  250_000,
                  failure -> {
                    told.add("unused " + failure);
                    close(file);
                  });
          response.raw().write(" behind");
          response.raw().end("!");
        });
    assertThat(get("/").body())
        .isEqualTo("before " + "0123456789".repeat(30_000).substring(5, 250_005) + " behind!");
    await().until(() -> told.contains("unused null"));
  }

  @Test
  void aResponseBehindAnotherReadsItsFileAsThereIsRoom() throws IOException {
    Path path = file("a.txt", "0123456789".repeat(30_000));
    app.get("/slow", (request, response) -> loop.setTimeout(50, () -> response.send("slow")));
    app.get(
        "/file",
        (request, response) -> {
          FileChannel file = FileChannel.open(path);
          response.setHeader("Content-Length", 300_007);
          response.raw().writeFile(file, 0, 300_000, failure -> close(file));
          response.raw().write(" behind");
          response.raw().end();
        });
    Socket socket = connect();
    send(socket, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\nGET /file HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(next(socket).body()).isEqualTo("slow");
    assertThat(next(socket).body()).isEqualTo("0123456789".repeat(30_000) + " behind");
  }

  @Test
  void aResponseThatNeverHasItsTurnGivesItsFileBack() throws IOException {
    Path path = file("a.txt", "0123456789".repeat(30_000));
    app.get("/never", (request, response) -> told.add("never"));
    app.get(
        "/file",
        (request, response) -> {
          FileChannel file = FileChannel.open(path);
          response
              .raw()
              .writeFile(
                  file,
                  0,
                  300_000,
                  failure -> {
                    told.add("unused " + (failure == null ? "" : failure.code()));
                    close(file);
                  });
          response.raw().end();
        });
    Socket socket = connect();
    send(socket, "GET /never HTTP/1.1\r\nHost: h\r\n\r\nGET /file HTTP/1.1\r\nHost: h\r\n\r\n");
    await().until(() -> told.contains("never"));
    socket.setSoLinger(true, 0);
    socket.close();
    await().until(() -> told.stream().anyMatch(each -> each.startsWith("unused ")));
    assertThat(told.getLast()).isIn("unused ECONNRESET", "unused ERR_STREAM_DESTROYED");
  }

  private static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
