package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.http.Agent;
import io.netloop.http.AgentOptions;
import io.netloop.http.ClientRequest;
import io.netloop.http.ClientResponse;
import io.netloop.http.Http;
import io.netloop.http.Http2Options;
import io.netloop.http.Http2Use;
import io.netloop.http.HttpServer;
import io.netloop.http.HttpServerOptions;
import io.netloop.http.RequestOptions;
import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WebSockets over streams of HTTP/2 (RFC 8441): the same connection for the program. */
class Http2WebSocketTest extends WsTest {
  private static final HttpServerOptions HTTP2 =
      HttpServerOptions.defaults().withHttp2(Http2Options.defaults().withPriorKnowledge(true));

  private final Agent agent = new Agent(AgentOptions.defaults().withKeepAlive(true));

  @AfterEach
  void closeConnections() {
    agent.destroy();
  }

  /** A client's end of a tunnel: frames in and out, byte by byte. */
  private final class Tunnel {
    final ClientRequest request;
    final CompletableFuture<ClientResponse> response = new CompletableFuture<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    Tunnel(HttpServer server, String path, String... headers) {
      RequestOptions options =
          RequestOptions.port(server.address().port())
              .withHost("127.0.0.1")
              .withMethod("CONNECT")
              .withPath(path)
              .withAgent(agent)
              .withHttp2(Http2Use.PRIOR_KNOWLEDGE)
              .withTunnelProtocol("websocket");
      for (int i = 0; i < headers.length; i += 2) {
        options = options.withHeader(headers[i], headers[i + 1]);
      }
      RequestOptions all = options;
      request =
          onLoop(() -> {
            ClientRequest asked = Http.request(all);
            asked.onResponse(this::answered);
            asked.onError(error -> events.add("error " + error.code()));
            asked.flushHeaders();
            return asked;
          });
    }

    private void answered(ClientResponse answer) {
      answer
          .onData(data -> {
            synchronized (heard) {
              heard.writeBytes(data.toByteArray());
            }
          })
          .onEnd(() -> events.add("client end"));
      response.complete(answer);
    }

    int status() {
      return response.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join().statusCode();
    }

    Tunnel send(byte[] bytes) {
      request.write(Buffer.from(bytes));
      return this;
    }

    void hears(byte[] bytes) {
      String wanted = HexFormat.of().formatHex(bytes);
      await()
          .untilAsserted(() -> {
            synchronized (heard) {
              assertThat(HexFormat.of().formatHex(heard.toByteArray())).isEqualTo(wanted);
            }
          });
    }
  }

  private HttpServer serving(WebSocketServerOptions options) {
    HttpServer http = Http.createServer(HTTP2, (q, r) -> r.end("page"));
    WebSocketServer server = onLoop(() -> WebSockets.attach(http, options, opened -> {}));
    onLoop(() ->
        server.onConnection(socket -> {
          events.add("open " + socket.request().url() + " " + socket.protocol());
          socket.onMessage(message -> {
            events.add("message " + message);
            socket.send(message);
          });
          socket.onClose(event -> events.add("close " + event.code() + " " + event.wasClean()));
        }));
    return listen(http);
  }

  private void tells(String... lines) {
    await().untilAsserted(() -> assertThat(events).containsExactly(lines));
  }

  private static String[] version13(String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "Sec-WebSocket-Version";
    all[1] = "13";
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }

  @Test
  void sendsAndReceivesAndCloses() {
    HttpServer server = serving(options().withPath("/chat"));
    Tunnel tunnel = new Tunnel(server, "/chat?a", version13());
    assertThat(tunnel.status()).isEqualTo(200);

    tunnel.send(Frames.text("hello")).hears(Frames.plain(Frames.FIN | 1, "hello"));
    tunnel.send(Frames.close(1000, "bye"));
    await().until(() -> events.contains("client end"));
    tunnel.request.end();

    tells("open /chat?a ", "message hello", "client end", "close 1000 true");
  }

  @Test
  void sharesAConnectionWithPagesAndOtherWebSockets() throws Exception {
    HttpServer server = serving(options());
    Tunnel one = new Tunnel(server, "/1", version13());
    Tunnel two = new Tunnel(server, "/2", version13());
    assertThat(one.status() + two.status()).isEqualTo(400);

    one.send(Frames.text("1")).hears(Frames.plain(Frames.FIN | 1, "1"));
    two.send(Frames.text("2")).hears(Frames.plain(Frames.FIN | 1, "2"));

    assertThat(server.stats().accepted()).isEqualTo(1);
    assertThat(server.stats().requests()).isEqualTo(2);
  }

  @Test
  void agreesOnASubprotocol() {
    HttpServer server = serving(options());
    Tunnel tunnel = new Tunnel(server, "/", version13("Sec-WebSocket-Protocol", "a, b"));

    assertThat(tunnel.status()).isEqualTo(200);
    ClientResponse response = tunnel.response.join();
    assertThat(response.header("sec-websocket-protocol")).isEqualTo("a");
    assertThat(response.header("sec-websocket-accept")).isNull();
    assertThat(response.header("upgrade")).isNull();
    tells("open / a");
  }

  @Test
  void refusesWithTheStatusThatAnUpgradeGets() {
    HttpServer server = serving(options().withPath("/chat"));

    assertThat(new Tunnel(server, "/other", version13()).status()).isEqualTo(400);
    Tunnel old = new Tunnel(server, "/chat", "Sec-WebSocket-Version", "8");
    assertThat(old.status()).isEqualTo(426);
    assertThat(old.response.join().header("sec-websocket-version")).isEqualTo("13");
  }

  @Test
  void closesOneThatBreaksTheRulesAndNoOther() {
    HttpServer server = serving(options());
    Tunnel wrong = new Tunnel(server, "/", version13());
    Tunnel right = new Tunnel(server, "/", version13());
    assertThat(wrong.status() + right.status()).isEqualTo(400);

    wrong.send(HexFormat.of().parseHex("c100")); // a bit that nobody has agreed on

    wrong.hears(HexFormat.of().parseHex("880203ea"));
    right.send(Frames.text("on")).hears(Frames.plain(Frames.FIN | 1, "on"));
  }

  @Test
  void noticesAClientThatVanishes() {
    HttpServer server = serving(options());
    Tunnel tunnel = new Tunnel(server, "/", version13());
    assertThat(tunnel.status()).isEqualTo(200);

    onLoop(() -> {
      tunnel.request.destroy();
      return null;
    });

    await().until(() -> events.contains("close 1006 false"));
  }

  @Test
  void closesAllWhenTheServerDrains() {
    HttpServer server = serving(options());
    Tunnel tunnel = new Tunnel(server, "/", version13());
    assertThat(tunnel.status()).isEqualTo(200);

    server.drain(Duration.ofSeconds(5));

    tunnel.hears(HexFormat.of().parseHex("880203e9"));
    tunnel.send(Frames.close(1001, ""));
    await().until(() -> events.contains("close 1001 true"));
  }

  @Test
  void holdsBackAClientWhoseMessagesWait() {
    HttpServer http = Http.createServer(HTTP2, (q, r) -> r.end("page"));
    WebSocketServer server = onLoop(() -> WebSockets.attach(http, options(), opened -> {}));
    onLoop(() ->
        server.onConnection(socket -> {
          socket.pause();
          socket.onMessage(message -> events.add("message " + message.length()));
        }));
    listen(http);
    Tunnel tunnel = new Tunnel(http, "/", version13());
    assertThat(tunnel.status()).isEqualTo(200);
    byte[] frame = Frames.binary(new byte[60_000]);
    for (int i = 0; i < 40; i++) {
      tunnel.send(frame);
    }
    await().until(() -> tunnel.request.writableNeedDrain());
    assertThat(events).isEmpty();

    onLoop(() -> {
      server.clients().forEach(WebSocketConnection::resume);
      return null;
    });

    await().until(() -> events.size() == 40);
  }
}
