package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.NetException;
import io.netloop.net.Net;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.SecureFiles;
import io.netloop.tls.Tls;
import io.netloop.tls.TlsOptions;
import io.netloop.tls.TlsProvider;
import io.netloop.tls.TlsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP over TLS: our server, our client, and curl and Node on the other side. */
class HttpsTest extends ClientTest {
  private static final KeyAndChain PAIR = SecureFiles.server();
  private static final TlsOptions SERVER = TlsOptions.of(PAIR);
  private static final TlsOptions TRUSTING =
      TlsOptions.client().withCa(List.of(SecureFiles.authority()));

  @TempDir private Path dir;
  private final List<HttpServer> secure = Collections.synchronizedList(new ArrayList<>());
  private final List<TlsServer> raw = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void writeFiles() {
    SecureFiles.write(dir, PAIR);
  }

  @AfterEach
  void closeSecure() {
    secure.forEach(server -> server.close().closeAllConnections());
    raw.forEach(TlsServer::close);
  }

  private HttpServer listen(HttpServer server) {
    secure.add(server);
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  private HttpServer telling(TlsOptions tls) {
    return listen(
        Https.createServer(
            tls,
            (request, response) -> {
              TcpSocket socket = request.socket();
              response.end(
                  String.join(
                      " ",
                      request.url(),
                      socket.getProtocol(),
                      String.valueOf(socket.alpnProtocol()),
                      String.valueOf(socket.servername()),
                      socket.isSessionReused() ? "again" : "first"));
            }));
  }

  private static String url(HttpServer server, String path) {
    return "https://localhost:" + server.address().port() + path;
  }

  private static FetchOptions trusting() {
    return FetchOptions.defaults().withTls(TRUSTING);
  }

  private static String fetch(HttpServer server, String path) {
    return join(Http.fetch(url(server, path), trusting())).text();
  }

  // Our client

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aPageIsFetched(TlsProvider provider) {
    HttpServer server = telling(SERVER.withProvider(provider));
    TlsOptions client = TRUSTING.withProvider(provider).withAlpnProtocols("http/1.1");

    FetchResponse response =
        join(Http.fetch(url(server, "/a?b"), FetchOptions.defaults().withTls(client)));

    assertThat(response.text()).isEqualTo("/a?b TLSv1.3 http/1.1 localhost first");
    assertThat(response.url()).isEqualTo(url(server, "/a?b"));
    assertThat(server.encrypted()).isTrue();
    assertThat(server.tlsStats().succeeded()).isEqualTo(1);
    assertThat(server.stats().requests()).isEqualTo(1);
  }

  @Test
  void theShortFormsMeanTheSame() {
    HttpServer server = telling(SERVER);
    int port = server.address().port();
    RequestOptions options = RequestOptions.defaults().withTls(TRUSTING);
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(new CompletableFuture<>());
    }

    onLoop(() -> {
      Https.get(url(server, "/0"), options, r -> r.onData(d -> answers.get(0).complete("" + d)));
      Https.request(url(server, "/1"), options, r -> r.onData(d -> answers.get(1).complete("" + d)))
          .end();
      Https.get(
          options.withPort(port).withPath("/2"),
          r -> r.onData(d -> answers.get(2).complete("" + d)));
      Https.request(options.withUrl(url(server, "/3")))
          .onResponse(r -> r.onData(d -> answers.get(3).complete("" + d)))
          .end();
    });

    for (int i = 0; i < 4; i++) {
      assertThat(join(answers.get(i))).startsWith("/" + i + " TLSv1.3");
    }
  }

  @Test
  void theProtocolMustFitTheModule() {
    assertThatThrownBy(() -> Http.get("https://localhost/"))
        .isInstanceOf(NetException.class)
        .hasMessageStartingWith("Protocol \"https:\" not supported. Expected \"http:\"");
    assertThatThrownBy(() -> Https.get("http://localhost/"))
        .hasMessage("Protocol \"http:\" not supported. Expected \"https:\"");
    assertThat(RequestOptions.url("https://localhost/").port()).isEqualTo(443);
    assertThat(RequestOptions.defaults().withProtocol("https:").port()).isEqualTo(443);
    assertThat(RequestOptions.port(8443).withProtocol("https:").port()).isEqualTo(8443);
    assertThat(HttpUrl.parse("https://localhost:443/x")).hasToString("https://localhost/x");
    assertThat(HttpUrl.parse("https://localhost:80/x")).hasToString("https://localhost:80/x");
  }

  @Test
  void aCertificateThatNobodyTrustsIsAnErrorOfTheRequest() {
    HttpServer server = telling(SERVER);

    assertThatThrownBy(() -> join(Http.fetch(url(server, "/"))))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(NetException.class)
        .cause()
        .isInstanceOfSatisfying(
            NetException.class,
            error -> assertThat(error.code()).isEqualTo("UNABLE_TO_VERIFY_LEAF_SIGNATURE"));
    assertThatThrownBy(() ->
            join(
                Http.fetch(
                    url(server, "/"),
                    FetchOptions.defaults().withTls(TRUSTING.withServername("other.test")))))
        .hasMessageContaining("Host: other.test. is not in the cert's altnames");
    TlsOptions blind = TlsOptions.client().withRejectUnauthorized(false);
    assertThat(join(Http.fetch(url(server, "/"), FetchOptions.defaults().withTls(blind))).status())
        .isEqualTo(200);
  }

  @Test
  void connectionsAreKeptAndSessionsResumed() {
    HttpServer server = telling(SERVER);
    Agent agent = keeping();
    FetchOptions kept = trusting().withAgent(agent);

    assertThat(join(Http.fetch(url(server, "/"), kept)).text()).endsWith("first");
    assertThat(join(Http.fetch(url(server, "/"), kept)).text()).endsWith("first");
    assertThat(server.stats().accepted()).isEqualTo(1);
    agent.destroy();
    await().until(() -> server.stats().connections() == 0);
    assertThat(join(Http.fetch(url(server, "/"), kept)).text()).endsWith("again");

    TlsOptions others = TRUSTING.withMaxVersion("TLSv1.2");
    assertThat(join(Http.fetch(url(server, "/"), kept.withTls(others))).text())
        .contains("TLSv1.2")
        .endsWith("first");
    assertThat(server.stats().accepted()).isEqualTo(3);
    await().until(() -> agent.freeSockets().size() == 2);
  }

  @Test
  void plainAndSecureConnectionsToOnePlaceAreTwo() {
    RequestOptions plain = RequestOptions.port(1).withHost("h");
    RequestOptions safe = plain.withProtocol("https:");
    Agent agent = new Agent();

    assertThat(agent.getName(plain)).isEqualTo("h:1:");
    assertThat(agent.getName(safe)).isNotEqualTo(agent.getName(plain));
    assertThat(agent.getName(safe.withTls(TRUSTING))).isNotEqualTo(agent.getName(safe));
    assertThat(agent.getName(safe.withTls(TRUSTING)))
        .isEqualTo(agent.getName(safe.withTls(TRUSTING).withPath("/x")));
  }

  @Test
  void aRedirectionLeadsFromPlainToSecure() {
    HttpServer server = telling(SERVER);
    HttpServer plain =
        serve((request, response) ->
            response.writeHead(301, List.of("Location", url(server, request.url()))).end());

    FetchResponse response =
        join(Http.fetch("http://127.0.0.1:" + plain.address().port() + "/moved", trusting()));

    assertThat(response.redirected()).isTrue();
    assertThat(response.text()).startsWith("/moved TLSv1.3");
  }

  @Test
  void aLargeBodyGoesBothWays() {
    HttpServer server =
        listen(Https.createServer(SERVER, (request, response) -> request.pipe(response)));
    String large = "x".repeat(3_000_000);

    FetchResponse response =
        join(Http.fetch(url(server, "/"), trusting().withMethod("POST").withBody(large)));

    assertThat(response.text()).isEqualTo(large);
  }

  private TlsServer answering(String bytes, boolean politely) {
    TlsServer server =
        Tls.createServer(
            SERVER,
            socket ->
                socket.onData(request ->
                    socket.write(
                        latin1(bytes),
                        failure -> {
                          if (politely) {
                            socket.end();
                          } else {
                            socket.destroy();
                          }
                        })));
    raw.add(server);
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  @Test
  void aBodyWhoseEndNobodyHasSaidIsNotWhole() {
    String answer = "HTTP/1.1 200 OK\r\n\r\nuntil the end";
    String whole = "https://localhost:%d/".formatted(answering(answer, true).address().port());
    String cut = "https://localhost:%d/".formatted(answering(answer, false).address().port());

    assertThat(join(Http.fetch(whole, trusting())).text()).isEqualTo("until the end");
    assertThatThrownBy(() -> join(Http.fetch(cut, trusting())))
        .hasCauseInstanceOf(NetException.class);
  }

  @Test
  void aBodyOfKnownLengthNeedsNoEnd() {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    String cut = "https://localhost:%d/".formatted(answering(answer, false).address().port());

    assertThat(join(Http.fetch(cut, trusting())).text()).isEqualTo("hi");
  }

  @Test
  void aServerThatSpeaksNoTlsIsAnErrorOfTheRequest() {
    HttpServer plain = serve((request, response) -> response.end());

    assertThatThrownBy(
            () -> join(Http.fetch("https://localhost:" + plain.address().port() + "/", trusting())))
        .hasMessageContaining("wrong version number");
  }

  // Our server

  private String plain(HttpServer server, String bytes) throws IOException {
    onLoop(() -> null); // the listeners are there
    try (Socket socket = new Socket("127.0.0.1", server.address().port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void plainHttpIsToldToComeWithTls() throws IOException {
    HttpServer server = telling(SERVER);
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    server.onTlsClientError((error, socket) -> told.add(error.code()));

    String answer = plain(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n")
        .endsWith("This port speaks HTTPS, and the request has come as plain HTTP: use https://\n");
    await().until(() -> told.contains("ERR_SSL_HTTP_REQUEST"));
    assertThat(server.stats().errors()).containsEntry("ERR_SSL_HTTP_REQUEST", 1L);
    assertThat(fetch(server, "/")).contains("TLSv1.3");
  }

  @Test
  void certificatesAreChangedWhileItServes() {
    HttpServer server = telling(SERVER);
    KeyAndChain next = SecureFiles.server();
    TlsOptions client = TRUSTING.withCheckServerIdentity((host, shown) -> null);
    List<Object> shown = Collections.synchronizedList(new ArrayList<>());
    RequestOptions options = RequestOptions.defaults().withUrl(url(server, "/")).withoutAgent();

    for (int round = 0; round < 2; round++) {
      CompletableFuture<Object> certificate = new CompletableFuture<>();
      Https.get(
          options.withTls(round == 0 ? client : client.withServername("localhost")),
          response -> {
            certificate.complete(response.socket().getPeerCertificate());
            response.resume();
          });
      shown.add(join(certificate));
      server.setSecureContext(TlsOptions.of(next));
    }

    assertThat(shown).containsExactly(PAIR.certificate(), next.certificate());
    assertThatThrownBy(() -> serve((a, b) -> {}).setSecureContext(SERVER))
        .hasMessage("This server speaks plain HTTP: Https.createServer makes others.");
  }

  @Test
  void aNameHasItsOwnCertificate() {
    KeyAndChain other = SecureFiles.named("other.test");
    HttpServer server = telling(SERVER);
    server.addContext("other.test", TlsOptions.of(other));

    String answer =
        join(Http.fetch(
                url(server, "/"),
                FetchOptions.defaults().withTls(TRUSTING.withServername("other.test"))))
            .text();

    assertThat(answer).contains("other.test");
  }

  @Test
  void aServerThatClosesWaitsForNoHandshake() throws IOException {
    HttpServer server = telling(SERVER);
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try (Socket silent = new Socket("127.0.0.1", server.address().port())) {
      await().until(() -> server.stats().connections() == 1);

      server.close(nothing -> closed.complete(null));

      join(closed);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aServerDrainsWhatIsInTheMidstOfAHandshake() throws IOException {
    HttpServer server = telling(SERVER);
    try (Socket silent = new Socket("127.0.0.1", server.address().port())) {
      await().until(() -> server.stats().connections() == 1);
      assertThat(fetch(server, "/")).contains("TLSv1.3");

      assertThat(join(server.drain(Duration.ofMillis(500))).cut()).isLessThanOrEqualTo(1);

      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void anHttpsProxyIsAskedOverPlainAndTheRestIsSecret() {
    HttpServer server = telling(SERVER);
    int port = server.address().port();
    TcpServer proxy =
        rawConnections(client -> {
          TcpSocket to = Net.createConnection(port, "127.0.0.1");
          to.onError(error -> {});
          client.pipe(to).pipe(client);
        });

    CompletableFuture<String> answer = new CompletableFuture<>();
    onLoop(() ->
        Https.get(
            RequestOptions.url(url(server, "/through"))
                .withTls(TRUSTING)
                .withCreateConnection(
                    to -> Tls.connect(proxy.address().port(), "127.0.0.1", TRUSTING)),
            response -> response.onData(data -> answer.complete(data.toString()))));

    assertThat(join(answer)).startsWith("/through TLSv1.3");
  }

  // curl and Node

  private String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
    CompletableFuture<String> output = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            output.complete(
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            output.completeExceptionally(e);
          }
        });
    try {
      return output.orTimeout(20, TimeUnit.SECONDS).join();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void curlAsksTwiceOverOneConnection(TlsProvider provider) throws Exception {
    HttpServer server = telling(SERVER.withProvider(provider));

    String answers =
        run(
            "curl",
            "-sS",
            "--http1.1",
            "--noproxy",
            "*",
            "--cacert",
            "ca.pem",
            "-w",
            "[%{num_connects}]",
            url(server, "/1"),
            url(server, "/2"));

    assertThat(answers)
        .isEqualTo("/1 TLSv1.3 http/1.1 localhost first[1]/2 TLSv1.3 http/1.1 localhost first[0]");
  }

  @Test
  void curlRefusesWhatItDoesNotKnow() throws Exception {
    HttpServer server = telling(SERVER);

    assertThat(run("curl", "-sS", "--noproxy", "*", url(server, "/")))
        .contains("SSL certificate problem");
    await().until(() -> server.tlsStats().failures() == 1);
    assertThat(server.stats().errors()).containsKey("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA");
  }

  private static final String NODE_CLIENT =
      """
      const https = require('https'), fs = require('fs');
      const agent = new https.Agent({ ca: fs.readFileSync('ca.pem') });
      function get(path, next) {
        https.get(process.argv[1] + path, { agent }, response => {
          let text = '';
          response.on('data', data => { text += data; });
          response.on('end', () => { console.log(text); if (next) next(); });
        }).on('error', error => console.log(error.code));
      }
      get('/1', () => setImmediate(() => get('/2')));
      """;

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void nodeFetchesAndResumes(TlsProvider provider) throws Exception {
    HttpServer server =
        listen(
            Https.createServer(
                SERVER.withProvider(provider),
                (request, response) -> {
                  response.setHeader("Connection", "close");
                  response.end(request.url() + " " + request.socket().isSessionReused());
                }));

    assertThat(run("node", "-e", NODE_CLIENT, "--", url(server, "")).lines())
        .containsExactly("/1 false", "/2 true");
  }

  private static final String NODE_SERVER =
      """
      const https = require('https'), fs = require('fs');
      const server = https.createServer(
        { cert: fs.readFileSync('server.pem'), key: fs.readFileSync('server.key') },
        (request, response) => {
          let length = 0;
          request.on('data', data => { length += data.length; });
          request.on('end', () => response.end(request.url + ' ' + length + ' '
            + request.socket.isSessionReused()));
        });
      server.listen(0, '127.0.0.1', () => console.log(server.address().port));
      """;

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void ourClientAsksNode(TlsProvider provider) throws Exception {
    Process node =
        new ProcessBuilder("node", "-e", NODE_SERVER)
            .directory(dir.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String port = node.inputReader().readLine();
      FetchOptions options =
          FetchOptions.defaults().withTls(TRUSTING.withProvider(provider)).withMethod("POST");
      for (int round = 0; round < 2; round++) {
        String answer =
            join(Http.fetch(
                    "https://localhost:" + port + "/post",
                    options.withBody("x".repeat(200_000)).withAgent(new Agent())))
                .text();
        assertThat(answer).isEqualTo("/post 200000 " + (round > 0));
      }
    } finally {
      node.destroyForcibly().waitFor();
    }
  }
}
