package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.NothingLeaks;
import io.netloop.loop.AbortController;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same clients in Node and here, of the same server: what both record of their requests and
 * responses must be the same, in the same order, but for the {@link #DIFFERENCES}.
 */
@ExtendWith(NothingLeaks.class)
@Tag("once") // the order of events does not hang on the transport
class ClientSideBySideTest extends ClientTest {
  private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi";
  private static final String CHUNKS =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n";
  private static final String LAST =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
  private static final String SWITCH =
      "HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";

  /** Programs may wait for time; on a busy machine that can be too short once. */
  private static final int TRIES = 3;

  /** Where we differ: the lines of Node with ours in their place, and the reason in the program. */
  private static final Map<String, List<String>> DIFFERENCES =
      Map.of(
          // An answer that is whole is no error; what follows it costs the connection only.
          "bytes behind the response",
          List.of(
              "C socket",
              "C finish",
              "C response 200",
              "P data hi",
              "P end",
              "P close true",
              "C close"),
          // A response of status 101 is not one of HTTP any more.
          "101 without Upgrade",
          List.of("C socket", "C finish", "C close"),
          // 'abort' tells of what the program has done, before what follows from it.
          "abort at once",
          List.of("C abort", "C close"));

  /** One client in both languages, and what the server does with each request. */
  record Program(
      String name, BiConsumer<TcpSocket, String> server, String node, Consumer<Ours> ours) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What our half uses: the same as the class Part of client-side-by-side.js, name by name. */
  final class Ours {
    final List<String> lines = new ArrayList<>();
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final int port;
    private final Agent agent =
        agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    private int open;

    Ours(int port) {
      this.port = port;
    }

    void log(String line) {
      lines.add(line);
    }

    void error(String who, NetException e) {
      log(who + " error " + e.code() + (e.code().startsWith("HPE_") ? "" : " " + e.getMessage()));
    }

    void later(long millis, Runnable task) {
      loop.setTimeout(millis, task);
    }

    void close() {
      if (--open == 0) {
        loop.setTimeout(10, () -> done.complete(null));
      }
    }

    RequestOptions to() {
      return RequestOptions.port(port).withHost("127.0.0.1").withAgent(agent);
    }

    ClientRequest request(RequestOptions options) {
      return request(options, true, "C", "P");
    }

    @SuppressWarnings("deprecation")
    ClientRequest request(RequestOptions options, boolean takes, String c, String p) {
      open++;
      ClientRequest request =
          Http.request(options)
              .onSocket(socket -> log(c + " socket"))
              .onFinish(() -> log(c + " finish"))
              .onAbort(() -> log(c + " abort"))
              .onContinue(() -> log(c + " continue"))
              .onTimeout(() -> log(c + " timeout"))
              .onInformation(information -> log(c + " information " + information.statusCode()))
              .onError(e -> error(c, e))
              .onClose(cause -> {
                log(c + " close");
                close();
              });
      return takes ? request.onResponse(response -> take(response, c, p)) : request;
    }

    private void take(ClientResponse response, String c, String p) {
      open++;
      log(c + " response " + response.statusCode());
      response
          .onAborted(() -> log(p + " aborted"))
          .onData(data -> log(p + " data " + data))
          .onEnd(() -> log(p + " end"))
          .onError(e -> error(p, e))
          .onClose(cause -> {
            log(p + " close " + response.complete());
            close();
          });
    }
  }

  @TempDir static Path dir;
  private static Process node;
  private static BufferedReader fromNode;
  private static int runs;

  @BeforeAll
  static void startNode() {
    try {
      Path script = dir.resolve("client-side-by-side.js");
      try (InputStream resource =
          ClientSideBySideTest.class.getResourceAsStream("client-side-by-side.js")) {
        Files.copy(Objects.requireNonNull(resource), script);
      }
      String name =
          System.getProperty(
              "netloop.node", Objects.requireNonNullElse(System.getenv("NETLOOP_NODE"), "node"));
      node =
          new ProcessBuilder(name, "--no-deprecation", script.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      fromNode =
          new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
      System.out.println("Clients side by side with Node " + fromNode.readLine());
    } catch (IOException none) {
      System.out.println("The comparison with Node is skipped: " + none.getMessage());
    }
  }

  @AfterAll
  static void endNode() {
    if (node != null) {
      node.destroyForcibly().onExit().join();
    }
  }

  private static Program program(
      String name, BiConsumer<TcpSocket, String> server, String node, Consumer<Ours> ours) {
    return new Program(name, server, node, ours);
  }

  private static BiConsumer<TcpSocket, String> says(String bytes) {
    return (socket, head) -> socket.write(bytes);
  }

  private static BiConsumer<TcpSocket, String> saysLast(String bytes) {
    return (socket, head) -> socket.end(bytes);
  }

  private static final BiConsumer<TcpSocket, String> SILENT = (socket, head) -> {};

  private static void after(long millis, Runnable task) {
    io.netloop.loop.Loop.current().setTimeout(millis, task);
  }

  /** The rows of the reference's table of events, and what lies between them. */
  static Stream<Program> programs() {
    return Stream.of(
        program("GET", says(OK), "t.request().end()", t -> t.request(t.to()).end()),
        program(
            "POST answered after body",
            (socket, head) -> after(10, () -> socket.write(OK)),
            "t.request({method: 'POST'}).end('body')",
            t -> t.request(t.to().withMethod("POST")).end("body")),
        program(
            "the server ends behind the response",
            saysLast(LAST),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "a body that lasts until the end",
            saysLast("HTTP/1.1 200 OK\r\n\r\nhi"),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "server dies during answer",
            saysLast(HALF),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "server dies between chunks",
            saysLast(CHUNKS),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "server resets during answer",
            (socket, head) -> {
              socket.write(HALF);
              after(20, socket::resetAndDestroy);
            },
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "server closes before answering",
            saysLast(""),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "server closes within the head",
            saysLast("HTTP/1.1 200 O"),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "server resets before answering",
            (socket, head) -> after(10, socket::resetAndDestroy),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "client timeout option",
            SILENT,
            "const r = t.request({timeout: 20}); r.on('timeout', () => t.later(5, () => r.destroy()));"
                + " r.end()",
            t -> {
              ClientRequest r = t.request(t.to().withTimeout(Duration.ofMillis(20)));
              r.onTimeout(() -> t.later(5, r::destroy)).end();
            }),
        program(
            "setTimeout",
            SILENT,
            "const r = t.request(); r.setTimeout(20, () => r.destroy()); r.end()",
            t -> {
              ClientRequest r = t.request(t.to());
              r.setTimeout(20, r::destroy).end();
            }),
        program(
            "destroy while waiting",
            SILENT,
            "const r = t.request(); r.end(); t.later(20, () => r.destroy())",
            t -> {
              ClientRequest r = t.request(t.to()).end();
              t.later(20, r::destroy);
            }),
        program(
            "destroy with an error while waiting",
            SILENT,
            "const r = t.request(); r.end();"
                + " t.later(20, () => r.destroy(Object.assign(new Error('mine'), {code: 'MINE'})))",
            t -> {
              ClientRequest r = t.request(t.to()).end();
              t.later(20, () -> r.destroy(new NetException("MINE", "mine")));
            }),
        program(
            "destroy at once", SILENT, "t.request().destroy()", t -> t.request(t.to()).destroy()),
        program("abort at once", SILENT, "t.request().abort()", ClientSideBySideTest::abortAtOnce),
        program(
            "a signal",
            SILENT,
            "const a = new AbortController(); t.request({signal: a.signal}).end();"
                + " t.later(20, () => a.abort())",
            t -> {
              AbortController a = new AbortController();
              t.request(t.to().withSignal(a.signal())).end();
              t.later(20, a::abort);
            }),
        program(
            "destroy during the answer",
            says(HALF),
            "const r = t.request(); r.on('response', () => t.later(20, () => r.destroy())); r.end()",
            t -> {
              ClientRequest r = t.request(t.to());
              r.onResponse(p -> t.later(20, r::destroy)).end();
            }),
        program(
            "destroy with an error during the answer",
            says(HALF),
            "const r = t.request(); r.on('response', () => t.later(20,"
                + " () => r.destroy(Object.assign(new Error('mine'), {code: 'MINE'})))); r.end()",
            t -> {
              ClientRequest r = t.request(t.to());
              r.onResponse(p -> t.later(20, () -> r.destroy(new NetException("MINE", "mine"))))
                  .end();
            }),
        program(
            "the response is destroyed",
            says(HALF),
            "const r = t.request(); r.on('response', p => t.later(20, () => p.destroy())); r.end()",
            t -> t.request(t.to()).onResponse(p -> t.later(20, p::destroy)).end()),
        program(
            "a bad head",
            says("HTTP/1.1 2x0 OK\r\n\r\n"),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "a head that is too long",
            says("HTTP/1.1 200 OK\r\nA: " + "x".repeat(20_000)),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "answers before the answer",
            says("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "101 without a listener",
            says(SWITCH),
            "t.request({headers: {Connection: 'Upgrade', Upgrade: 'x'}}).end()",
            t ->
                t.request(t.to().withHeader("Connection", "Upgrade").withHeader("Upgrade", "x"))
                    .end()),
        program(
            "101 without Upgrade",
            says("HTTP/1.1 101 Go\r\n\r\n" + OK),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "an upgrade",
            says(SWITCH + "hello"),
            "t.request({headers: {Connection: 'Upgrade', Upgrade: 'x'}}).on('upgrade', (p, s, head) => {"
                + " t.log('upgrade ' + p.statusCode + ' ' + head); s.destroy(); }).end()",
            t ->
                t.request(t.to().withHeader("Connection", "Upgrade").withHeader("Upgrade", "x"))
                    .onUpgrade((p, socket, head) -> {
                      t.log("upgrade " + p.statusCode() + " " + head);
                      socket.destroy();
                    })
                    .end()),
        program(
            "CONNECT without a listener",
            says("HTTP/1.1 200 OK\r\n\r\n"),
            "t.request({method: 'CONNECT', path: 'a:1'}).end()",
            t -> t.request(t.to().withMethod("CONNECT").withPath("a:1")).end()),
        program(
            "CONNECT",
            says("HTTP/1.1 200 OK\r\n\r\nhello"),
            "t.request({method: 'CONNECT', path: 'a:1'}).on('connect', (p, s, head) => {"
                + " t.log('connect ' + p.statusCode + ' ' + head); s.destroy(); }).end()",
            t ->
                t.request(t.to().withMethod("CONNECT").withPath("a:1"))
                    .onConnect((p, socket, head) -> {
                      t.log("connect " + p.statusCode() + " " + head);
                      socket.destroy();
                    })
                    .end()),
        program(
            "nobody takes the response",
            says(OK),
            "t.request({}, false).end()",
            t -> t.request(t.to(), false, "C", "P").end()),
        program(
            "a response before the request is written",
            says(OK),
            "const r = t.request({method: 'POST'}); r.write('a'); t.later(30, () => r.end('b'))",
            t -> {
              ClientRequest r = t.request(t.to().withMethod("POST"));
              r.write("a");
              t.later(30, () -> r.end("b"));
            }),
        program(
            "the last response before the request is written",
            (socket, head) -> socket.end(LAST),
            "t.request({method: 'POST'}).write('a')",
            t -> t.request(t.to().withMethod("POST")).write("a")),
        program(
            "a write after the end",
            says(OK),
            "const r = t.request(); r.end(); r.write('x')",
            t -> {
              ClientRequest r = t.request(t.to()).end();
              r.write("x");
            }),
        program(
            "bytes behind the response",
            says(OK + "garbage"),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "HEAD with a length",
            says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
            "t.request({method: 'HEAD'}).end()",
            t -> t.request(t.to().withMethod("HEAD")).end()),
        program(
            "304 with a length",
            says("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
            "t.request().end()",
            t -> t.request(t.to()).end()),
        program(
            "two requests over one connection",
            says(OK),
            "t.request({}, true, 'C1', 'P1').end(); t.request({}, true, 'C2', 'P2').end()",
            t -> {
              t.request(t.to(), true, "C1", "P1").end();
              t.request(t.to(), true, "C2", "P2").end();
            }),
        program(
            "a request that waits is destroyed",
            says(OK),
            "t.request({}, true, 'C1', 'P1').end();"
                + " const r = t.request({}, true, 'C2', 'P2'); r.end(); r.destroy()",
            t -> {
              t.request(t.to(), true, "C1", "P1").end();
              t.request(t.to(), true, "C2", "P2").end().destroy();
            }));
  }

  @SuppressWarnings("deprecation")
  private static void abortAtOnce(Ours t) {
    t.request(t.to()).abort();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void isAsInNode(Program program) throws IOException {
    assumeTrue(node != null, "there is no node on the path");
    List<String> expected = List.of();
    List<String> ours = List.of("not run");
    for (int i = 0; i < TRIES && !expected.equals(ours); i++) {
      List<String> nodes = sorted(runNode(program));
      List<String> differing = DIFFERENCES.get(program.name);
      if (differing != null) {
        assertThat(nodes).describedAs("what Node does differently").isNotEqualTo(differing);
      }
      expected = differing == null ? nodes : differing;
      ours = sorted(runOurs(program));
    }

    assertThat(ours).isEqualTo(expected);
  }

  /** Where two requests run beside each other the order of each is compared. */
  private static List<String> sorted(List<String> lines) {
    if (lines.stream().noneMatch(line -> line.startsWith("C2"))) {
      return lines;
    }
    List<String> sorted = new ArrayList<>();
    for (String number : List.of("1", "2")) {
      lines.stream().filter(line -> line.charAt(1) == number.charAt(0)).forEach(sorted::add);
    }
    return sorted;
  }

  private List<String> runOurs(Program program) {
    int port = raw(program.server).address().port();
    Ours ours =
        onLoop(() -> {
          Ours part = new Ours(port);
          program.ours.accept(part);
          return part;
        });
    join(ours.done);
    return ours.lines;
  }

  private List<String> runNode(Program program) throws IOException {
    int port = raw(program.server).address().port();
    String id = "r" + runs++;
    String code = Base64.getEncoder().encodeToString(program.node.getBytes(StandardCharsets.UTF_8));
    OutputStream out = node.getOutputStream();
    out.write((id + "\t" + port + "\t" + code + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    List<String> lines = new ArrayList<>();
    for (String line; (line = fromNode.readLine()) != null; ) {
      String[] fields = line.split("\t", -1);
      if (!fields[0].equals(id)) {
        continue;
      }
      if (fields[1].equals("done")) {
        return lines;
      }
      lines.add(new String(Base64.getDecoder().decode(fields[2]), StandardCharsets.UTF_8));
    }
    throw new IOException("Node has ended. So far: " + lines);
  }
}
