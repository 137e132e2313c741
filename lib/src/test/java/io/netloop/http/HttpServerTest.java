package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.engine.Inventory;
import io.netloop.loop.Loop;
import io.netloop.loop.Workers;
import io.netloop.net.ListenOptions;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The server itself: its options, where it listens, and what its listeners get. */
class HttpServerTest extends ServerTest {
  // Options

  static Stream<Runnable> wrongOptions() {
    Duration negative = Duration.ofMillis(-1);
    return Stream.of(
        () -> DEFAULTS.withHeadersTimeout(negative),
        () -> DEFAULTS.withRequestTimeout(negative),
        () -> DEFAULTS.withKeepAliveTimeout(negative),
        () -> DEFAULTS.withKeepAliveTimeoutBuffer(negative),
        () -> DEFAULTS.withTimeout(Duration.ofDays(40_000)),
        () -> DEFAULTS.withMaxHeaderSize(63),
        () -> DEFAULTS.withMaxHeadersCount(0),
        () -> DEFAULTS.withMaxBodySize(-1),
        () -> DEFAULTS.withMaxRequestsPerSocket(-1),
        () -> DEFAULTS.withMaxPipelined(0),
        () -> DEFAULTS.withHeadersTimeout(Duration.ofMinutes(6)),
        () -> DEFAULTS.withRequestTimeout(Duration.ofSeconds(59)));
  }

  @ParameterizedTest
  @MethodSource("wrongOptions")
  void refusesLimitsThatMakeNoSense(Runnable wrong) {
    org.assertj.core.api.Assertions.assertThatThrownBy(wrong::run)
        .hasMessageStartingWith("The value of \"")
        .hasMessageContaining("is out of range. It must be ");
  }

  @Test
  void takesATimeOutOfHeadersWhereRequestsHaveNone() {
    HttpServerOptions options =
        DEFAULTS.withRequestTimeout(Duration.ZERO).withHeadersTimeout(Duration.ofHours(1));

    assertThat(options.headersTimeout()).isEqualTo(Duration.ofHours(1));
    assertThat(Http.createServer(options).options()).isSameAs(options);
  }

  @Test
  void answersWhatIsTooLongByItsHead() throws Exception {
    HttpServer server = serve(DEFAULTS.withMaxBodySize(3), (q, r) -> told.add("request"));

    assertThat(ask(server, post("abcd", "Content-Length: 4")))
        .isEqualTo("HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n");
    assertThat(told).isEmpty();
    assertThat(server.stats().errors()).containsEntry("ERR_HTTP_BODY_TOO_LARGE", 1L);
  }

  @Test
  void answersWhatBecomesTooLong() throws Exception {
    HttpServer server =
        serve(DEFAULTS.withMaxBodySize(3), (q, r) -> q.onData(data -> told.add("data " + data)));

    String answer =
        ask(server, post("3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", "Transfer-Encoding: chunked"));

    assertThat(answer).startsWith("HTTP/1.1 413 ");
    tells("data abc");
  }

  @ParameterizedTest
  @CsvSource({
    "FOO / HTTP/1.1,400 Bad Request",
    "GET / HTTP/2.0,505 HTTP Version Not Supported",
    "GET / HTTP/1.1|Host: h|Transfer-Encoding: gzip,400 Bad Request",
    "'GET / HTTP/1.1|Host: h|Transfer-Encoding: gzip, chunked',501 Not Implemented"
  })
  void answersWhatItDoesNotServe(String head, String status) throws Exception {
    HttpServer server = serve((request, response) -> told.add("request"));

    assertThat(ask(server, head.replace("|", "\r\n") + "\r\n\r\n"))
        .isEqualTo("HTTP/1.1 " + status + "\r\nConnection: close\r\n\r\n");
    assertThat(told).isEmpty();
  }

  @Test
  void answersWith404WhereNobodyListens() throws Exception {
    assertThat(ask(listen(Http.createServer()), LAST)).startsWith("HTTP/1.1 404 Not Found\r\n");
  }

  // Listening

  @Test
  void listensInEachForm() throws Exception {
    for (ListenOptions where :
        new ListenOptions[] {ListenOptions.port(0), ListenOptions.port(0).withHost("127.0.0.1")}) {
      HttpServer server = closedLater(Http.createServer((q, r) -> r.end("hi")));
      assertThat(server.listening()).isFalse();
      assertThat(server.address()).isNull();
      server.onListening(() -> told.add("event")).listen(where, () -> told.add("listener"));
      await().until(() -> server.listening() && told.contains("listener"));
      assertThat(body(ask(server, LAST))).isEqualTo("hi");
      refuses(
          () -> server.listen(where),
          "ERR_SERVER_ALREADY_LISTEN",
          "Listen method has been called more than once without closing.");
    }
    HttpServer shortest = closedLater(Http.createServer((q, r) -> r.end("hi"))).listen(0);
    HttpServer told = closedLater(Http.createServer((q, r) -> r.end("hi"))).listen(0, () -> {});
    await().until(() -> shortest.listening() && told.listening());
    assertThat(shortest.toString()).startsWith("HttpServer ");
  }

  @Test
  void listensOnAUnixDomainSocket(@TempDir Path dir) throws Exception {
    Path path = dir.resolve("s");
    HttpServer server = closedLater(Http.createServer((q, r) -> r.end("by path")));
    server.listen(path.toString(), () -> told.add("listening"));
    tells("listening");

    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(path));
      client.write(ByteBuffer.wrap(LAST.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(1000);
      int more = 0;
      while (more >= 0) {
        more = client.read(answer);
      }
      assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("by path");
    }
  }

  @Test
  void tellsThatItsPortIsTaken() throws Exception {
    HttpServer first = serve((q, r) -> r.end());
    HttpServer second = closedLater(Http.createServer());
    second.onError(e -> told.add(e.code())).listen(first.address().port(), "127.0.0.1");

    tells("EADDRINUSE");
  }

  @Test
  void sharesItsPortAmongWorkers() throws Exception {
    Set<Loop> loops = ConcurrentHashMap.newKeySet();
    HttpServer taken = serve((q, r) -> r.end());
    int free = taken.address().port();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    taken.close(e -> closed.complete(null));
    closed.get(5, TimeUnit.SECONDS);
    Set<HttpServer> listening = ConcurrentHashMap.newKeySet();
    Workers workers =
        Workers.fork(
            2,
            () -> {
              HttpServer server =
                  Http.createServer((q, r) -> {
                    loops.add(Loop.current());
                    r.end("from a worker");
                  });
              server.listen(free, "127.0.0.1", () -> listening.add(server));
              closedLater(server);
            });
    await().until(() -> listening.size() == 2);
    for (int i = 0; i < 4; i++) {
      assertThat(body(ask(listening.iterator().next(), LAST))).isEqualTo("from a worker");
    }

    assertThat(loops).hasSize(2);
    workers.close(Duration.ofSeconds(5)).get(5, TimeUnit.SECONDS);
  }

  @Test
  void countsAmongWhatKeepsTheProgramAliveUnlessItIsTold() throws Exception {
    int before = Inventory.open();
    HttpServer server = serve((q, r) -> r.end("hi"));
    int open = Inventory.open();
    assertThat(open).isGreaterThan(before);
    assertThat(server.ref().unref().ref().unref().listening()).isTrue();
    assertThat(body(ask(server, LAST))).isEqualTo("hi");
    server.ref();
  }

  // What listeners get

  @Test
  void handsOnlyTheUpgradesOverThatItIsToldTo() throws Exception {
    HttpServer server = serve((q, r) -> r.end("a request"));
    server
        .shouldUpgrade(request -> request.url().equals("/ws"))
        .onUpgrade((q, socket, head) -> socket.end("upgraded " + head));
    String head = " HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";

    assertThat(ask(server, "GET /ws" + head + "more")).isEqualTo("upgraded more");
    RawClient client = connect(server);
    client.send("GET /" + head);
    assertThat(client.hear("a request")).contains("keep-alive");
  }

  @Test
  void costsOneConnectionWhereAnUpgradeListenerThrows() throws Exception {
    HttpServer server = serve((q, r) -> r.end("hi"));
    server.onConnect((q, socket, head) -> {
      throw new IllegalStateException("mine");
    });

    assertThat(ask(server, "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n")).isEmpty();
    assertThat(Uncaught.next()).hasMessage("mine");
    assertThat(body(ask(server, LAST))).isEqualTo("hi");
  }

  @Test
  void tellsWhatWasWrongWithWhatAClientSent() throws Exception {
    HttpServer server = serve((q, r) -> r.end("hi"));
    server.onClientError((found, socket) -> {
      told.add(found.error().code() + " " + found.status() + " " + found.rawPacket());
      socket.end("mine");
    });

    assertThat(ask(server, "FOO / HTTP/1.1\r\n\r\n")).isEqualTo("mine");
    tells("HPE_INVALID_METHOD 400 FOO / HTTP/1.1\r\n\r\n");
  }

  @Test
  void tellsOfARequestTooManyAndAnswersIt() throws Exception {
    HttpServer server = serve(DEFAULTS.withMaxRequestsPerSocket(1), (q, r) -> r.end("hi"));
    server.onDropRequest((q, socket) -> told.add("dropped " + q.url()));

    assertThat(ask(server, GET + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n" + GET))
        .containsOnlyOnce("200 OK")
        .containsOnlyOnce("503 Service Unavailable");
    tells("dropped /2");
  }

  @Test
  void answersARequestTooManyAlsoWhereTheLastOneIsAnsweredLater() throws Exception {
    HttpServer server =
        serve(
            DEFAULTS.withMaxRequestsPerSocket(1), (q, r) -> loop.setTimeout(10, () -> r.end("hi")));
    server.onDropRequest((q, socket) -> told.add("dropped"));

    assertThat(ask(server, GET + GET)).contains("\r\n\r\nhiHTTP/1.1 503 ");
    tells("dropped");
  }

  @Test
  void logsEachAnswer() throws Exception {
    HttpServer server = serve((q, r) -> r.statusCode(201).end("four"));
    server.onAccess(entry -> {
      told.add(entry.method() + entry.url() + " " + entry.httpVersion() + " " + entry.status());
      told.add(entry.bodyBytes() + " " + entry.remoteAddress() + " " + entry.cut());
    });

    ask(server, LAST);

    tells("GET/ 1.1 201", "4 127.0.0.1 null");
    assertThat(server.stats().requests()).isEqualTo(1);
    assertThat(server.stats().accepted()).isEqualTo(1);
    await().untilAsserted(() -> assertThat(server.stats().bytesRead()).isEqualTo(LAST.length()));
  }

  @Test
  void refusesConnectionsAboveItsLimit() throws Exception {
    HttpServer server = serve((q, r) -> r.end("hi"));
    server.maxConnections(1).onDrop(drop -> told.add("drop"));
    RawClient first = connect(server);
    first.send(GET);
    first.hear("hi");

    assertThat(ask(server, "")).isEmpty();
    tells("drop");
    server.getConnections(count -> told.add("count " + count));
    tells("drop", "count 1");
  }

  @Test
  void takesListenersOut() throws Exception {
    RequestListener never = (q, r) -> told.add("never");
    HttpServer server = serve((q, r) -> r.end("hi"));
    server.onRequest(never).onCheckContinue(never).onCheckExpectation(never).off(never);

    assertThat(body(ask(server, LAST))).isEqualTo("hi");
    assertThat(told).isEmpty();
  }
}
