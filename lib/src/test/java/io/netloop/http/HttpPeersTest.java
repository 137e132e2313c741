package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients against our server: curl, Node's http, and Java's own. */
class HttpPeersTest extends ServerTest {
  private static final int LARGE = 3 << 20;

  @TempDir private Path dir;

  /** Says what it was asked, and how long the body was; its answer is in pieces for /chunked. */
  private HttpServer telling() {
    return serve((request, response) -> {
      int[] length = {0};
      request
          .onData(data -> length[0] += data.length())
          .onEnd(() -> {
            String text = request.method() + " " + request.url() + " " + length[0];
            response.setHeader("X-Version", request.httpVersion());
            if (request.url().equals("/chunked")) {
              response.write(text);
              response.end();
            } else {
              response.end(text);
            }
          });
    });
  }

  private static boolean isThere(String program) {
    try {
      return new ProcessBuilder(program, "--version")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(10, TimeUnit.SECONDS);
    } catch (IOException none) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      CompletableFuture<byte[]> output = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              output.complete(process.getInputStream().readAllBytes());
            } catch (IOException e) {
              output.completeExceptionally(e);
            }
          });
      String text = new String(output.get(20, TimeUnit.SECONDS), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).describedAs(text).isZero();
      return text;
    } finally {
      process.destroyForcibly();
    }
  }

  private static String url(HttpServer server, String path) {
    return "http://127.0.0.1:" + server.address().port() + path;
  }

  private static String curl(String... arguments) throws Exception {
    assumeTrue(isThere("curl"), "curl is not installed");
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private String file(int length) throws IOException {
    return Files.writeString(dir.resolve("up"), "x".repeat(length)).toString();
  }

  // curl

  @Test
  void curlAsksTwiceOverOneConnection() throws Exception {
    HttpServer server = telling();

    String answers = curl("-w", "[%{num_connects}]", url(server, "/1"), url(server, "/2"));

    assertThat(answers).isEqualTo("GET /1 0[1]GET /2 0[0]");
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  @Test
  void curlSpeaksTheOldVersion() throws Exception {
    assertThat(curl("-i", "--http1.0", url(telling(), "/old")))
        .startsWith("HTTP/1.1 200 OK\r\nX-Version: 1.0\r\n")
        .contains("Connection: close\r\n")
        .doesNotContain("Content-Length", "Transfer-Encoding")
        .endsWith("\r\n\r\nGET /old 0");
  }

  @Test
  void curlUploadsAFileOnceItIsToldToGoOn() throws Exception {
    assertThat(curl("-v", "-H", "Expect: 100-continue", "-T", file(LARGE), url(telling(), "/up")))
        .contains("< HTTP/1.1 100 Continue")
        .contains("PUT /up " + LARGE);
  }

  @Test
  void curlUploadsInChunks() throws Exception {
    assertThat(
            curl(
                "-H",
                "Transfer-Encoding: chunked",
                "-H",
                "Expect:",
                "-T",
                file(LARGE),
                url(telling(), "/up")))
        .isEqualTo("PUT /up " + LARGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "PURGE", "REPORT"})
  void curlUsesAMethod(String method) throws Exception {
    assertThat(curl("-X", method, "-d", "ab", url(telling(), "/m"))).isEqualTo(method + " /m 2");
  }

  @Test
  void curlAsksForTheHeadOnlyAndThenForMore() throws Exception {
    HttpServer server = telling();

    assertThat(curl("-I", url(server, "/h"), url(server, "/h"), "-w", "[%{num_connects}]"))
        .contains("HTTP/1.1 200 OK")
        .endsWith("[0]");
  }

  @Test
  void curlShowsTheChunksAsTheyCome() throws Exception {
    HttpServer server = telling();

    assertThat(curl("--raw", url(server, "/chunked")))
        .isEqualTo("e\r\nGET /chunked 0\r\n0\r\n\r\n");
    assertThat(curl(url(server, "/chunked"))).isEqualTo("GET /chunked 0");
  }

  @Test
  void curlUnderstandsEarlyHints() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response.writeEarlyHints(java.util.Map.of("link", "</a.css>; rel=preload"));
          response.end("hi");
        });

    assertThat(curl("-i", url(server, "/")))
        .startsWith("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200");
  }

  // Node

  private static final String NODE =
      """
      const http = require('http');
      const port = process.argv[1];
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const ask = (method, path, body, headers = {}) => new Promise((done, failed) => {
        const req = http.request({ port, host: '127.0.0.1', method, path, agent, headers }, res => {
          let text = '';
          res.setEncoding('utf8');
          res.on('data', part => text += part);
          res.on('end', () => done(`${res.statusCode} ${text} ${req.reusedSocket} ${JSON.stringify(res.trailers)}`));
        });
        req.on('information', i => console.log('information', i.statusCode));
        req.on('error', failed);
        if (Array.isArray(body)) { body.forEach(part => req.write(part)); req.end(); } else req.end(body);
      });
      (async () => {
        console.log(await ask('GET', '/1'));
        console.log(await ask('POST', '/2', 'body'));
        console.log(await ask('POST', '/3', ['in ', 'pieces']));
        console.log(await ask('PUT', '/4', 'x'.repeat(1000000), { Expect: '100-continue' }));
        console.log(await ask('GET', '/chunked'));
        console.log(await ask('HEAD', '/5'));
        agent.destroy();
      })();
      """;

  @Test
  void nodeAsksManyThingsOverOneConnection() throws Exception {
    assumeTrue(isThere("node"), "node is not installed");
    HttpServer server = telling();

    assertThat(
            run(List.of("node", "-e", NODE, "--", String.valueOf(server.address().port()))).lines())
        .containsExactly(
            "200 GET /1 0 false {}",
            "200 POST /2 4 true {}",
            "200 POST /3 9 true {}",
            "information 100",
            "200 PUT /4 1000000 true {}",
            "200 GET /chunked 0 true {}",
            "200  true {}");
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  // Java

  private static HttpClient java() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @Test
  void javaSendsAndGetsALargeBody() throws Exception {
    HttpServer server = serve((request, response) -> request.pipe(response));
    String large = "y".repeat(LARGE);
    try (HttpClient client = java()) {
      java.net.http.HttpResponse<String> answer =
          client.send(
              java.net.http.HttpRequest.newBuilder(URI.create(url(server, "/")))
                  .POST(BodyPublishers.ofString(large))
                  .build(),
              BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(large);
      assertThat(answer.headers().firstValue("transfer-encoding")).contains("chunked");
    }
  }

  @Test
  void javaExpectsToBeToldToGoOn() throws Exception {
    HttpServer server = telling();
    try (HttpClient client = java()) {
      java.net.http.HttpResponse<String> answer =
          client.send(
              java.net.http.HttpRequest.newBuilder(URI.create(url(server, "/e")))
                  .expectContinue(true)
                  .PUT(BodyPublishers.ofString("abc"))
                  .build(),
              BodyHandlers.ofString());

      assertThat(answer.body()).isEqualTo("PUT /e 3");
    }
  }

  @Test
  void javaAsksManyThingsAtOnce() throws Exception {
    HttpServer server = telling();
    try (HttpClient client = java()) {
      List<CompletableFuture<String>> answers =
          IntStream.range(0, 50)
              .mapToObj(i ->
                  client
                      .sendAsync(
                          java.net.http.HttpRequest.newBuilder(URI.create(url(server, "/" + i)))
                              .build(),
                          BodyHandlers.ofString())
                      .thenApply(java.net.http.HttpResponse::body))
              .toList();
      for (int i = 0; i < 50; i++) {
        assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("GET /" + i + " 0");
      }
    }
  }
}
