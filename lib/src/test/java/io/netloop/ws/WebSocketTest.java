package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.closePayload;
import static io.netloop.ws.Frames.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import io.netloop.ws.WebSocketOptions.Reconnect;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The browser's interface, to the letter of the WebSockets Standard. */
class WebSocketTest extends WsTest {
  private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: (\\S+)");

  /** A server of bytes: told each head with its connection. */
  private TcpServer heads(BiConsumer<TcpSocket, String> onHead) {
    return raw(socket -> {
      StringBuilder head = new StringBuilder();
      socket.onData(data -> {
        boolean before = head.indexOf("\r\n\r\n") >= 0;
        head.append(new String(data.toByteArray(), java.nio.charset.StandardCharsets.ISO_8859_1));
        if (!before && head.indexOf("\r\n\r\n") >= 0) {
          onHead.accept(socket, head.toString());
        }
      });
    });
  }

  /** One that opens each connection and sends frames behind its answer. */
  private TcpServer opening(byte[]... frames) {
    return heads((socket, head) -> {
      socket.write(Buffer.from(RawClient.latin1(answer(head, ""))));
      socket.write(Buffer.from(Frames.join(frames)));
    });
  }

  private static String answer(String head, String more) {
    Matcher key = KEY.matcher(head);
    assertThat(key.find()).isTrue();
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + ServerHandshake.accept(key.group(1))
        + "\r\n"
        + more
        + "\r\n";
  }

  private static String url(TcpServer server) {
    return "ws://127.0.0.1:" + server.address().port() + "/";
  }

  // The constructor

  @ParameterizedTest
  @CsvSource({
    "ws://127.0.0.1:1, ws://127.0.0.1:1/",
    "WS://LOCALHOST:1/Path?Query, ws://localhost:1/Path?Query",
    "http://127.0.0.1:1/a, ws://127.0.0.1:1/a",
    "ws://[::1]:1, ws://[::1]:1/",
    "ws://127.0.0.1:80/some/path, ws://127.0.0.1/some/path",
    "ws://127.0.0.1:1?q, ws://127.0.0.1:1/?q",
    "wss://127.0.0.1:1/a, wss://127.0.0.1:1/a",
    "https://LOCALHOST:1, wss://localhost:1/"
  })
  void tellsItsUrlInTheUsualForm(String given, String expected) {
    client(
        given,
        ws -> {
          assertThat(ws.url()).isEqualTo(expected);
          assertThat(ws).hasToString("WebSocket " + expected);
          ws.close();
          hear(ws);
        });
    comes("close 1006 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "echo",
        "/echo",
        "//localhost/",
        "ftp://localhost/",
        "ws:",
        "ws://",
        "ws://a b/",
        "ws://localhost/#part",
        "ws://localhost/#",
        "ws://localhost:65536/",
        "ws://localhost:x/",
        "ws://[::1/",
        "wss://",
        "https:/",
        "ws//localhost"
      })
  void throwsASyntaxErrorForWhatIsNoUrlOfAWebSocket(String url) {
    assertThatThrownBy(() -> new WebSocket(url))
        .isInstanceOf(NetException.class)
        .extracting(error -> ((NetException) error).code())
        .isEqualTo("SyntaxError");
  }

  @Test
  void throwsASyntaxErrorForProtocolsThatAreNone() {
    for (String[] protocols :
        new String[][] {{"a", "a"}, {""}, {"a b"}, {"ä"}, {"a,b"}, {"a", "/"}}) {
      assertThatThrownBy(() -> new WebSocket("ws://127.0.0.1:1/", protocols))
          .isInstanceOf(NetException.class)
          .hasMessageContaining("subprotocol")
          .extracting(error -> ((NetException) error).code())
          .isEqualTo("SyntaxError");
    }
  }

  @Test
  void beginsToConnectWhenTheConstructorHasReturned() {
    WebSocketServer server = echo(options());
    client(
        url(server),
        ws -> {
          assertThat(ws.readyState()).isEqualTo(WebSocket.CONNECTING);
          assertThat(ws.protocol()).isEmpty();
          assertThat(ws.extensions()).isEmpty();
          assertThat(ws.binaryType()).isEqualTo("blob");
          assertThat(ws.bufferedAmount()).isZero();
          ws.onOpen(event -> {
            add("open " + (event.target() == ws) + " " + event.type());
            ws.close();
          });
        });
    happens("open true open");
  }

  @Test
  void sendsTheHandshakeOfTheStandard() {
    CompletableFuture<String> told = new CompletableFuture<>();
    TcpServer server =
        heads((socket, head) -> {
          told.complete(head);
          socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        });
    client(
        url(server) + "path?query",
        List.of("a", "b"),
        WebSocketOptions.defaults().withHeaders(Map.of("X-Token", "secret")),
        this::hear);
    String head = get(told);
    assertThat(head).startsWith("GET /path?query HTTP/1.1\r\n");
    assertThat(head.lines().map(line -> line.replaceAll("Key: .{22}==$", "Key: ...")))
        .contains(
            "Host: 127.0.0.1:" + server.address().port(),
            "X-Token: secret",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: ...",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: a,b",
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                + " client_no_context_takeover; client_max_window_bits");
    comes("close 1006 3");
  }

  // Messages

  @Test
  void talksAsTheFirstExampleDoes() {
    client(
        url(echo(options())),
        ws -> {
          ws.onOpen(event -> ws.send("Hello WebSockets!"));
          ws.onMessage(event -> {
            add(
                event.type()
                    + " "
                    + event.data()
                    + " "
                    + event.origin()
                    + " "
                    + event.lastEventId());
            ws.close();
          });
          ws.onClose(event -> add(event.type() + " " + told(event) + " " + ws.readyState()));
        });
    await().until(() -> events.size() == 2);
    assertThat(events.get(0)).matches("message Hello WebSockets! ws://127\\.0\\.0\\.1:\\d+ ");
    assertThat(events.get(1)).isEqualTo("close 1005 clean 3");
  }

  @Test
  void handsOutBytesByItsBinaryType() {
    byte[] bytes = {0, -1, 7};
    client(
        url(echo(options())),
        ws -> {
          ws.onOpen(event -> {
            ws.send("text");
            ws.send(bytes);
          });
          ws.onMessage(event -> {
            switch (event.data()) {
              case String text -> add("text " + text + " " + event.bytes().length());
              case Blob blob -> {
                add("blob " + blob.size() + " '" + blob.type() + "' " + event.bytes().length());
                assertThat(blob.bytes().toByteArray()).isEqualTo(bytes);
                ws.binaryType("unknown");
                assertThat(ws.binaryType()).isEqualTo("blob");
                ws.binaryType("arraybuffer").send(Blob.of(Buffer.from("buffer")));
              }
              case Buffer buffer -> {
                add("buffer " + buffer.length() + " " + event.text());
                ws.close();
              }
              default -> add("unknown");
            }
          });
        });
    happens("text text 4", "blob 3 '' 3", "buffer 6 buffer");
  }

  @Test
  void replacesLoneSurrogates() {
    client(
        url(echo(options())),
        ws -> {
          ws.onOpen(event -> ws.send("a\ud800b\udc00"));
          ws.onMessage(event -> {
            add(event.text());
            ws.close();
          });
        });
    happens("a\ufffdb\ufffd");
  }

  @Test
  void throwsAnInvalidStateErrorForWhatIsSentWhileConnecting() {
    client(
        url(echo(options())),
        ws -> {
          hear(ws);
          for (Runnable send : List.<Runnable>of(() -> ws.send("x"), () -> ws.send(new byte[1]))) {
            assertThatThrownBy(send::run)
                .extracting(error -> ((NetException) error).code())
                .isEqualTo("InvalidStateError");
          }
          assertThat(ws.bufferedAmount()).isZero();
        });
    happens("open 1");
  }

  @Test
  void countsWhatIsSentUntilItIsWithTheSystem() {
    WebSocketServer server = serve(options().withMaxPayload(20_000_000), socket -> {});
    WebSocket ws =
        client(
            url(server),
            opened ->
                opened.onOpen(event -> {
                  opened.send("é");
                  assertThat(opened.bufferedAmount()).isEqualTo(2);
                  opened.send(Buffer.from(new byte[10_000_000]));
                  assertThat(opened.bufferedAmount()).isEqualTo(10_000_002);
                  add("sent");
                }));
    happens("sent");
    await().until(() -> ws.bufferedAmount() == 0);
    doOnLoop(() -> {
      ws.close();
      ws.send("dropped");
      assertThat(ws.bufferedAmount()).isEqualTo(7);
    });
    await().until(() -> ws.readyState() == WebSocket.CLOSED);
    ws.send("too");
    assertThat(ws.bufferedAmount()).isEqualTo(10);
  }

  @Test
  void dropsMessagesThatComeAfterClose() {
    client(
        url(opening(plain(FIN | 1, "one"), plain(FIN | 1, "two"))),
        ws -> {
          hear(ws);
          ws.onMessage(event -> {
            ws.close(1000);
            add("state " + ws.readyState());
          });
        });
    await().until(() -> events.contains("state 2"));
    settle();
    assertThat(events).containsExactly("open 1", "message one", "state 2");
  }

  // Closing

  @Test
  void closesWithoutACodeOrWithOne() {
    CompletableFuture<WebSocketConnection> at = new CompletableFuture<>();
    WebSocketServer server = serve(at::complete);
    WebSocket ws = heard(url(server));
    comes("open 1");
    doOnLoop(() -> {
      ws.close(3001, "bye");
      assertThat(ws.readyState()).isEqualTo(WebSocket.CLOSING);
      ws.close(4000, "again");
      ws.close();
    });
    happens("open 1", "close 3001 'bye' clean 3");
    doOnLoop(() -> ws.close());
    settle();
    assertThat(events).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1001, 1005, 1006, 1011, 2999, 5000, -1, 65_536 + 1000})
  void throwsAnInvalidAccessErrorForOtherCodes(int code) {
    WebSocket ws = heard(url(echo(options())));
    comes("open 1");
    for (Runnable close : List.<Runnable>of(() -> ws.close(code), () -> ws.close(code, "r"))) {
      assertThatThrownBy(close::run)
          .hasMessageContaining("" + code)
          .extracting(error -> ((NetException) error).code())
          .isEqualTo("InvalidAccessError");
    }
    assertThat(ws.readyState()).isEqualTo(WebSocket.OPEN);
  }

  @Test
  void throwsASyntaxErrorForALongReason() {
    WebSocket ws = heard(url(echo(options())));
    comes("open 1");
    assertThatThrownBy(() -> ws.close(1000, "é".repeat(62)))
        .extracting(error -> ((NetException) error).code())
        .isEqualTo("SyntaxError");
    assertThat(ws.readyState()).isEqualTo(WebSocket.OPEN);
    ws.close(1000, "é".repeat(61) + "x");
    comes("close 1000 '" + "é".repeat(61) + "x' clean 3");
  }

  @Test
  void tellsTheServersCode() {
    heard(url(serve(socket -> socket.close(4001, "srv"))));
    happens("open 1", "close 4001 'srv' clean 3");
    events.clear();
    heard(url(opening(plain(FIN | 8, ""))));
    comes("open 1");
  }

  @Test
  void tells1005WhereTheServerGivesNone() {
    TcpServer server =
        heads((socket, head) -> {
          socket.write(Buffer.from(RawClient.latin1(answer(head, ""))));
          socket.end(Buffer.from(plain(FIN | 8, "")));
        });
    heard(url(server));
    happens("open 1", "close 1005 clean 3");
  }

  @Test
  void tellsAnErrorAnd1006WhereTheServerVanishes() {
    heard(url(serve(WebSocketConnection::terminate)));
    await().until(() -> events.stream().anyMatch(event -> event.startsWith("close")));
    assertThat(events).last().isEqualTo("close 1006 3");
    assertThat(events).filteredOn(event -> event.startsWith("error ECONN")).hasSize(1);
  }

  @Test
  void waitsForTheServersEndNoLongerThanItSays() {
    WebSocketOptions quick = WebSocketOptions.defaults().withCloseTimeout(Duration.ofMillis(50));
    WebSocket ws = heard(url(opening()), quick);
    comes("open 1");
    doOnLoop(() -> ws.close());
    comes("close 1006 3");
  }

  @Test
  void closesBeforeItIsOpen() {
    WebSocketServer server = serve(socket -> add("server"));
    client(
        url(server),
        ws -> {
          hear(ws);
          ws.close();
          assertThat(ws.readyState()).isEqualTo(WebSocket.CLOSING);
          ws.close();
          assertThat(events).isEmpty();
          ws.send("dropped");
        });
    happens("error ERR_WS_CLOSED_BEFORE_OPEN 3", "close 1006 3");
  }

  @Test
  void closesRightAfterItIsMadeFromAnotherThread() {
    WebSocketServer server = serve(socket -> {});
    WebSocket ws = heard(url(server));
    ws.close();
    await().until(() -> ws.readyState() == WebSocket.CLOSED);
  }

  @Test
  void closesInTheMiddleOfTheHandshake() {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> gone = new CompletableFuture<>();
    TcpServer server =
        heads((socket, head) -> {
          socket.onClose(cause -> gone.complete(null));
          asked.complete(null);
        });
    WebSocket ws = heard(url(server));
    get(asked);
    ws.close();
    happens("error ERR_WS_CLOSED_BEFORE_OPEN 3", "close 1006 3");
    get(gone);
  }

  // What goes wrong

  @Test
  void tellsThatTheConnectionWasRefused() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    client(
        "ws://127.0.0.1:" + port,
        ws -> {
          hear(ws);
          ws.onError(event -> add(event.type() + " " + event.message()));
        });
    happens("error ECONNREFUSED 3", "error connect ECONNREFUSED 127.0.0.1:" + port, "close 1006 3");
  }

  @Test
  void tellsThatAServerRefuses() {
    heard(url(serve(socket -> {}).close()));
    happens("error ERR_WS_HANDSHAKE 3", "close 1006 3");
  }

  @Test
  void tellsThatAServerSaysNothing() {
    heard(
        url(raw(socket -> socket.onData(data -> {}))),
        WebSocketOptions.defaults().withHandshakeTimeout(Duration.ofMillis(100)));
    happens("error ETIMEDOUT 3", "close 1006 3");
  }

  @Test
  void tellsThatAServerEndsInsteadOfAnswering() {
    heard(url(heads((socket, head) -> socket.end())));
    happens("error ECONNRESET 3", "close 1006 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        """
        HTTP/1.1 101 X
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

        """
      })
  void tellsThatTheAnswerOpensNothing(String answer) {
    String lines = answer.replace("\r\n", "\n").replace("\n", "\r\n");
    heard(url(heads((socket, head) -> socket.write(lines))));
    happens("error ERR_WS_HANDSHAKE 3", "close 1006 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upgrade: websocket | Upgrade: h2c",
        "Connection: Upgrade | Connection: Upgrades",
        "Sec-WebSocket-Accept: | Sec-WebSocket-Accept: x",
        "Connection: Upgrade | Connection: Upgrade\\Sec-WebSocket-Protocol: unasked",
        "Connection: Upgrade | Connection: Upgrade\\Sec-WebSocket-Extensions: other",
        "Connection: Upgrade | Connection: Upgrade\\Sec-WebSocket-Extensions: a;",
        "Connection: Upgrade"
            + "| Connection: Upgrade\\Sec-WebSocket-Extensions: permessage-deflate; x=1"
      })
  void checksEachLineOfTheAnswer(String right, String wrong) {
    heard(
        url(
            heads((socket, head) ->
                socket.write(answer(head, "").replace(right, wrong.replace("\\", "\r\n"))))));
    happens("error ERR_WS_HANDSHAKE 3", "close 1006 3");
  }

  @Test
  void takesTheProtocolThatTheServerChoosesAndNoOther() {
    String[] chosen = {"b"};
    TcpServer server =
        heads((socket, head) -> {
          String line = chosen[0].isEmpty() ? "" : "Sec-WebSocket-Protocol: " + chosen[0] + "\r\n";
          socket.write(answer(head, line));
        });
    Consumer<WebSocket> tells =
        ws -> {
          hear(ws);
          ws.onOpen(event -> add("protocol " + ws.protocol()));
        };
    client(url(server), List.of("a", "b"), WebSocketOptions.defaults(), tells);
    happens("open 1", "protocol b");
    for (String wrong : List.of("c", "", "B", "a, b")) {
      events.clear();
      chosen[0] = wrong;
      client(url(server), List.of("a", "b"), WebSocketOptions.defaults(), tells);
      happens("error ERR_WS_HANDSHAKE 3", "close 1006 3");
    }
  }

  @Test
  void refusesExtensionsWhereItHasOfferedNone() {
    TcpServer server =
        heads((socket, head) -> {
          assertThat(head).doesNotContain("Sec-WebSocket-Extensions");
          socket.write(answer(head, "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
        });
    heard(url(server), WebSocketOptions.defaults().withDeflate(null));
    happens("error ERR_WS_HANDSHAKE 3", "close 1006 3");
  }

  @ParameterizedTest
  @CsvSource({
    "81 81 00 00 00 00 41, 1002, WS_ERR_UNEXPECTED_MASK",
    "83 00, 1002, WS_ERR_INVALID_OPCODE",
    "c1 01 41, 1002, WS_ERR_UNEXPECTED_RSV_1",
    "81 01 ff, 1007, WS_ERR_INVALID_UTF8",
    "88 02 03 ed, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "82 7f 00 00 00 00 07 00 00 00, 1009, WS_ERR_UNSUPPORTED_MESSAGE_LENGTH"
  })
  void failsTheConnectionOfAServerThatBreaksTheRules(String bytes, int closeCode, String code) {
    CompletableFuture<String> answered = new CompletableFuture<>();
    TcpServer server =
        raw(socket -> {
          boolean[] shaken = {false};
          socket.onData(data -> {
            if (shaken[0]) {
              answered.complete(Frames.hex(data.toByteArray()));
              socket.end();
            } else {
              shaken[0] = true;
              socket.write(answer(data.toString(), ""));
              socket.write(Buffer.from(Frames.hex(bytes)));
            }
          });
        });
    heard(url(server));
    happens("open 1", "error " + code + " 2", "close 1006 3");
    byte[] frame = Frames.hex(get(answered));
    assertThat(frame).hasSize(8).startsWith((byte) 0x88, (byte) 0x82);
    int told = ((frame[6] ^ frame[2]) & 0xff) << 8 | ((frame[7] ^ frame[3]) & 0xff);
    assertThat(told).isEqualTo(closeCode);
  }

  @Test
  void readsFramesThatCameWithTheAnswer() {
    TcpServer server =
        heads((socket, head) ->
            socket.write(
                Buffer.from(
                    Frames.join(
                        RawClient.latin1(answer(head, "")),
                        plain(FIN | 1, "at once"),
                        plain(FIN | 9, "p"),
                        plain(FIN | 8, closePayload(1000, ""))))));
    WebSocket ws = heard(url(server));
    await().until(() -> events.contains("message at once"));
    assertThat(events.getFirst()).isEqualTo("open 1");
    await().until(() -> ws.readyState() == WebSocket.CLOSING);
  }

  // Listeners

  @Test
  void tellsListenersInTheirOrderAndOnceWhoWantsThat() {
    client(
        url(echo(options())),
        ws -> {
          Consumer<Event> gone = event -> add("gone");
          ws.addEventListener("message", event -> add("first " + event.type()));
          ws.addEventListener("message", event -> add("once"), true);
          ws.addEventListener("message", gone);
          ws.addEventListener(WebSocket.MESSAGE, event -> add("typed " + event.text()));
          ws.removeEventListener("message", gone).removeEventListener("message", "unknown");
          ws.addEventListener("unknown", event -> add("never"))
              .removeEventListener("unknown", gone);
          ws.addEventListener(
              WebSocket.OPENED,
              event -> {
                ws.send("1");
                ws.send("2");
              });
          ws.addEventListener(WebSocket.CLOSE, event -> add("closed " + event.code()));
          ws.addEventListener(WebSocket.ERROR, event -> add("error"));
          ws.addEventListener("open", event -> add("opened"), true);
          ws.addEventListener("close", event -> add("close once"), true);
          ws.onMessage(event -> {
            if (event.text().equals("2")) {
              ws.close(1000);
            }
          });
        });
    happens(
        "opened",
        "first message",
        "once",
        "typed 1",
        "first message",
        "typed 2",
        "closed 1000",
        "close once");
  }

  @Test
  void costsOnlyTheConnectionWhereAListenerThrows() {
    client(
        url(echo(options())),
        ws -> {
          ws.onOpen(event -> ws.send("x"));
          ws.onMessage(event -> {
            throw new IllegalStateException("of the test");
          });
          ws.onMessage(event -> add("told"));
          ws.onClose(event -> add("close " + told(event)));
        });
    happens("told", "close 1011 clean");
    assertThat(Uncaught.next()).hasMessage("of the test");
  }

  @Test
  void isUsedFromAnyThread() {
    WebSocket ws = new WebSocket(url(echo(options())));
    CompletableFuture<Object> message = new CompletableFuture<>();
    CompletableFuture<Void> open = new CompletableFuture<>();
    CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
    ws.onMessage(event -> message.complete(event.data()));
    ws.onClose(closed::complete);
    ws.onOpen(event -> open.complete(null));
    get(open);
    ws.send("from the test's thread");
    assertThat(get(message)).isEqualTo("from the test's thread");
    ws.close(1000, "done");
    assertThat(ws.readyState()).isGreaterThanOrEqualTo(WebSocket.CLOSING);
    assertThat(get(closed).code()).isEqualTo(1000);
  }

  // Compression

  @Test
  void compressesWhatIsLongEnoughWhereTheServerAgrees() {
    WebSocketServer server = echo(options().withDeflate(DeflateOptions.defaults()));
    String longText = "compressible ".repeat(10_000);
    client(
        url(server),
        ws -> {
          ws.onOpen(event -> {
            add(ws.extensions());
            ws.send(longText);
            ws.send("short");
          });
          ws.onMessage(event -> {
            add("" + event.data().equals(longText));
            if (events.size() == 3) {
              ws.close();
            }
          });
        });
    happens(
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "true",
        "false");
  }

  // Reconnecting

  private static WebSocketOptions again(long millis, int attempts) {
    return WebSocketOptions.defaults()
        .withReconnect(
            new Reconnect(Duration.ofMillis(millis), Duration.ofMillis(4 * millis), attempts));
  }

  @Test
  void connectsAgainWhereTheConnectionWasLost() {
    AtomicInteger count = new AtomicInteger();
    WebSocketServer server =
        serve(socket -> {
          int which = count.incrementAndGet();
          socket.send("" + which);
          if (which == 1) {
            loop.setTimeout(10, socket::terminate);
          } else if (which == 2) {
            socket.close(1012);
          } else {
            socket.close(1000);
          }
        });
    WebSocket ws = heard(url(server), again(5, 3));
    comes("close 1000 clean 3");
    settle();
    assertThat(events)
        .filteredOn(event -> !event.startsWith("error"))
        .containsExactly(
            "open 1",
            "message 1",
            "close 1006 3",
            "open 1",
            "message 2",
            "close 1012 clean 3",
            "open 1",
            "message 3",
            "close 1000 clean 3");
    assertThat(ws.readyState()).isEqualTo(WebSocket.CLOSED);
  }

  @Test
  void givesUpAfterSoManyFailuresInARow() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    heard("ws://127.0.0.1:" + port, again(2, 3));
    await().until(() -> events.size() == 8);
    settle();
    assertThat(events)
        .filteredOn(event -> event.startsWith("error"))
        .hasSize(4)
        .containsOnly("error ECONNREFUSED 3");
  }

  @Test
  void connectsNoMoreAfterClose() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    WebSocket ws = heard("ws://127.0.0.1:" + port, again(60_000, 3));
    happens("error ECONNREFUSED 3", "close 1006 3");
    doOnLoop(() -> ws.close());
    // NothingLeaks finds no timer.
    assertThat(ws.readyState()).isEqualTo(WebSocket.CLOSED);
  }

  @Test
  void refusesTimesThatAreNone() {
    assertThatThrownBy(() -> new Reconnect(Duration.ZERO, Duration.ofSeconds(1), 1))
        .isInstanceOf(NetException.class);
    assertThatThrownBy(() -> new Reconnect(Duration.ofSeconds(2), Duration.ofSeconds(1), 1))
        .isInstanceOf(NetException.class);
    assertThatThrownBy(() -> new Reconnect(Duration.ofSeconds(1), Duration.ofSeconds(1), 0))
        .isInstanceOf(NetException.class);
    assertThatThrownBy(() -> WebSocketOptions.defaults().withMaxPayload(0))
        .isInstanceOf(NetException.class);
    assertThatThrownBy(() -> WebSocketOptions.defaults().withHandshakeTimeout(Duration.ZERO))
        .isInstanceOf(NetException.class);
  }
}
