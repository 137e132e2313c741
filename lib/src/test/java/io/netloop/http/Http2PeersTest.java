package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.tls.TlsOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real peers of HTTP/2: curl, nghttp and nghttpd, Node in both directions, and h2spec. */
@Tag("once")
class Http2PeersTest extends Http2Test {
  private static final int LARGE = 3 << 20;

  /** Those of the 145 that have to pass; none is known to fail. */
  private static final int LEAST_OF_H2SPEC = 144;

  @TempDir private Path dir;

  /** Says what it was asked, in which version, and how long the body was. */
  private static void tell(HttpRequest request, HttpResponse response) {
    int[] length = {0};
    request
        .onData(data -> length[0] += data.length())
        .onEnd(() -> {
          if (request.url().equals("/large")) {
            response.end("y".repeat(LARGE));
          } else {
            response.addTrailers(Map.of("x-length", length[0]));
            response.end(
                request.httpVersion()
                    + " "
                    + request.method()
                    + " "
                    + request.url()
                    + " "
                    + length[0]);
          }
        });
  }

  private HttpServer plain() {
    return serveHttp2(Http2PeersTest::tell);
  }

  private HttpServer secure() {
    return listen(Https.createServer(TlsOptions.selfSigned("localhost"), Http2PeersTest::tell));
  }

  private static void need(String program) {
    boolean there =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    assumeTrue(there, program + " is not installed: ./netloop test installs it on Debian");
  }

  private static String run(String... command) throws Exception {
    if (!command[0].contains("/")) {
      need(command[0]);
    }
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
      return new String(output.get(60, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String plainUrl(HttpServer server, String path) {
    return "http://127.0.0.1:" + server.address().port() + path;
  }

  private static String secureUrl(HttpServer server, String path) {
    return "https://localhost:" + server.address().port() + path;
  }

  // curl

  @Test
  void curlAsksWithPriorKnowledge() throws Exception {
    HttpServer server = plain();

    assertThat(run("curl", "-sS", "--http2-prior-knowledge", plainUrl(server, "/a")))
        .isEqualTo("2.0 GET /a 0");
  }

  @Test
  void curlAgreesOnIt() throws Exception {
    HttpServer server = secure();

    assertThat(run("curl", "-sSk", "--http2", secureUrl(server, "/a"))).isEqualTo("2.0 GET /a 0");
    assertThat(run("curl", "-sSk", "--http1.1", secureUrl(server, "/a"))).isEqualTo("1.1 GET /a 0");
  }

  @Test
  void curlUploadsAndDownloads() throws Exception {
    HttpServer server = secure();
    Path up = Files.writeString(dir.resolve("up"), "x".repeat(LARGE));
    Path down = dir.resolve("down");

    assertThat(run("curl", "-sSk", "-T", up.toString(), secureUrl(server, "/up")))
        .isEqualTo("2.0 PUT /up " + LARGE);
    run("curl", "-sSk", "-o", down.toString(), secureUrl(server, "/large"));
    assertThat(down).hasSize(LARGE);
  }

  @Test
  void curlAsksManyTimesOverOneConnection() throws Exception {
    HttpServer server = secure();
    List<String> command = new ArrayList<>(List.of("curl", "-sSk", "--parallel"));
    for (int i = 0; i < 20; i++) {
      command.add(secureUrl(server, "/" + i));
    }

    String answers = run(command.toArray(String[]::new));

    assertThat(answers.split("2\\.0 GET", -1)).hasSize(21);
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  // nghttp2

  @Test
  void nghttpAsks() throws Exception {
    HttpServer server = plain();

    String told = run("nghttp", "-v", plainUrl(server, "/a"), plainUrl(server, "/b"));

    assertThat(told).contains(":status: 200", "2.0 GET /a 0", "2.0 GET /b 0", "x-length: 0");
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  @Test
  void nghttpUploadsWithPaddingAndContinuations() throws Exception {
    // Its continuations hold fields of more than the usual limit.
    HttpServer server = serve(HTTP2.withMaxHeaderSize(64 * 1024), Http2PeersTest::tell);
    Path up = Files.writeString(dir.resolve("up"), "x".repeat(LARGE));

    assertThat(
            run(
                "nghttp",
                "-b",
                "100",
                "--continuation",
                "-d",
                up.toString(),
                plainUrl(server, "/up")))
        .contains("2.0 POST /up " + LARGE);
  }

  @Test
  void h2loadIsServed() throws Exception {
    HttpServer server = plain();

    assertThat(run("h2load", "-n", "2000", "-c", "10", "-m", "20", plainUrl(server, "/")))
        .contains("2000 succeeded, 0 failed, 0 errored");
  }

  @Test
  void nghttpdIsAsked() throws Exception {
    need("nghttpd");
    Files.writeString(dir.resolve("page"), "p".repeat(200_000));
    int port = freePort();
    Process server =
        new ProcessBuilder(
                "nghttpd", "--no-tls", "-d", dir.toString(), "-a", "127.0.0.1", "" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      awaitListening(port);
      List<CompletableFuture<FetchResponse>> all = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        all.add(fetch("http://127.0.0.1:" + port + "/page"));
      }
      for (CompletableFuture<FetchResponse> each : all) {
        FetchResponse response = each.get(20, TimeUnit.SECONDS);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bytes().length()).isEqualTo(200_000);
      }
    } finally {
      Agent.global().destroy();
      server.destroyForcibly().waitFor();
    }
  }

  private static CompletableFuture<FetchResponse> fetch(String url) {
    return Http.fetch(url, FetchOptions.defaults().withHttp2(Http2Use.PRIOR_KNOWLEDGE));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void awaitListening(int port) {
    await()
        .ignoreExceptions()
        .until(() -> {
          new Socket("127.0.0.1", port).close();
          return true;
        });
  }

  // Node

  @Test
  void nodeAsks() throws Exception {
    HttpServer server = secure();
    String script =
        """
        const http2 = require('http2')
        const client = http2.connect('https://localhost:%d', { rejectUnauthorized: false })
        let left = 3
        for (const [method, path, body] of [['GET', '/a'], ['POST', '/b', 'x'.repeat(%d)], ['GET', '/large']]) {
          const stream = client.request({ ':method': method, ':path': path })
          let text = ''
          stream.setEncoding('utf8')
          stream.on('response', headers => { text += headers[':status'] + ' ' })
          stream.on('trailers', trailers => { text += ' ' + trailers['x-length'] })
          stream.on('data', part => { text += part })
          stream.on('close', () => {
            console.log(text.length > 100 ? text.length : text)
            if (--left === 0) client.close()
          })
          stream.end(body)
        }
        """
            .formatted(server.address().port(), LARGE);

    String told = run("node", "-e", script);

    assertThat(told.lines())
        .containsExactlyInAnyOrder(
            "200 2.0 GET /a 0 0", "200 2.0 POST /b " + LARGE + " " + LARGE, "" + (LARGE + 4));
  }

  @Test
  void nodeIsAsked() throws Exception {
    need("node");
    String script =
        """
        const http2 = require('http2')
        const server = http2.createServer((request, response) => {
          let length = 0
          request.on('data', part => { length += part.length })
          request.on('end', () => {
            response.setHeader('x-version', request.httpVersion)
            response.end(`${request.method} ${request.url} ${length} ${request.headers[':authority'] !== undefined}`)
          })
        })
        server.listen(0, '127.0.0.1', () => console.log(server.address().port))
        process.stdin.on('end', () => process.exit()).resume()
        """;
    Process node = new ProcessBuilder("node", "-e", script).redirectErrorStream(true).start();
    try (BufferedReader out = new BufferedReader(new InputStreamReader(node.getInputStream()))) {
      String url = "http://127.0.0.1:" + out.readLine();
      FetchResponse got = fetch(url + "/a").get(20, TimeUnit.SECONDS);
      FetchResponse posted =
          Http.fetch(
                  url + "/b",
                  FetchOptions.defaults()
                      .withMethod("POST")
                      .withBody("x".repeat(LARGE))
                      .withHttp2(Http2Use.PRIOR_KNOWLEDGE))
              .get(20, TimeUnit.SECONDS);

      assertThat(got.text()).isEqualTo("GET /a 0 true");
      assertThat(got.headers().get("x-version")).isEqualTo("2.0");
      assertThat(posted.text()).isEqualTo("POST /b " + LARGE + " true");
    } finally {
      Agent.global().destroy();
      node.destroyForcibly().waitFor();
    }
  }

  // Ourselves

  @Test
  void fetchAgreesOnIt() throws Exception {
    HttpServer server = secure();
    TlsOptions trusting = TlsOptions.client().withRejectUnauthorized(false);
    FetchOptions options = FetchOptions.defaults().withTls(trusting);
    try {
      List<CompletableFuture<FetchResponse>> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        all.add(Http.fetch(secureUrl(server, "/" + i), options));
      }
      for (int i = 0; i < 5; i++) {
        assertThat(all.get(i).get(20, TimeUnit.SECONDS).text()).isEqualTo("2.0 GET /" + i + " 0");
      }
      assertThat(server.stats().accepted()).isEqualTo(1);
      FetchResponse old =
          Http.fetch(secureUrl(server, "/old"), options.withHttp2(Http2Use.NEVER))
              .get(20, TimeUnit.SECONDS);
      assertThat(old.text()).isEqualTo("1.1 GET /old 0");
    } finally {
      Agent.global().destroy();
    }
  }

  @Test
  void fetchTakesHttp11WhereTheServerWantsIt() throws Exception {
    HttpServer server =
        listen(
            Https.createServer(
                TlsOptions.selfSigned("localhost"),
                DEFAULTS.withHttp2(Http2Options.defaults().withEnabled(false)),
                Http2PeersTest::tell));
    TlsOptions trusting = TlsOptions.client().withRejectUnauthorized(false);
    try {
      List<CompletableFuture<FetchResponse>> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(
            Http.fetch(
                secureUrl(server, "/" + i),
                FetchOptions.defaults().withTls(trusting).withTimeout(Duration.ofSeconds(20))));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(all.get(i).get(20, TimeUnit.SECONDS).text()).isEqualTo("1.1 GET /" + i + " 0");
      }
    } finally {
      Agent.global().destroy();
    }
  }

  @Test
  void aRequestWhoseHandshakeFailsIsTold() throws Exception {
    HttpServer server = secure();

    assertThat(
            Http.fetch(secureUrl(server, "/"))
                .handle((response, failure) -> String.valueOf(failure))
                .get(20, TimeUnit.SECONDS))
        .contains("unable to verify");
  }

  // h2spec

  @Test
  void h2specPasses() throws Exception {
    Path jar =
        Path.of(System.getProperty("user.home"), ".cache", "netloop", "h2spec", "h2spec.jar");
    assumeTrue(Files.exists(jar), "there is no h2spec at " + jar + ": ./netloop test fetches it");
    Path program = unpacked(jar);
    HttpServer server =
        serveHttp2((request, response) -> request.onEnd(() -> response.end("hi")).resume());
    String told =
        run(program.toString(), "-h", "127.0.0.1", "-p", "" + server.address().port(), "-o", "4");

    Matcher found = Pattern.compile("(\\d+) tests, (\\d+) passed").matcher(told);
    assertThat(found.find()).describedAs(told).isTrue();
    assertThat(Integer.parseInt(found.group(1))).isEqualTo(145);
    assertThat(Integer.parseInt(found.group(2)))
        .describedAs(told)
        .isGreaterThanOrEqualTo(LEAST_OF_H2SPEC);
  }

  /** The Maven artifact holds an archive with the program. */
  private Path unpacked(Path jar) throws Exception {
    Path archive = dir.resolve("h2spec.tar.gz");
    try (FileSystem zip = FileSystems.newFileSystem(jar);
        Stream<Path> all = Files.walk(zip.getPath("/"))) {
      Path inside =
          all.filter(path -> path.toString().endsWith("linux_amd64.tar.gz"))
              .findFirst()
              .orElseThrow();
      try (InputStream in = Files.newInputStream(inside)) {
        Files.copy(in, archive);
      }
    }
    run("tar", "xzf", archive.toString(), "-C", dir.toString());
    return dir.resolve("h2spec");
  }
}
