package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.TcpServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that requests are sent as. */
class ClientWireTest extends ClientTest {
  /** What a server gets for a request, up to a text that must come. */
  private String sent(RequestOptions options, Consumer<ClientRequest> act, String until) {
    AtomicReference<String> got = new AtomicReference<>("");
    TcpServer server =
        rawConnections(socket ->
            socket.onData(data -> got.accumulateAndGet(data.toString("latin1"), String::concat)));
    int port = server.address().port();
    Exchange exchange = exchange(options.withHost("127.0.0.1").withPort(port), act);
    Awaitility.await().until(() -> got.get().contains(until));
    exchange.request.destroy();
    exchange.over();
    return got.get().replace("127.0.0.1:" + port, "HOST");
  }

  private String sent(RequestOptions options, Consumer<ClientRequest> act) {
    return sent(options, act, "\r\n\r\n");
  }

  private static RequestOptions method(String method) {
    return RequestOptions.defaults().withMethod(method);
  }

  @Test
  void sendsHostFirstThenOwnHeadersThenAuthorizationThenLaterOnesThenConnection() {
    assertThat(
            sent(
                RequestOptions.defaults()
                    .withHeader("A", "1")
                    .withHeader("b", "x")
                    .withHeader("b", "y")
                    .withAuth("u:p"),
                request -> request.setHeader("Later", 7).end()))
        .isEqualTo(
            "GET / HTTP/1.1\r\nHost: HOST\r\nA: 1\r\nb: x\r\nb: y"
                + "\r\nAuthorization: Basic dTpw\r\nLater: 7\r\nConnection: keep-alive\r\n\r\n");
  }

  @Test
  void anOwnHostAndAnOwnAuthorizationStayAsTheyAre() {
    assertThat(
            sent(
                RequestOptions.defaults()
                    .withHeaders(Map.of("host", "mine"))
                    .withHeader("authorization", "Mine")
                    .withAuth("u:p"),
                ClientRequest::end))
        .isEqualTo(
            "GET / HTTP/1.1\r\nhost: mine\r\nauthorization: Mine"
                + "\r\nConnection: keep-alive\r\n\r\n");
  }

  @Test
  void hostIsLeftOutWhereTheOptionsSaySo() {
    assertThat(sent(RequestOptions.defaults().withSetHost(false), ClientRequest::end))
        .isEqualTo("GET / HTTP/1.1\r\nConnection: keep-alive\r\n\r\n");
  }

  @Test
  void hostHasNoPortWhereThatIsTheUsualOne() {
    onLoop(() -> {
      ClientRequest request = Http.request("http://user:pw@[::1]/x").onError(error -> {});
      assertThat(request.getHeader("host")).isEqualTo("[::1]");
      assertThat(request.getHeader("authorization")).isEqualTo("Basic dXNlcjpwdw==");
      request.destroy();
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "put", "PATCH", "FOO"})
  void saysThatThereIsNoBodyWhereOneIsExpected(String method) {
    assertThat(sent(method(method), ClientRequest::end))
        .startsWith(method.toUpperCase(java.util.Locale.ROOT) + " / HTTP/1.1\r\n")
        .endsWith("Connection: keep-alive\r\nContent-Length: 0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
  void saysNothingOfABodyWhereNoneIsExpected(String method) {
    assertThat(sent(method(method), ClientRequest::end))
        .isEqualTo(method + " / HTTP/1.1\r\nHost: HOST\r\nConnection: keep-alive\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "GET", "DELETE", "OPTIONS"})
  void saysHowLongABodyIsThatComesWithTheEnd(String method) {
    assertThat(sent(method(method), request -> request.end("hi"), "hi"))
        .endsWith("Connection: keep-alive\r\nContent-Length: 2\r\n\r\nhi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "GET", "DELETE", "OPTIONS"})
  void sendsABodyOfUnknownLengthInChunks(String method) {
    assertThat(
            sent(
                method(method),
                request -> {
                  request.write("a");
                  request.end("bc");
                },
                "0\r\n\r\n"))
        .endsWith(
            "Connection: keep-alive\r\nTransfer-Encoding: chunked"
                + "\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
  }

  @Test
  void sendsTrailersBehindChunks() {
    assertThat(
            sent(
                method("POST"),
                request -> {
                  request.addTrailers(Map.of("X-T", "v"));
                  request.write("a");
                  request.end();
                },
                "X-T: v\r\n\r\n"))
        .endsWith("1\r\na\r\n0\r\nX-T: v\r\n\r\n");
  }

  @Test
  void anOwnLengthIsSentAndHeld() {
    assertThat(
            sent(
                method("POST").withHeader("Content-Length", "3"),
                request -> {
                  request.write("a");
                  request.end("bc");
                },
                "abc"))
        .endsWith("Content-Length: 3\r\nConnection: keep-alive\r\n\r\nabc");
  }

  @Test
  void aBodyLongerThanItsOwnLengthIsRefusedSinceItWouldBeTakenForARequest() {
    exchange(
            to(answering(OK)).withMethod("POST").withHeader("Content-Length", "1"),
            request -> {
              assertThatThrownBy(() -> request.write("ab"))
                  .isInstanceOfSatisfying(
                      NetException.class,
                      e -> assertThat(e.code()).isEqualTo("ERR_HTTP_CONTENT_LENGTH_MISMATCH"));
              request.destroy();
            })
        .over();
  }

  @Test
  void ofBothLengthAndChunksOnlyChunksAreSent() {
    assertThat(
            sent(
                method("POST")
                    .withHeader("Content-Length", "3")
                    .withHeader("Transfer-Encoding", "chunked"),
                request -> request.end("abc"),
                "0\r\n\r\n"))
        .isEqualTo(
            "POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked"
                + "\r\nConnection: keep-alive\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip, chunked", "chunked, chunked", "x"})
  void otherTransferCodingsAreRefused(String coding) {
    exchange(
            to(answering(OK)).withMethod("POST").withHeader("Transfer-Encoding", coding),
            request -> {
              assertThatThrownBy(request::end).hasMessageContaining("only \"chunked\" is sent");
              request.destroy();
            })
        .over();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "+0", "0x0", "1 ", "x", "", "99999999999999999999"})
  void lengthsThatAreNoneAreRefused(String length) {
    exchange(
            to(answering(OK)).withMethod("POST").withHeader("Content-Length", length),
            request -> {
              assertThatThrownBy(request::end).hasMessageContaining("a number of bytes");
              request.destroy();
            })
        .over();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 3", "Transfer-Encoding: chunked"})
  void twoLinesThatDelimitTheBodyAreRefused(String line) {
    String[] parts = line.split(": ", 2);
    exchange(
            to(answering(OK))
                .withMethod("POST")
                .withHeader(parts[0], parts[1])
                .withHeader(parts[0].toUpperCase(java.util.Locale.ROOT), parts[1]),
            request -> {
              assertThatThrownBy(() -> request.end("abc")).hasMessageContaining("another one");
              request.destroy();
            })
        .over();
  }

  @Test
  void asksBeforeItSendsABody() {
    assertThat(sent(method("PUT").withHeader("Expect", "100-continue"), request -> {}))
        .isEqualTo(
            "PUT / HTTP/1.1\r\nHost: HOST\r\nExpect: 100-continue"
                + "\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n");
  }

  @Test
  void sendsTheBodyWhenTheServerWantsIt() {
    CompletableFuture<String> body = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) ->
            request
                .onData(data -> body.complete(data.toString()))
                .onEnd(() -> response.end("thanks")));
    Exchange exchange =
        exchange(
            to(server).withMethod("PUT").withHeader("Expect", "100-continue"),
            request -> request.onContinue(() -> request.end("the body")));

    assertThat(exchange.body()).isEqualTo("thanks");
    assertThat(join(body)).isEqualTo("the body");
    assertThat(exchange.events()).containsSubsequence("C continue", "C information 100");
  }

  @Test
  void flushHeadersOfAGetSaysThatThereIsNoBody() {
    assertThat(sent(RequestOptions.defaults(), ClientRequest::flushHeaders))
        .isEqualTo("GET / HTTP/1.1\r\nHost: HOST\r\nConnection: keep-alive\r\n\r\n");
  }

  @Test
  void aBodyBehindFlushedHeadersOfAGetIsRefused() {
    exchange(
            to(answering(OK)),
            request -> {
              request.flushHeaders();
              assertThatThrownBy(() -> request.write("x"))
                  .isInstanceOfSatisfying(
                      NetException.class,
                      e -> assertThat(e.code()).isEqualTo("ERR_HTTP_BODY_NOT_ALLOWED"));
              request.end();
            })
        .over();
  }

  @Test
  void anAgentThatKeepsNothingSaysClose() {
    assertThat(sent(RequestOptions.defaults().withAgent(new Agent()), ClientRequest::end))
        .contains("Connection: close\r\n");
    assertThat(sent(RequestOptions.defaults().withoutAgent(), ClientRequest::end))
        .contains("Connection: close\r\n");
  }

  @Test
  void anAgentWithALimitKeepsConnectionsForWhoWaits() {
    Agent agent = agent(AgentOptions.defaults().withMaxSockets(1));

    assertThat(sent(RequestOptions.defaults().withAgent(agent), ClientRequest::end))
        .contains("Connection: keep-alive\r\n");
  }

  @Test
  void anOwnConnectionHeaderKeepsItsPlace() {
    assertThat(
            sent(
                RequestOptions.defaults().withHeader("Connection", "close").withHeader("A", "1"),
                ClientRequest::end))
        .isEqualTo("GET / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nA: 1\r\n\r\n");
  }

  @Test
  void headersThatWereTakenOutAreNotSent() {
    assertThat(
            sent(
                RequestOptions.defaults(),
                request -> {
                  request.removeHeader("connection");
                  request.removeHeader("HOST");
                  request.end();
                }))
        .isEqualTo("GET / HTTP/1.1\r\n\r\n");
  }

  @Test
  void aBodyThatNothingDelimitsIsRefused() {
    exchange(
            to(answering(OK)).withMethod("POST"),
            request -> {
              request.removeHeader("content-length");
              request.removeHeader("transfer-encoding");
              assertThatThrownBy(() -> request.end("x")).hasMessageContaining("delimits");
              request.destroy();
            })
        .over();
  }

  @Test
  void sendsALargeBodyWhole() {
    byte[] bytes = new byte[3_000_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7 + i / 253);
    }
    CompletableFuture<Boolean> same = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          BodyCollector all = new BodyCollector(bytes.length);
          request
              .onData(all::add)
              .onEnd(() -> {
                same.complete(all.take().equals(Buffer.from(bytes)));
                response.end("done");
              });
        });
    Exchange exchange =
        exchange(to(server).withMethod("POST"), request -> request.end(Buffer.from(bytes)));

    assertThat(exchange.body()).isEqualTo("done");
    assertThat(join(same)).isTrue();
  }

  @Test
  void writesFromAnotherThreadKeepTheirOrder() {
    CompletableFuture<String> body = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          BodyCollector all = new BodyCollector(1000);
          request
              .onData(all::add)
              .onEnd(() -> {
                body.complete(all.take().toString());
                response.end();
              });
        });
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    ClientRequest request =
        Http.request(to(server).withMethod("POST"))
            .onClose(cause -> closed.complete(cause.hadError()));
    for (int i = 0; i < 10; i++) {
      request.write("" + i);
    }
    request.end("!");

    assertThat(join(body)).isEqualTo("0123456789!");
    assertThat(join(closed)).isFalse();
  }

  @Test
  void refusesWhatWouldBreakTheRequest() {
    refused("ERR_UNESCAPED_CHARACTERS", () -> RequestOptions.defaults().withPath("/a b"));
    refused("ERR_UNESCAPED_CHARACTERS", () -> RequestOptions.defaults().withPath("/\u00e9"));
    refused("ERR_UNESCAPED_CHARACTERS", () -> RequestOptions.defaults().withPath("/a\r\nX: y"));
    refused("ERR_INVALID_HTTP_TOKEN", () -> RequestOptions.defaults().withMethod("a b"));
    refused("ERR_INVALID_HTTP_TOKEN", () -> RequestOptions.defaults().withMethod(""));
    refused("ERR_INVALID_PROTOCOL", () -> RequestOptions.defaults().withProtocol("ftp:"));
    refused("ERR_INVALID_CHAR", () -> RequestOptions.defaults().withHost("a b"));
    refused("ERR_INVALID_CHAR", () -> RequestOptions.defaults().withHost("a\r\nX: y"));
    refused("ERR_INVALID_CHAR", () -> RequestOptions.defaults().withHost("a/b"));
    refused("ERR_INVALID_CHAR", () -> RequestOptions.defaults().withHost(""));
    refused("ERR_INVALID_CHAR", () -> RequestOptions.defaults().withHeader("a", "x\ny"));
    refused("ERR_INVALID_HTTP_TOKEN", () -> RequestOptions.defaults().withHeader("a b", "x"));
    refused("ERR_INVALID_ARG_VALUE", () -> RequestOptions.defaults().withHeaders(List.of("a")));
    refused("ERR_SOCKET_BAD_PORT", () -> RequestOptions.port(70_000));
    refused("ERR_OUT_OF_RANGE", () -> RequestOptions.defaults().withMaxHeaderSize(1));
    refused("ERR_OUT_OF_RANGE", () -> RequestOptions.defaults().withMaxHeadersCount(0));
    refused(
        "ERR_OUT_OF_RANGE",
        () -> RequestOptions.defaults().withTimeout(java.time.Duration.ofSeconds(-1)));
    refused("ERR_INVALID_URL", () -> Http.get("nonsense"));
    refused("ERR_INVALID_PROTOCOL", () -> Http.get("https://example.test/"));
  }

  private static void refused(
      String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThatThrownBy(c)
        .isInstanceOfSatisfying(NetException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void namesThePlacesItKnows() {
    ClientRequest request =
        onLoop(() -> Http.request("http://127.0.0.1:1/p?q").onError(error -> {}));

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.path()).isEqualTo("/p?q");
    assertThat(request.host()).isEqualTo("127.0.0.1");
    assertThat(request.protocol()).isEqualTo("http:");
    assertThat(request.agent()).isSameAs(Http.globalAgent());
    assertThat(request).hasToString("GET 127.0.0.1:1/p?q");
    request.destroy();
  }
}
