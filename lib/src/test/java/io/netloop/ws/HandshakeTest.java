package io.netloop.ws;

import static io.netloop.ws.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.loop.NetException;
import io.netloop.ws.WebSocketServerOptions.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake of a server, in bytes (RFC 6455 §4.2). */
class HandshakeTest extends WsTest {
  private static final String GOOD =
      """
      GET /chat HTTP/1.1
      Host: x
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13

      """
          .replace("\n", "\r\n");

  private String answer(WebSocketServer server, String request) {
    return bare(port(server)).send(request).rest();
  }

  private static String with(String line) {
    return GOOD.replace("\r\n\r\n", "\r\n" + line + "\r\n\r\n");
  }

  private static String refusal(int status, String text) {
    return "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: %d\r\n"
        .formatted(status, Http.STATUS_CODES.get(status), text.length());
  }

  @Test
  void answersTheExampleOfTheStandard() {
    WebSocketServer server = echo(options());
    RawClient client = bare(port(server)).send(GOOD);

    assertThat(client.head())
        .isEqualTo(
            """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """
                .replace("\n", "\r\n"));
    assertThat(client.send(text("Hello")).text()).isEqualTo("Hello");
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upgrade: websocket | Upgrade: WebSocket",
        "Upgrade: websocket | UPGRADE: WEBSOCKET",
        "Connection: Upgrade | Connection: keep-alive, Upgrade",
        "Connection: Upgrade | connection: upgrade",
        "GET /chat | GET /chat?room=1&x=%20"
      })
  void understandsOtherSpellings(String usual, String other) {
    WebSocketServer server = echo(options().withPath("/chat"));
    RawClient client = bare(port(server)).send(GOOD.replace(usual, other));
    assertThat(client.head()).startsWith("HTTP/1.1 101 ");
    assertThat(client.send(text("x")).text()).isEqualTo("x");
  }

  @Test
  void readsFramesThatCameWithTheHandshake() {
    WebSocketServer server = echo(options());
    byte[] all = Frames.join(RawClient.latin1(GOOD), text("one"), text("two"));
    for (int cut : new int[] {all.length, all.length - 1, GOOD.length() + 1, GOOD.length()}) {
      RawClient client = bare(port(server)).send(cut(all, 0, cut));
      client.head();
      client.send(cut(all, cut, all.length));
      assertThat(client.text()).isEqualTo("one");
      assertThat(client.text()).isEqualTo("two");
      client.close();
    }
  }

  @Test
  void readsAHandshakeThatComesByteByByte() {
    WebSocketServer server = echo(options());
    RawClient client = bare(port(server));
    client.trickle(Frames.join(RawClient.latin1(GOOD), text("slow")));
    client.head();
    assertThat(client.text()).isEqualTo("slow");
  }

  @Test
  void asksOrdinaryRequestsToUpgrade() {
    String answer =
        answer(echo(options()), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 426 Upgrade Required\r\n").endsWith("Upgrade Required");
  }

  @Test
  void refusesOtherMethods() {
    assertThat(answer(echo(options()), GOOD.replace("GET", "POST")))
        .startsWith(refusal(405, "Invalid HTTP method"))
        .endsWith("\r\n\r\nInvalid HTTP method");
  }

  @Test
  void refusesAnotherUpgrade() {
    assertThat(answer(echo(options()), GOOD.replace("Upgrade: websocket", "Upgrade: h2c")))
        .startsWith(refusal(400, "Invalid Upgrade header"))
        .endsWith("\r\n\r\nInvalid Upgrade header");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short==",
        "dGhlIHNhbXBsZSBub25jZQ=",
        "dGhlIHNhbXBsZSBub25jZQ==x",
        "dGhlIHNhbXBsZSBub25jZXg=",
        "dGhlIHNhbXBsZSBub25j-_==",
        "dGhlIHNhbXBsZSBub25j Q==",
        "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
      })
  void refusesAKeyThatIsNone(String key) {
    assertThat(answer(echo(options()), GOOD.replace("dGhlIHNhbXBsZSBub25jZQ==", key)))
        .startsWith(refusal(400, "Missing or invalid Sec-WebSocket-Key header"));
  }

  @Test
  void refusesAMissingKey() {
    assertThat(answer(echo(options()), GOOD.replaceAll("Sec-WebSocket-Key: [^\r]*\r\n", "")))
        .startsWith(refusal(400, "Missing or invalid Sec-WebSocket-Key header"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "12", "14", "013", "13, 8", "", "x"})
  void saysWhichVersionItSpeaks(String version) {
    String answer = answer(echo(options()), GOOD.replace("Version: 13", "Version: " + version));
    assertThat(answer)
        .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
        .contains("\r\nSec-WebSocket-Version: 13\r\n")
        .endsWith("\r\n\r\nMissing or invalid Sec-WebSocket-Version header");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a, a", "a,", ",", "a b", "a;b", "\"a\"", "a\r\nSec-WebSocket-Protocol: a"})
  void refusesAMalformedListOfProtocols(String protocols) {
    assertThat(answer(echo(options()), with("Sec-WebSocket-Protocol: " + protocols)))
        .startsWith(refusal(400, "Invalid Sec-WebSocket-Protocol header"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;", "a; x=", ",", "a; x=\"1"})
  void refusesMalformedExtensions(String extensions) {
    assertThat(answer(echo(options()), with("Sec-WebSocket-Extensions: " + extensions)))
        .startsWith(refusal(400, "Invalid or unacceptable Sec-WebSocket-Extensions header"));
  }

  /** Of which an upgrade is no part: the request is one as any other (RFC 9110 §7.8). */
  @Test
  void opensNothingForHttp10() {
    assertThat(answer(echo(options()), GOOD.replace("HTTP/1.1", "HTTP/1.0")))
        .startsWith("HTTP/1.1 426 Upgrade Required\r\n");
  }

  @Test
  void refusesAnotherPath() {
    WebSocketServer server = echo(options().withPath("/room"));
    for (String path : List.of("/chat", "/", "/room/", "/ROOM", "/rooms", "/%72oom")) {
      assertThat(answer(server, GOOD.replace("/chat", path)))
          .describedAs(path)
          .startsWith(refusal(400, "Bad Request"));
    }
    connect(port(server), "/room");
  }

  @Test
  void endsARefusedConnectionWhoseClientDoesNot() {
    WebSocketServer server = echo(options());
    RawClient client = bare(port(server)).send(GOOD.replace("GET", "PUT"));
    assertThat(client.head()).startsWith("HTTP/1.1 405 ");
    assertThat(client.rest()).isEqualTo("Invalid HTTP method");

    // The client keeps its own side open.
    await().until(() -> server.http().tcp().connections() == 0);
  }

  @Test
  void choosesTheFirstProtocolThatIsOffered() {
    WebSocketServer server = serve(socket -> socket.send(socket.protocol()));
    RawClient client = bare(port(server)).send(with("Sec-WebSocket-Protocol: chat, superchat"));
    assertThat(client.head()).contains("\r\nSec-WebSocket-Protocol: chat\r\n");
    assertThat(client.text()).isEqualTo("chat");
  }

  @Test
  void letsTheProgramChooseAProtocolOrNone() {
    WebSocketServer server =
        serve(
            options().withProtocolChooser((offered, request) -> offered.contains("b") ? "b" : null),
            socket -> socket.send("'" + socket.protocol() + "'"));
    RawClient some = bare(port(server)).send(with("Sec-WebSocket-Protocol: a, b ,c"));
    assertThat(some.head()).contains("\r\nSec-WebSocket-Protocol: b\r\n");
    assertThat(some.text()).isEqualTo("'b'");
    RawClient none = bare(port(server)).send(with("Sec-WebSocket-Protocol: a"));
    assertThat(none.head()).doesNotContain("Protocol:");
    assertThat(none.text()).isEqualTo("''");
  }

  @Test
  void refusesWithAFailureWhereTheProgramChoosesWhatNobodyOffered() {
    WebSocketServer server =
        serve(options().withProtocolChooser((offered, request) -> "z"), socket -> {});
    assertThat(answer(server, with("Sec-WebSocket-Protocol: a")))
        .startsWith(refusal(500, "Internal Server Error"));
    assertThat(Uncaught.next()).hasMessageContaining("'z'").hasMessageContaining("[a]");
  }

  @Test
  void asksTheVerifier() {
    WebSocketServer server =
        serve(
            options()
                .withVerifier(request ->
                    "yes".equals(request.header("x-may"))
                        ? null
                        : new Refusal(401, "Say who you are.")),
            socket -> socket.send("in"));
    assertThat(answer(server, GOOD))
        .startsWith(refusal(401, "Say who you are."))
        .endsWith("\r\n\r\nSay who you are.");
    assertThat(connect(server, "X-May: yes").text()).isEqualTo("in");
    Assertions.assertThatThrownBy(() -> new Refusal(200, "fine"))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("200");
  }

  @Test
  void refusesWithAFailureWhereTheVerifierThrows() {
    WebSocketServer server =
        serve(
            options()
                .withVerifier(request -> {
                  throw new IllegalStateException("of the test");
                }),
            socket -> {});
    assertThat(answer(server, GOOD)).startsWith(refusal(500, "Internal Server Error"));
    assertThat(Uncaught.next()).hasMessage("of the test");
    assertThat(server.connections()).isZero();
  }

  @Test
  void waitsForAVerifierThatKnowsLater() {
    Map<String, CompletableFuture<@Nullable Refusal>> asked = new ConcurrentHashMap<>();
    WebSocketServer server =
        serve(
            options()
                .withLateVerifier(request ->
                    asked.computeIfAbsent(
                        String.valueOf(request.header("x-who")), who -> new CompletableFuture<>())),
            socket -> socket.onMessage(message -> socket.send("you said " + message)));
    RawClient friend = bare(port(server)).send(with("X-Who: friend"));
    RawClient stranger = bare(port(server)).send(with("X-Who: stranger"));
    RawClient unlucky = bare(port(server)).send(with("X-Who: unlucky"));
    await().until(() -> asked.size() == 3);
    assertThat(server.connections()).isZero();
    asked.get("friend").complete(null);
    asked.get("stranger").complete(new Refusal(403, "Not you."));
    asked.get("unlucky").completeExceptionally(new IllegalStateException("of the test"));

    assertThat(friend.head()).startsWith("HTTP/1.1 101 ");
    assertThat(friend.send(text("hello")).text()).isEqualTo("you said hello");
    assertThat(stranger.rest()).startsWith(refusal(403, "Not you.")).endsWith("Not you.");
    assertThat(unlucky.rest()).startsWith(refusal(500, "Internal Server Error"));
    assertThat(Uncaught.next()).hasRootCauseMessage("of the test");
  }

  @Test
  void opensNothingForAVerdictThatComesTooLate() {
    List<CompletableFuture<@Nullable Refusal>> asked = new CopyOnWriteArrayList<>();
    WebSocketServer server =
        serve(
            options()
                .withLateVerifier(request -> {
                  CompletableFuture<@Nullable Refusal> verdict = new CompletableFuture<>();
                  asked.add(verdict);
                  return verdict;
                }),
            socket -> {});
    RawClient waiting = bare(port(server)).send(GOOD);
    await().until(() -> asked.size() == 1);
    server.close();
    asked.getFirst().complete(null);

    assertThat(waiting.rest()).startsWith(refusal(503, "Service Unavailable"));
    assertThat(server.connections()).isZero();
  }

  @Test
  void letsPagesOfKnownOriginsIn() {
    WebSocketServer server =
        serve(
            options().withOrigins(Set.of("https://Chat.example.org", "http://localhost:8080")),
            socket -> socket.send("in"));
    for (String origin : List.of("https://chat.example.org", "http://LOCALHOST:8080")) {
      assertThat(connect(server, "Origin: " + origin).text()).isEqualTo("in");
    }
    assertThat(connect(server).text()).isEqualTo("in");
    for (String origin :
        List.of(
            "null",
            "http://chat.example.org",
            "https://chat.example.org:444",
            "https://chat.example.org.evil.com",
            "https://evil.com/https://chat.example.org",
            "")) {
      assertThat(answer(server, with("Origin: " + origin)))
          .describedAs(origin)
          .startsWith("HTTP/1.1 403 Forbidden\r\n");
    }
  }

  @Test
  void tellsOfTheHeadersBeforeTheyLeave() {
    WebSocketServer server = serve(socket -> {});
    server.onHeaders((lines, request) -> {
      add(lines.getFirst() + " " + request.url());
      lines.add("X-More: yes");
    });
    RawClient client = bare(port(server)).send(GOOD);
    assertThat(client.head()).endsWith("\r\nX-More: yes\r\n\r\n");
    happens("HTTP/1.1 101 Switching Protocols /chat");
  }

  @Test
  void opensNoMoreAfterClose() {
    WebSocketServer server = echo(options());
    RawClient before = connect(server);
    assertThat(server.isClosing()).isFalse();
    server.close();
    await().until(server::isClosing);

    assertThat(answer(server, GOOD)).startsWith(refusal(503, "Service Unavailable"));
    assertThat(before.send(text("still here")).text()).isEqualTo("still here");
  }

  @Test
  void sharesAnHttpServerAmongServersOfDifferentPaths() {
    HttpServer http = http();
    attach(http, options().withPath("/a"), socket -> socket.send("a"));
    attach(http, options().withPath("/b"), socket -> socket.send("b"));
    int port = http.address().port();

    assertThat(connect(port, "/a").text()).isEqualTo("a");
    assertThat(connect(port, "/b?x").text()).isEqualTo("b");
    assertThat(bare(port).send(GOOD).rest()).startsWith(refusal(400, "Bad Request"));
    assertThat(bare(port).send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest())
        .startsWith("HTTP/1.1 200 OK")
        .endsWith("page");
  }

  @Test
  void opensWhatAProgramHandsToIt() {
    WebSocketServer server =
        remember(onLoop(() -> WebSockets.createUnattached(options().withPath("/here"))));
    server.onConnection(socket -> add("connection"));
    HttpServer http = http();
    http.onUpgrade((request, socket, head) ->
        server.handleUpgrade(
            request,
            socket,
            head,
            opened -> {
              add("opened " + opened.request().url());
              opened.onMessage(opened::send);
            }));
    settle();
    int port = http.address().port();

    assertThat(connect(port, "/here").send(text("x")).text()).isEqualTo("x");
    happens("opened /here");
    assertThat(bare(port).send(GOOD).rest()).startsWith(refusal(400, "Bad Request"));
    Assertions.assertThatThrownBy(server::http).hasMessageContaining("attached to no HTTP server");
  }

  /** Whoever asks a database first, has the request wait. */
  @Test
  void readsInOrderWhatCameBeforeAProgramHandsItOver() {
    WebSocketServer server = remember(onLoop(() -> WebSockets.createUnattached(options())));
    HttpServer http = http();
    CompletableFuture<Runnable> open = new CompletableFuture<>();
    http.onUpgrade((request, socket, head) ->
        open.complete(() ->
            server.handleUpgrade(request, socket, head, opened -> opened.onMessage(opened::send))));
    settle();
    RawClient client = bare(http.address().port());
    client.send(Frames.join(RawClient.latin1(GOOD), text("one"), cut(text("two"), 0, 3)));
    Runnable handOver = get(open);
    client.send(Frames.join(cut(text("two"), 3, text("two").length), text("three")));
    settle();
    doOnLoop(handOver);

    client.head();
    assertThat(client.text()).isEqualTo("one");
    assertThat(client.text()).isEqualTo("two");
    assertThat(client.text()).isEqualTo("three");
  }

  @Test
  void agreesOnCompressionOnlyWhereItIsOn() {
    String offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    RawClient off = bare(port(serve(socket -> {}))).send(with(offer));
    assertThat(off.head()).doesNotContain("Extensions");

    WebSocketServer on =
        serve(
            options().withDeflate(DeflateOptions.defaults()),
            socket -> socket.send(socket.extensions()));
    RawClient client = bare(port(on)).send(with(offer));
    assertThat(client.head())
        .contains(
            "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                + " client_no_context_takeover\r\n");
    assertThat(client.text())
        .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    assertThat(bare(port(on)).send(GOOD).head()).doesNotContain("Extensions");
  }

  @Test
  void givesNoMoreMemoryToCompressionThanItsBudget() {
    DeflateOptions two =
        DeflateOptions.defaults()
            .withServerContextTakeover(true)
            .withClientContextTakeover(true)
            .withContextBudget(2 * (Deflate.DEFLATER_BYTES + Deflate.INFLATER_BYTES));
    WebSocketServer server =
        serve(options().withDeflate(two), socket -> socket.send(socket.extensions()));
    String offer = "Sec-WebSocket-Extensions: permessage-deflate";
    String none = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    RawClient first = connect(server, offer);
    assertThat(first.text()).isEqualTo("permessage-deflate");
    assertThat(connect(server, offer).text()).isEqualTo("permessage-deflate");
    assertThat(connect(server, offer).text()).isEqualTo(none);
    first.close();
    await().until(() -> server.connections() == 2);
    assertThat(connect(server, offer).text()).isEqualTo("permessage-deflate");
  }
}
