package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import io.netloop.loop.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that others have written: Node's http, and the one that comes with the JDK. */
@Tag("once")
class ClientPeersTest extends ClientTest {
  private static final String NODE_SERVER =
      """
      const http = require('http');
      const zlib = require('zlib');
      const server = http.createServer((req, res) => {
        const url = req.url;
        if (url === '/echo') {
          res.writeHead(200, {'X-Method': req.method, 'X-Framing':
              req.headers['transfer-encoding'] || req.headers['content-length'] || 'none'});
          req.pipe(res);
        } else if (url === '/port') {
          res.end(String(req.socket.remotePort));
        } else if (url === '/gzip') {
          res.writeHead(200, {'Content-Encoding': 'gzip'});
          res.end(zlib.gzipSync('hello '.repeat(1000)));
        } else if (url === '/deflate') {
          res.writeHead(200, {'Content-Encoding': 'deflate'});
          res.end(zlib.deflateSync('hello'));
        } else if (url === '/trailers') {
          res.writeHead(200, {Trailer: 'X-Sum'});
          res.write('a');
          res.addTrailers({'X-Sum': '1'});
          res.end('b');
        } else if (url === '/hints') {
          res.writeEarlyHints({link: '</a.css>; rel=preload'});
          res.writeProcessing();
          res.end('done');
        } else if (url === '/big') {
          res.end(Buffer.alloc(5e6, 'abcdefg'));
        } else if (url === '/die') {
          res.writeHead(200, {'Content-Length': 100});
          res.write('x', () => req.socket.destroy());
        } else if (url === '/304') {
          res.statusCode = 304;
          res.end();
        } else if (url === '/moved') {
          res.writeHead(302, {Location: '/port'});
          res.end();
        } else {
          res.statusCode = 404;
          res.end();
        }
      });
      server.on('checkContinue', (req, res) => { res.writeContinue(); server.emit('request', req, res); });
      server.on('upgrade', (req, socket, head) => {
        socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: echo\\r\\nConnection: Upgrade\\r\\n\\r\\n');
        socket.pipe(socket);
      });
      server.on('connect', (req, socket) => { socket.end('HTTP/1.1 200 OK\\r\\n\\r\\n' + req.url); });
      server.listen(0, '127.0.0.1', () => console.log(server.address().port));
      process.stdin.on('data', () => {}).on('end', () => process.exit());
      """;

  private static Process node;
  private static int nodePort;

  @BeforeAll
  static void startNode() {
    try {
      node = new ProcessBuilder("node", "-e", NODE_SERVER).start();
      BufferedReader out =
          new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
      nodePort = Integer.parseInt(out.readLine());
    } catch (IOException none) {
      node = null;
    }
  }

  @AfterAll
  static void endNode() {
    if (node != null) {
      node.destroyForcibly().onExit().join();
    }
  }

  private RequestOptions toNode(String path) {
    assumeTrue(node != null, "node is not installed");
    return RequestOptions.port(nodePort).withHost("127.0.0.1").withPath(path);
  }

  private FetchResponse fetchFromNode(String path, FetchOptions options) {
    toNode(path);
    return join(Http.fetch("http://127.0.0.1:" + nodePort + path, options));
  }

  @Test
  void nodeUnderstandsEveryBody() {
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "GET", "OPTIONS")) {
      Exchange whole = exchange(toNode("/echo").withMethod(method), r -> r.end("hello"));
      Exchange parts =
          exchange(
              toNode("/echo").withMethod(method),
              r -> {
                r.write("he");
                r.end("llo");
              });

      assertThat(whole.body()).describedAs(method).isEqualTo("hello");
      assertThat(parts.body()).describedAs(method).isEqualTo("hello");
      assertThat(whole.response.join().header("x-framing")).isEqualTo("5");
      assertThat(parts.response.join().header("x-framing")).isEqualTo("chunked");
    }
  }

  @Test
  void nodeSeesNoBodyWhereThereIsNone() {
    Exchange get = get(toNode("/echo"));
    Exchange post = get(toNode("/echo").withMethod("POST"));
    Exchange head = get(toNode("/echo").withMethod("HEAD"));

    assertThat(get.body()).isEmpty();
    assertThat(post.body()).isEmpty();
    assertThat(head.body()).isEmpty();
    assertThat(get.response.join().header("x-framing")).isEqualTo("none");
    assertThat(post.response.join().header("x-framing")).isEqualTo("0");
    assertThat(head.response.join().header("x-method")).isEqualTo("HEAD");
  }

  @Test
  void nodeServesSeveralRequestsOfOneConnection() {
    List<String> ports = new ArrayList<>();
    Agent agent = keeping();
    for (int i = 0; i < 20; i++) {
      ports.add(get(toNode("/port").withAgent(agent)).body());
      get(toNode("/304").withAgent(agent)).over();
    }

    assertThat(ports).hasSize(20).doesNotContain("");
    assertThat(ports.stream().distinct()).hasSize(1);
  }

  @Test
  void nodesTrailersCome() {
    Exchange exchange = get(toNode("/trailers"));

    assertThat(exchange.body()).isEqualTo("ab");
    assertThat(exchange.response.join().trailers().get("x-sum")).isEqualTo("1");
  }

  @Test
  void nodesHintsCome() {
    Exchange exchange = get(toNode("/hints"));

    assertThat(exchange.body()).isEqualTo("done");
    assertThat(exchange.events()).contains("C information 103", "C information 102");
  }

  @Test
  void nodesLargeBodyComesWhole() {
    assertThat(get(toNode("/big")).body().length()).isEqualTo(5_000_000);
  }

  @Test
  void aNodeThatDiesIsTold() {
    Exchange exchange = get(toNode("/die"));
    exchange.over();

    assertThat(exchange.events()).contains("P aborted", "P error ECONNRESET aborted");
  }

  @Test
  void nodeIsAskedBeforeABody() {
    Exchange exchange =
        exchange(
            toNode("/echo").withMethod("POST").withHeader("Expect", "100-continue"),
            r -> r.onContinue(() -> r.end("after")));

    assertThat(exchange.body()).isEqualTo("after");
  }

  @Test
  void nodeUpgrades() {
    CompletableFuture<String> echo = new CompletableFuture<>();
    exchange(
            toNode("/").withHeaders(Map.of("Connection", "Upgrade", "Upgrade", "echo")),
            r ->
                r.onUpgrade(
                        (response, socket, head) -> {
                          socket.onData(data -> {
                            echo.complete(response.statusCode() + " " + data);
                            socket.destroy();
                          });
                          socket.write("hello");
                        })
                    .end())
        .over();

    assertThat(join(echo)).isEqualTo("101 hello");
  }

  @Test
  void nodeMakesATunnel() {
    CompletableFuture<String> got = new CompletableFuture<>();
    exchange(
            toNode("example.test:443").withMethod("CONNECT"),
            r ->
                r.onConnect(
                        (response, socket, head) -> {
                          StringBuilder all = new StringBuilder(head.toString());
                          socket.onData(all::append);
                          socket.onEnd(() -> got.complete(all.toString()));
                        })
                    .end())
        .over();

    assertThat(join(got)).isEqualTo("example.test:443");
  }

  @Test
  void fetchesWhatNodeHasCompressed() {
    assertThat(fetchFromNode("/gzip", FetchOptions.defaults()).text())
        .isEqualTo("hello ".repeat(1000));
    assertThat(fetchFromNode("/deflate", FetchOptions.defaults()).text()).isEqualTo("hello");
    assertThat(fetchFromNode("/moved", FetchOptions.defaults()).redirected()).isTrue();
    FetchOptions echo = FetchOptions.defaults().withMethod("POST").withBody("\u00e9");
    assertThat(fetchFromNode("/echo", echo).text()).isEqualTo("\u00e9");
  }

  /** The server that comes with the JDK, for one test. */
  private static com.sun.net.httpserver.HttpServer jdkServer() throws IOException {
    com.sun.net.httpserver.HttpServer server =
        com.sun.net.httpserver.HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", ClientPeersTest::echo);
    server.start();
    return server;
  }

  private static void echo(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean isLong = body.length > 10;
      exchange.sendResponseHeaders(200, isLong ? 0 : body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void theServerOfTheJdkUnderstandsUs() throws IOException {
    com.sun.net.httpserver.HttpServer server = jdkServer();
    Agent agent = keeping();
    RequestOptions options =
        RequestOptions.port(server.getAddress().getPort())
            .withHost("127.0.0.1")
            .withMethod("POST")
            .withAgent(agent);
    try {
      assertThat(exchange(options, r -> r.end("short")).body()).isEqualTo("short");
      assertThat(get(options).body()).isEmpty();
      Exchange chunked =
          exchange(
              options,
              r -> {
                r.write("x".repeat(100_000));
                r.end("y");
              });
      assertThat(chunked.body()).hasSize(100_001);
      assertThat(chunked.request.reusedSocket()).isTrue();
      assertThat(chunked.response.join().header("transfer-encoding")).isEqualTo("chunked");
    } finally {
      agent.destroy();
      await().until(() -> agent.freeSockets().isEmpty());
      server.stop(0);
    }
  }

  @Test
  void bytesOfEveryValueSurvive() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < 256; i++) {
      bytes[i] = (byte) i;
    }
    FetchOptions options = FetchOptions.defaults().withMethod("POST").withBody(Buffer.from(bytes));

    assertThat(fetchFromNode("/echo", options).bytes()).isEqualTo(Buffer.from(bytes));
  }
}
