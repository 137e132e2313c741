package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files, directories, and what is neither, as clients see them. */
class StaticFilesTest extends StaticTest {

  // Whole files

  @Test
  void aFileComesWithAllItsHeaders() throws IOException {
    file("main.js", "let a = 1;\n");
    serve(PLAIN);
    Answer answer = get("/main.js?v=1");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("let a = 1;\n");
    assertThat(answer.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(answer.header("Content-Length")).isEqualTo("11");
    assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
    assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=0");
    assertThat(answer.header("Last-Modified")).isEqualTo(CHANGED_TEXT);
    assertThat(answer.header("ETag"))
        .isEqualTo("W/\"b-" + Long.toHexString(CHANGED.toEpochMilli()) + "\"");
    assertThat(answer.header("Connection")).isEqualTo("close");
  }

  @Test
  void headHasTheHeadersOfTheFileAndNoBody() throws IOException {
    file("a.txt", "hello");
    sparse("big.bin", 1 << 20);
    serve(PLAIN);
    assertThat(head("/a.txt").header("Content-Length")).isEqualTo("5");
    assertThat(head("/a.txt").body()).isEmpty();
    assertThat(head("/big.bin").header("Content-Length")).isEqualTo("1048576");
    assertThat(head("/big.bin").body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8 * 1024, 8 * 1024 + 1, 32 * 1024, 32 * 1024 + 1, 300_000, 3_000_000})
  void filesOfAllSizesArriveWhole(int size) throws IOException {
    String content = "0123456789abcde\n".repeat(size / 16 + 1).substring(0, size);
    file("a.txt", content);
    serve(PLAIN);
    Answer answer = get("/a.txt");
    assertThat(answer.body()).isEqualTo(content);
    assertThat(answer.header("Content-Length")).isEqualTo("" + size);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    String big = "x".repeat(400_000);
    file("small.txt", "small");
    file("big.txt", big);
    serve(PLAIN);
    Socket socket = connect();
    for (String target : List.of("/small.txt", "/big.txt", "/none", "/big.txt", "/small.txt")) {
      send(socket, "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    assertThat(next(socket).body()).isEqualTo("small");
    assertThat(next(socket).body()).isEqualTo(big);
    assertThat(next(socket).status()).isEqualTo(404);
    assertThat(next(socket).body()).isEqualTo(big);
    assertThat(next(socket).body()).isEqualTo("small");
  }

  @Test
  void theSameConnectionIsUsedForManyFiles() throws IOException {
    for (int i = 0; i < 20; i++) {
      file("f" + i + ".txt", "content of " + i + "\n" + "-".repeat(i * 5_000));
    }
    serve(PLAIN);
    Socket socket = connect();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 20; i++) {
        send(socket, "GET /f" + i + ".txt HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(next(socket).body()).isEqualTo("content of " + i + "\n" + "-".repeat(i * 5_000));
      }
    }
  }

  @Test
  void aServerCanHaveNothingButFiles() throws IOException {
    file("index.html", "<h1>home</h1>");
    file("a b/ü.txt", "here");
    HttpServer alone = Http.createServer(StaticFiles.from(root)).listen(0, "127.0.0.1");
    await().until(alone::listening);
    try (Socket socket = new Socket("127.0.0.1", alone.address().port())) {
      send(socket, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(next(socket).body()).isEqualTo("<h1>home</h1>");
      send(socket, "GET /a%20b/%C3%BC.txt HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(next(socket).body()).isEqualTo("here");
      send(socket, "GET http://h/a%20b/%C3%BC.txt?x HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(next(socket).body()).isEqualTo("here");
      send(socket, "GET /none HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(next(socket).raw()).contains("404 Not Found\r\n").endsWith("404 Not Found\n");
      send(socket, "DELETE /index.html HTTP/1.1\r\nHost: h\r\n\r\n");
      Answer wrong = next(socket);
      assertThat(wrong.status()).isEqualTo(405);
      assertThat(wrong.header("Allow")).isEqualTo("GET, HEAD");
      send(socket, "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(next(socket).status()).isEqualTo(400);
      send(socket, "GET /x/../index.html HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(next(socket).status()).isEqualTo(403);
      send(socket, "GET /a%20b HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(next(socket).header("Location")).isEqualTo("/a%20b/");
    }
    assertThat(Files.exists(root.resolve("index.html"))).isTrue();
    alone.closeAllConnections().close();
  }

  // Directories

  @Test
  void aDirectoryIsItsIndex() throws IOException {
    file("index.html", "root");
    file("docs/index.html", "docs");
    file("old/default.htm", "old");
    serve(PLAIN.withIndex("index.html", "default.htm"));
    assertThat(get("/").body()).isEqualTo("root");
    assertThat(get("/docs/").body()).isEqualTo("docs");
    assertThat(get("/docs/").header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(get("/old/").body()).isEqualTo("old");
    assertThat(get("/docs/index.html/").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "/docs, /docs/",
    "/docs?a=1&b=%2F, /docs/?a=1&b=%2F",
    "//docs, /docs/",
    "///docs?x, /docs/?x",
    "/./docs, /./docs/",
    "/d%6Fcs, /d%6Fcs/"
  })
  void aDirectoryWithoutASlashIsRedirectedWithinTheServer(String target, String location)
      throws IOException {
    file("docs/index.html", "docs");
    serve(PLAIN);
    Answer answer = get(target);
    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.header("Location")).isEqualTo(location);
    assertThat(answer.header("Content-Security-Policy")).isEqualTo("default-src 'none'");
    assertThat(answer.body()).contains("Redirecting to " + location.replace("&", "&amp;"));
  }

  @Test
  void aMountedDirectoryIsRedirectedWithWhereItIsMounted() throws IOException {
    file("index.html", "root");
    file("docs/index.html", "docs");
    app.use("/assets", StaticFiles.from(root));
    assertThat(get("/assets").header("Location")).isEqualTo("/assets/");
    assertThat(get("/assets/").body()).isEqualTo("root");
    assertThat(get("/assets/docs").header("Location")).isEqualTo("/assets/docs/");
    assertThat(get("/assets/docs/").body()).isEqualTo("docs");
    assertThat(get("/docs/").status()).isEqualTo(404);
  }

  @Test
  void withoutRedirectADirectoryIsNotThere() throws IOException {
    file("docs/index.html", "docs");
    serve(PLAIN.withRedirect(false));
    assertThat(get("/docs").status()).isEqualTo(404);
    assertThat(get("/docs/").body()).isEqualTo("docs");
  }

  @Test
  void withoutAnIndexADirectoryIsNotThere() throws IOException {
    file("docs/other.html", "docs");
    serve(PLAIN.withIndex());
    assertThat(get("/docs/").status()).isEqualTo(404);
  }

  // What is passed on

  @Test
  void whatIsNotThereGoesOnToTheNext() throws IOException {
    file("a.txt", "file");
    app.use(StaticFiles.from(root));
    app.use((request, response) -> response.send("next of " + request.method()));
    assertThat(get("/a.txt").body()).isEqualTo("file");
    assertThat(get("/b.txt").body()).isEqualTo("next of GET");
    assertThat(post("/a.txt", "x").body()).isEqualTo("next of POST");
    assertThat(get("/%zz.txt").body()).isEqualTo("next of GET");
    assertThat(get("/../a.txt").body()).isEqualTo("next of GET");
    assertThat(get("/a%00.txt").body()).isEqualTo("next of GET");
  }

  @Test
  void withoutFallthroughItIsAnsweredWithItsError() throws IOException {
    file(".hidden", "secret");
    serve(PLAIN.withFallthrough(false).withDotFiles(DotFiles.DENY));
    assertThat(get("/b.txt").status()).isEqualTo(404);
    assertThat(get("/%zz").status()).isEqualTo(400);
    assertThat(get("/%C3%28").status()).isEqualTo(400);
    assertThat(get("/a%00b").status()).isEqualTo(400);
    assertThat(get("/x/../b.txt").status()).isEqualTo(403);
    assertThat(get("/.hidden").status()).isEqualTo(403);
    Answer post = post("/b.txt", "x");
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.header("Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void theFirstOfSeveralDirectoriesThatHasItAnswers() throws IOException {
    Path other = Files.createDirectory(dir.resolve("other"));
    Files.writeString(other.resolve("b.txt"), "of the other");
    file("a.txt", "of the first");
    app.use(StaticFiles.from(root));
    app.use(StaticFiles.from(other));
    assertThat(get("/a.txt").body()).isEqualTo("of the first");
    assertThat(get("/b.txt").body()).isEqualTo("of the other");
  }

  // Options

  @Test
  void dotFilesAreIgnoredUnlessAllowed() throws IOException {
    file(".env", "secret");
    file(".git/config", "secret");
    file("a/.b/c.txt", "secret");
    app.use("/allow", StaticFiles.from(root, PLAIN.withDotFiles(DotFiles.ALLOW)));
    app.use("/deny", StaticFiles.from(root, PLAIN.withDotFiles(DotFiles.DENY)));
    app.use(StaticFiles.from(root));
    for (String path : List.of("/.env", "/.git/config", "/a/.b/c.txt", "/%2eenv", "/.git/")) {
      assertThat(get(path).status()).describedAs(path).isEqualTo(404);
      assertThat(get("/deny" + path).status()).describedAs(path).isEqualTo(404);
    }
    assertThat(get("/allow/.env").body()).isEqualTo("secret");
    assertThat(get("/allow/.git/config").body()).isEqualTo("secret");
  }

  @Test
  void extensionsAreTriedForNamesWithoutOne() throws IOException {
    file("about.html", "about");
    file("both.txt", "text");
    file("both.html", "html");
    Files.createDirectories(root.resolve("dir.html"));
    serve(PLAIN.withExtensions("html", "txt"));
    assertThat(get("/about").body()).isEqualTo("about");
    assertThat(get("/about").header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(get("/both").body()).isEqualTo("html");
    assertThat(get("/about/").status()).isEqualTo(404);
    assertThat(get("/dir").status()).isEqualTo(404);
    assertThat(get("/about.htm").status()).isEqualTo(404);
  }

  @Test
  void cachingIsAsTheOptionsSay() throws IOException {
    file("a.txt", "a");
    app.use(
        "/year",
        StaticFiles.from(root, PLAIN.withMaxAge(Duration.ofDays(365)).withImmutable(true)));
    app.use(
        "/none",
        StaticFiles.from(
            root,
            PLAIN
                .withCacheControl(false)
                .withLastModified(false)
                .withEntityTags(EntityTags.NONE)
                .withAcceptRanges(false)));
    assertThat(get("/year/a.txt").header("Cache-Control"))
        .isEqualTo("public, max-age=31536000, immutable");
    Answer none = get("/none/a.txt", "Range: bytes=0-0");
    assertThat(none.status()).isEqualTo(200);
    for (String name : List.of("Cache-Control", "Last-Modified", "ETag", "Accept-Ranges")) {
      assertThat(none.header(name)).describedAs(name).isNull();
    }
  }

  @Test
  void moreHeadersCanBeSetAndThoseStay() throws IOException {
    file("a.txt", "abc");
    serve(
        PLAIN.withHeaders((response, file, size) -> {
          response.setHeader("X-File", file.getFileName() + " " + size);
          response.setHeader("Cache-Control", "no-store");
          response.setHeader("Content-Type", "text/x-own");
        }));
    Answer answer = get("/a.txt");
    assertThat(answer.header("X-File")).isEqualTo("a.txt 3");
    assertThat(answer.headers("Cache-Control")).containsExactly("no-store");
    assertThat(answer.headers("Content-Type")).containsExactly("text/x-own");
  }

  @Test
  void aListenerForHeadersThatThrowsIsAnErrorOfTheRequestAlone() throws IOException {
    file("a.txt", "abc");
    app.use(
        StaticFiles.from(
            root,
            PLAIN.withHeaders((response, file, size) -> {
              throw new IllegalStateException("mine");
            })));
    app.use((error, request, response, next) -> response.statusCode(500).send(error.getMessage()));
    assertThat(get("/a.txt").body()).isEqualTo("mine");
    assertThat(get("/a.txt").status()).isEqualTo(500);
  }

  @Test
  void theCharsetCanBeAnother() throws IOException {
    file("a.txt", "abc");
    app.use("/l", StaticFiles.from(root, PLAIN.withCharset("iso-8859-1")));
    app.use("/n", StaticFiles.from(root, PLAIN.withCharset("")));
    assertThat(get("/l/a.txt").header("Content-Type")).isEqualTo("text/plain; charset=iso-8859-1");
    assertThat(get("/n/a.txt").header("Content-Type")).isEqualTo("text/plain");
  }

  @Test
  void anApplicationOfOnePageHasItsRoutesInTheBrowser() throws IOException {
    file("index.html", "the app");
    file("app.js", "js");
    serve(PLAIN.withSpa(true));
    String html = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";
    assertThat(get("/users/7", html).body()).isEqualTo("the app");
    assertThat(get("/users/7", html).status()).isEqualTo(200);
    assertThat(get("/deep/er/", html).body()).isEqualTo("the app");
    assertThat(head("/users/8", html).header("Content-Length")).isEqualTo("7");
    assertThat(get("/app.js", html).body()).isEqualTo("js");
    assertThat(get("/none.js", html).status()).isEqualTo(404);
    assertThat(get("/users/7", "Accept: application/json").status()).isEqualTo(404);
    assertThat(post("/users/7", "", html).status()).isEqualTo(404);
  }

  @Test
  void anApplicationOfOnePageWithoutItsPageIsNotThere() throws IOException {
    serve(PLAIN.withSpa(true));
    assertThat(get("/users/7", "Accept: text/html").status()).isEqualTo(404);
    assertThat(get("/", "Accept: text/html").status()).isEqualTo(404);
  }

  @Test
  void wrongOptionsAreRefusedAtOnce() {
    refuses(() -> PLAIN.withIndex("a/b"), "ERR_INVALID_ARG_VALUE", "not \"a/b\"");
    refuses(() -> PLAIN.withExtensions(".."), "ERR_INVALID_ARG_VALUE", "not \"..\"");
    refuses(() -> PLAIN.withMaxAge(Duration.ofDays(366)), "ERR_OUT_OF_RANGE", "maxAge");
    refuses(() -> PLAIN.withKeptFor(Duration.ofMillis(-1)), "ERR_OUT_OF_RANGE", "keptFor");
    refuses(() -> PLAIN.withCharset("a\r\nb"), "ERR_INVALID_ARG_VALUE", "charset");
  }

  private static void refuses(Runnable work, String code, String part) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(NetException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(part);
  }

  // Time

  @Test
  void aChangedFileIsSentAsItIsNow() throws IOException {
    Path a = file("a.txt", "old");
    serve(PLAIN.withKeptFor(Duration.ZERO));
    assertThat(get("/a.txt").body()).isEqualTo("old");
    Files.writeString(a, "newer");
    assertThat(get("/a.txt").body()).isEqualTo("newer");
    Files.delete(a);
    assertThat(get("/a.txt").status()).isEqualTo(404);
    file("a.txt", "again");
    assertThat(get("/a.txt").body()).isEqualTo("again");
  }

  @Test
  void aKeptFileIsSoonFoundToHaveChanged() throws IOException {
    Path a = file("a.txt", "old");
    serve(PLAIN);
    assertThat(get("/a.txt").body()).isEqualTo("old");
    Files.writeString(a, "new");
    Files.setLastModifiedTime(a, FileTime.from(CHANGED.plusSeconds(1)));
    await().until(() -> get("/a.txt").body().equals("new"));
    Files.delete(a);
    await().until(() -> get("/a.txt").status() == 404);
  }

  @Test
  void aFileThatWasJustWrittenIsNotTakenToBeTheSameForItsDate() throws IOException {
    Path a = root.resolve("a.txt");
    serve(PLAIN);
    for (int i = 0; i < 5; i++) {
      String content = "version " + i;
      Files.writeString(a, content); // Of one length, and within what a date can tell apart.
      await().until(() -> get("/a.txt").body().equals(content));
    }
  }

  @Test
  void aRootThatIsALinkMayLeadElsewhereLater() throws IOException {
    Path one = Files.createDirectory(dir.resolve("one"));
    Path two = Files.createDirectory(dir.resolve("two"));
    Files.writeString(one.resolve("a.txt"), "one");
    Files.writeString(two.resolve("a.txt"), "two");
    Path current = Files.createSymbolicLink(dir.resolve("current"), one);
    app.use(StaticFiles.from(current));
    assertThat(get("/a.txt").body()).isEqualTo("one");
    Files.delete(current);
    Files.createSymbolicLink(current, two);
    await().until(() -> get("/a.txt").body().equals("two"));
  }

  @Test
  void aRootThatIsNotThereHasNoFilesUntilItIs() throws IOException {
    app.use(StaticFiles.from(dir.resolve("later")));
    assertThat(get("/a.txt").status()).isEqualTo(404);
    Files.createDirectory(dir.resolve("later"));
    Files.writeString(dir.resolve("later/a.txt"), "now");
    assertThat(get("/a.txt").body()).isEqualTo("now");
  }

  @Test
  void whatMayNotBeReadIsForbidden() throws IOException {
    Path a = file("a.txt", "secret");
    Files.setPosixFilePermissions(a, PosixFilePermissions.fromString("---------"));
    if (Files.isReadable(a)) {
      return; // Who runs the tests may read everything.
    }
    serve(PLAIN.withFallthrough(false));
    assertThat(get("/a.txt").status()).isEqualTo(403);
  }
}
