package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that would leave the directory: none of them does, whoever asks and however. */
class TraversalTest extends StaticTest {
  private static final String SECRET = "TOP-SECRET";

  /**
   * What goes up, as it is sent: plain, escaped, escaped twice, overlong, and what resembles it.
   */
  private static final List<String> UP =
      List.of(
          "..",
          "%2e%2e",
          "%2E%2E",
          ".%2e",
          "%2e.",
          "%252e%252e",
          "%25%32%65%25%32%65",
          "..;",
          "..%00",
          "%00..",
          "..%20",
          "%20..",
          "...",
          "....",
          "..%09",
          "%c0%ae%c0%ae",
          "%e0%80%ae%e0%80%ae",
          "%uff0e%uff0e",
          "%u002e%u002e",
          "\uff0e\uff0e",
          "..\\",
          "%5c..",
          "..%5c",
          "%2e%2e%5c",
          "..%255c",
          "..%c1%9c",
          "%ef%bc%8e%ef%bc%8e",
          "..#",
          "..?");

  /** What stands between the steps. */
  private static final List<String> SLASH =
      List.of("/", "%2f", "%2F", "//", "\\", "%5c", "%5C", "/./", "%252f", "%c0%af", "/%00/", ";/");

  @BeforeEach
  void secrets() throws IOException {
    Files.writeString(dir.resolve("secret.txt"), SECRET);
    Path sibling = Files.createDirectory(dir.resolve("root-not"));
    Files.writeString(sibling.resolve("secret.txt"), SECRET);
    file("index.html", "the root");
    file("sub/inside.txt", "inside");
    file("sub/deep/inside.txt", "inside");
    Files.createSymbolicLink(root.resolve("link.txt"), dir.resolve("secret.txt"));
    Files.createSymbolicLink(root.resolve("up"), dir);
    Files.createSymbolicLink(root.resolve("relative"), Path.of("../root-not"));
    Files.createSymbolicLink(root.resolve("slash"), Path.of("/"));
    Files.createSymbolicLink(root.resolve("chain"), Path.of("relative"));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(root.resolve("within"), Path.of("sub"));
    Files.createSymbolicLink(root.resolve("sub/about"), Path.of("../up/root/index.html"));
  }

  /** What clears up behind a test need not wonder where they lead. */
  @AfterEach
  void unlink() throws IOException {
    for (String link : List.of("link.txt", "up", "relative", "slash", "chain", "loop")) {
      Files.delete(root.resolve(link));
    }
  }

  /** The corpus: some hundred targets. */
  static Set<String> corpus() {
    Set<String> targets = new LinkedHashSet<>();
    for (String up : UP) {
      for (String slash : SLASH) {
        targets.add("/" + up + slash + "secret.txt");
        targets.add("/sub" + slash + up + slash + up + slash + "secret.txt");
        targets.add("/sub/deep/" + (up + slash).repeat(8) + "etc/passwd");
      }
      targets.add("/" + up);
      targets.add("/sub/" + up + "/" + up + "/root-not/secret.txt");
    }
    targets.addAll(
        List.of(
            "/link.txt",
            "/up/secret.txt",
            "/up/root-not/secret.txt",
            "/relative/secret.txt",
            "/chain/secret.txt",
            "/slash/etc/passwd",
            "/slash/proc/self/environ",
            "/loop",
            "/loop/secret.txt",
            "/up",
            "/up/",
            "/relative/",
            "/slash/",
            "/up/root/up/secret.txt",
            "/sub/../../secret.txt",
            "/sub/%2e%2e/%2e%2e/secret.txt",
            "//etc/passwd",
            "//../secret.txt",
            "/%2fetc/passwd",
            "/%2Fetc%2Fpasswd",
            "///etc/passwd",
            "/C:/Windows/win.ini",
            "/c%3a%5cwindows%5cwin.ini",
            "/file:///etc/passwd",
            "/secret.txt%00.html",
            "/%00",
            "/index.html%00",
            "/index.html/../../secret.txt",
            "/index.html/%2e%2e/%2e%2e/secret.txt",
            "/../root-not/secret.txt",
            "/..-not/secret.txt",
            "/-not/secret.txt",
            "/%2e/%2e%2e/secret.txt",
            "/.//..//secret.txt",
            "http://h/../secret.txt",
            "http://h/%2e%2e/secret.txt",
            "http://h/up/secret.txt",
            "/~root/secret.txt",
            "/link.txt/",
            "/sub/inside.txt/../../../secret.txt",
            "/proc/self/environ",
            "/dev/zero",
            "/within/../../secret.txt",
            "/?/../secret.txt",
            "/#/../secret.txt",
            "/%",
            "/%2",
            "/%2e%",
            "/%ff%fe",
            "/up%2fsecret.txt",
            "/up%2e%2esecret.txt",
            "/sub/about/../../../secret.txt"));
    return targets;
  }

  @Test
  void noRequestLeavesTheDirectory() throws IOException {
    Set<String> corpus = corpus();
    assertThat(corpus.size()).isGreaterThan(1_000);
    List<StaticOptions> ways =
        List.of(
            PLAIN.withDotFiles(DotFiles.ALLOW).withExtensions("txt", "html").withFallthrough(false),
            PLAIN.withListing(true).withSpa(true).withPrecompressed(true).withIndex());
    for (StaticOptions options : ways) {
      HttpServer server = Http.createServer(StaticFiles.from(root, options)).listen(0, "127.0.0.1");
      await().until(server::listening);
      List<String> wrong = new ArrayList<>();
      Socket socket = new Socket("127.0.0.1", server.address().port());
      for (String target : corpus) {
        Answer answer = ask(socket, target);
        boolean listsRoot = answer.body().contains("Index of") && answer.body().contains("sub/");
        boolean harmless =
            !answer.body().contains(SECRET)
                && !answer.body().contains("root:")
                && (answer.status() != 200
                    || answer.body().equals("the root")
                    || answer.body().equals("inside")
                    || listsRoot);
        if (!harmless) {
          wrong.add(target + " -> " + answer.raw());
        }
        if ("close".equals(answer.header("Connection"))) {
          socket.close();
          socket = new Socket("127.0.0.1", server.address().port());
        }
      }
      socket.close();
      server.closeAllConnections().close();
      assertThat(wrong).isEmpty();
    }
  }

  private static Answer ask(Socket socket, String target) throws IOException {
    send(socket, "GET " + target + " HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\n\r\n");
    return next(socket);
  }

  @Test
  void theSameHoldsForNamesThatAHandlerIsGiven() throws IOException {
    app.get(
        "/send{/*name}",
        (request, response) ->
            response.sendFile(root, request.param("name") == null ? "" : request.param("name")));
    for (String up : List.of("..", "%2e%2e", "%252e%252e", "..%5c", "....")) {
      for (String slash : List.of("/", "%2f", "//", "%5c")) {
        String target = "/send/" + up + slash + "secret.txt";
        Answer answer = get(target);
        assertThat(answer.status()).describedAs(target).isIn(400, 403, 404);
        assertThat(answer.body()).doesNotContain(SECRET);
      }
    }
    assertThat(get("/send/link.txt").status()).isEqualTo(404);
    assertThat(get("/send/up/secret.txt").status()).isEqualTo(404);
    assertThat(get("/send/sub/inside.txt").body()).isEqualTo("inside");
    assertThat(get("/send").status()).isEqualTo(404);
  }

  @Test
  void linksThatStayInsideAreFollowed() throws IOException {
    serve(PLAIN);
    assertThat(get("/within/inside.txt").body()).isEqualTo("inside");
    assertThat(get("/within/deep/inside.txt").body()).isEqualTo("inside");
    assertThat(get("/sub/about").body()).isEqualTo("the root");
    assertThat(get("/within").header("Location")).isEqualTo("/within/");
  }

  @Test
  void linksThatLeadOutAreFollowedOnRequest() throws IOException {
    serve(PLAIN.withFollowSymlinks(true));
    assertThat(get("/link.txt").body()).isEqualTo(SECRET);
    assertThat(get("/chain/secret.txt").body()).isEqualTo(SECRET);
    assertThat(get("/up/root/../secret.txt").status()).isEqualTo(404);
    assertThat(get("/loop").status()).isEqualTo(404);
  }
}
