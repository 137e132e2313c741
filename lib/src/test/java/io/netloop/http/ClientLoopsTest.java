package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.Workers;
import io.netloop.net.ListenOptions;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which loop does what, what other threads may do, and how much may be queued. */
class ClientLoopsTest extends ClientTest {
  @Test
  void oneAgentServesSeveralLoopsEachWithConnectionsOfItsOwn() {
    HttpServer server =
        serve((request, response) -> response.end("" + request.socket().remotePort()));
    Agent agent = keeping();
    RequestOptions options = to(server).withAgent(agent);
    Map<String, Set<String>> ports = new ConcurrentHashMap<>();
    CopyOnWriteArrayList<String> wrongLoop = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    Workers workers =
        Workers.fork(3, () -> again(options, Loop.current(), 10, ports, wrongLoop, done));
    join(done);
    await().until(() -> agent.freeSockets().equals(Map.of(agent.getName(options), 3)));
    join(workers.close(Duration.ofSeconds(5)));

    assertThat(wrongLoop).isEmpty();
    assertThat(ports).hasSize(3);
    assertThat(ports.values()).allMatch(ofOneLoop -> ofOneLoop.size() == 1);
    await().until(() -> agent.freeSockets().isEmpty());
  }

  private static void again(
      RequestOptions options,
      Loop mine,
      int left,
      Map<String, Set<String>> ports,
      List<String> wrongLoop,
      CompletableFuture<Void> done) {
    if (left == 0) {
      synchronized (ports) {
        ports.computeIfAbsent("done", name -> ConcurrentHashMap.newKeySet()).add(mine.name());
        if (ports.get("done").size() == 3) {
          ports.remove("done");
          done.complete(null);
        }
      }
      return;
    }
    Http.get(
        options,
        response -> {
          response.onData(data -> {
            if (!mine.inLoop()) {
              wrongLoop.add(Thread.currentThread().getName());
            }
            ports
                .computeIfAbsent(mine.name(), name -> ConcurrentHashMap.newKeySet())
                .add(data.toString());
          });
          response.onClose(cause ->
              mine.setImmediate(() -> again(options, mine, left - 1, ports, wrongLoop, done)));
        });
  }

  @Test
  void destroyFromAnotherThreadReachesTheConnectionsOfAllLoops() {
    TcpServer server = raw((socket, head) -> {});
    Agent agent = keeping();
    RequestOptions options = to(server).withAgent(agent);
    CopyOnWriteArrayList<String> errors = new CopyOnWriteArrayList<>();
    Workers workers =
        Workers.fork(2, () -> Http.get(options).onError(error -> errors.add(error.code())));
    await().until(() -> agent.sockets().equals(Map.of(agent.getName(options), 2)));
    agent.destroy();
    await().until(() -> errors.size() == 2);
    join(workers.close(Duration.ofSeconds(5)));

    assertThat(errors).containsOnly("ECONNRESET");
    assertThat(agent.sockets()).isEmpty();
  }

  @Test
  void whatAWorkerHasOpenEndsWithIt() {
    TcpServer server = raw((socket, head) -> {});
    Agent agent = keeping();
    CopyOnWriteArrayList<String> errors = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    Workers workers =
        Workers.fork(
            1,
            () ->
                Http.get(to(server).withAgent(agent))
                    .onFinish(() -> asked.complete(null))
                    .onError(error -> errors.add(error.getMessage())));
    join(asked);
    join(workers.close(Duration.ofSeconds(5)));

    assertThat(errors).containsExactly("socket hang up");
    assertThat(agent.sockets()).isEmpty();
  }

  @Test
  void aRequestFromAnyThreadIsToldOfOnTheDefaultLoop() {
    HttpServer server = serve((request, response) -> response.end("hi"));
    CompletableFuture<String> thread = new CompletableFuture<>();
    CompletableFuture<String> body = new CompletableFuture<>();
    Http.get(
        "http://127.0.0.1:" + server.address().port(),
        response -> {
          thread.complete(Thread.currentThread().getName());
          response.onData(data -> body.complete(data.toString()));
        });

    assertThat(join(thread)).isEqualTo("loop");
    assertThat(join(body)).isEqualTo("hi");
  }

  @Test
  void requestsFromManyThreadsAtOnce() {
    HttpServer server = serve((request, response) -> response.end(request.url()));
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(3));
    RequestOptions options = to(server).withAgent(agent);
    List<CompletableFuture<String>> answers = new CopyOnWriteArrayList<>();
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> {
                      for (int k = 0; k < 25; k++) {
                        CompletableFuture<String> answer = new CompletableFuture<>();
                        String path = "/" + i + "/" + k;
                        Http.get(
                            options.withPath(path),
                            response -> response.onData(data -> answer.complete(data.toString())));
                        answers.add(answer.thenApply(got -> got.equals(path) ? "right" : got));
                      }
                    }))
            .toList();
    threads.forEach(thread -> {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });

    assertThat(answers).hasSize(200);
    assertThat(answers.stream().map(ClientTest::join)).containsOnly("right");
  }

  @Test
  void aServerThatDoesNotReadHoldsTheProgramBack() {
    TcpServer server = rawConnections(socket -> socket.pause());
    Exchange exchange = exchange(to(server).withMethod("POST"), request -> {});
    Buffer part = Buffer.from(new byte[64 * 1024]);
    boolean[] room = {true};
    onLoop(() -> {
      for (int i = 0; i < 14 * 16; i++) {
        room[0] = exchange.request.write(part);
      }
    });
    settle();

    assertThat(room[0]).isFalse();
    assertThat(exchange.request.writableNeedDrain()).isTrue();
    assertThat(exchange.request.writableLength()).isPositive();
    exchange.request.destroy();
    exchange.over();
  }

  @Test
  void drainIsToldWhenTheServerReads() {
    CompletableFuture<Runnable> reads = new CompletableFuture<>();
    TcpServer server =
        rawConnections(socket -> {
          socket.pause();
          socket.onData(data -> {});
          reads.complete(socket::resume);
        });
    Exchange exchange = exchange(to(server).withMethod("POST"), request -> {});
    Buffer part = Buffer.from(new byte[1 << 20]);
    onLoop(() -> {
      for (int i = 0; i < 10; i++) {
        exchange.request.write(part);
      }
    });
    assertThat(exchange.has("C drain")).isFalse();
    join(reads).run();

    exchange.await("C drain");
    exchange.request.destroy();
    exchange.over();
  }

  @Test
  void aServerThatNeverReadsCostsABoundedAmount() {
    TcpServer server = rawConnections(socket -> socket.pause());
    OutboxLimits limits = OutboxLimits.defaults().withHardLimit(1 << 20);
    Exchange exchange =
        exchange(
            to(server).withMethod("POST").withTcp(TcpOptions.defaults().withLimits(limits)),
            request -> {});
    Buffer part = Buffer.from(new byte[64 * 1024]);
    onLoop(() -> {
      for (int i = 0; i < 1000 && !exchange.request.destroyed(); i++) {
        exchange.request.write(part);
      }
    });

    assertThat(exchange.error()).startsWith("ERR_OUTBOX_LIMIT");
  }

  @Test
  void whatWaitsForAConnectionIsBoundedToo() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    OutboxLimits limits = OutboxLimits.defaults().withHardLimit(1 << 20);
    RequestOptions options =
        to(raw((socket, head) -> {}))
            .withAgent(agent)
            .withMethod("POST")
            .withTcp(TcpOptions.defaults().withLimits(limits));
    Exchange first = exchange(options, ClientRequest::end);
    Exchange second =
        exchange(
            options,
            request -> {
              for (int i = 0; i < 20; i++) {
                request.write(Buffer.from(new byte[64 * 1024]));
              }
            });

    assertThat(second.error()).startsWith("ERR_OUTBOX_LIMIT");
    assertThat(second.has("C socket")).isFalse();
    assertThat(agent.requests()).isEmpty();
    first.request.destroy();
    first.over();
  }

  @Test
  void whatWaitsForAConnectionIsSentWhenItComes() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    CompletableFuture<HttpResponse> held = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          if (request.url().equals("/held")) {
            held.complete(response);
          } else {
            request.pipe(response);
          }
        });
    RequestOptions options = to(server).withAgent(agent).withMethod("POST");
    Exchange first = exchange(options.withPath("/held"), ClientRequest::end);
    byte[] large = "x".repeat(200_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    Exchange second =
        exchange(
            options,
            request -> {
              request.write(Buffer.from(large), failure -> written.complete(failure == null));
              request.end("y");
            });
    settle();
    assertThat(written).isNotDone();
    join(held).end();
    first.over();

    assertThat(second.body()).isEqualTo("x".repeat(200_000) + "y");
    assertThat(join(written)).isTrue();
  }

  @Test
  void aWriteWithoutAConnectionIsToldThatItFailed() {
    Agent agent = agent(AgentOptions.defaults().withMaxSockets(1));
    RequestOptions options = to(raw((socket, head) -> {})).withAgent(agent).withMethod("POST");
    Exchange first = exchange(options, ClientRequest::end);
    CompletableFuture<NetException> told = new CompletableFuture<>();
    Exchange second = exchange(options, request -> request.write(Buffer.from("x"), told::complete));
    second.request.destroy(new NetException("MINE", "mine"));

    assertThat(join(told).code()).isEqualTo("MINE");
    first.request.destroy();
    first.over();
  }

  /** Gets a page over an agent that keeps connections for as long as the server does. */
  static final class KeptConnection {
    public static void main(String... arguments) {
      Agent agent = new Agent(AgentOptions.defaults().withKeepAlive(true));
      Http.get(
          RequestOptions.url(arguments[0]).withAgent(agent),
          response -> response.onData(data -> System.out.println(data)));
    }
  }

  @Test
  void aKeptConnectionDoesNotKeepTheProgramAlive() throws Exception {
    TcpServer server = answering(OK);
    Process program =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                KeptConnection.class.getName(),
                "http://127.0.0.1:" + server.address().port())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String out = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(out.strip()).isEqualTo("hi");
      assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(program.exitValue()).isZero();
    } finally {
      program.destroyForcibly();
    }
  }

  @Test
  void aSocketPathTakesTheRequestToAUnixSocket() throws java.io.IOException {
    java.nio.file.Path dir = java.nio.file.Files.createTempDirectory("h");
    String path = dir.resolve("s").toString();
    HttpServer server =
        Http.createServer((request, response) -> response.end(request.header("host")));
    server.listen(ListenOptions.path(path));
    await().until(server::listening);
    Exchange exchange = get(RequestOptions.defaults().withHost("name").withSocketPath(path));

    assertThat(exchange.body()).isEqualTo("name");
    Agent.global().destroy();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    server.close(error -> closed.complete(null));
    closed.orTimeout(10, TimeUnit.SECONDS).join();
    java.nio.file.Files.deleteIfExists(dir.resolve("s"));
    java.nio.file.Files.delete(dir);
  }
}
