package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Workers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several loops that share a port. */
class WorkersTest extends TcpTest {
  private static final Duration NOW = Duration.ZERO;

  private final Events events = new Events();
  private final List<Workers> groups = new CopyOnWriteArrayList<>();
  private final List<TcpServer> servers = new CopyOnWriteArrayList<>();
  private final List<Socket> clients = new ArrayList<>();

  @AfterEach
  void endAll() throws IOException {
    for (Workers workers : groups) {
      assertThat(workers.close(NOW)).succeedsWithin(10, TimeUnit.SECONDS);
    }
    for (Socket client : clients) {
      client.close();
    }
  }

  private Workers fork(int count, Runnable setup) {
    Workers workers = Workers.fork(count, setup);
    groups.add(workers);
    return workers;
  }

  /** Workers that listen on one port, each with a server of its own. */
  private Workers listening(int count, Consumer<TcpSocket> onConnection) {
    Workers workers =
        fork(
            count,
            () -> {
              TcpServer server = Net.createServer(onConnection);
              servers.add(server);
              server.listen(0, "127.0.0.1");
            });
    await().until(() -> servers.size() == count && servers.stream().allMatch(TcpServer::listening));
    return workers;
  }

  private Socket client(int port) {
    try {
      Socket client = new Socket("127.0.0.1", port);
      client.setSoTimeout(10_000);
      clients.add(client);
      return client;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int port() {
    return port(servers.getFirst());
  }

  private static String readAll(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  // Starting

  @Test
  void eachRunsTheSetupOnceOnALoopOfItsOwn() {
    Map<Loop, String> loops = new ConcurrentHashMap<>();
    Workers workers =
        fork(
            4,
            () -> {
              assertThat(Loop.current().inLoop()).isTrue();
              assertThat(Loop.current()).isSameAs(Loop.current());
              loops.put(Loop.current(), Loop.current().name());
            });
    await().until(() -> loops.size() == 4);

    assertThat(workers.size()).isEqualTo(4);
    assertThat(workers).hasToString("Workers 4");
    assertThat(loops.values()).doesNotHaveDuplicates().allMatch(name -> name.startsWith("worker-"));
    assertThat(loops).doesNotContainKey(loop);
    loops.forEach((worker, name) -> assertThat(worker).hasToString("Loop " + name));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1025})
  void thereAreOneTo1024(int count) {
    assertThatThrownBy(() -> Workers.fork(count, () -> {}))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_OUT_OF_RANGE"))
        .hasMessage("There can be 1 to 1024 workers, not %d.", count);
  }

  @Test
  void listenersRunOnTheWorkerThatMadeTheObject() throws Exception {
    Set<String> wrong = ConcurrentHashMap.newKeySet();
    Map<TcpServer, Loop> homes = new ConcurrentHashMap<>();
    fork(
        2,
        () -> {
          Loop home = Loop.current();
          TcpServer server =
              Net.createServer(socket -> {
                if (!home.inLoop() || Loop.current() != home) {
                  wrong.add("connection");
                }
                socket.onData(data -> {
                  if (!home.inLoop()) {
                    wrong.add("data");
                  }
                  socket.end(home.name());
                });
              });
          homes.put(server, home);
          servers.add(server);
          server.listen(
              0,
              "127.0.0.1",
              () -> {
                if (!home.inLoop()) {
                  wrong.add("listening");
                }
              });
        });
    await().until(() -> servers.size() == 2 && servers.stream().allMatch(TcpServer::listening));
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      Socket client = client(port());
      client.getOutputStream().write('x');
      names.add(readAll(client));
    }

    assertThat(wrong).isEmpty();
    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(homes.values().stream().map(Loop::name).toList());
  }

  // Sharing ports

  @Test
  void connectionsGoToThemInTurns() {
    Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    listening(
        4,
        socket ->
            counts
                .computeIfAbsent(Loop.current().name(), _ -> new AtomicInteger())
                .incrementAndGet());
    for (int i = 0; i < 400; i++) {
      client(port());
    }
    await().until(() -> counts.values().stream().mapToInt(AtomicInteger::get).sum() == 400);

    assertThat(counts).hasSize(4);
    assertThat(counts.values()).allMatch(count -> count.get() == 100);
    assertThat(servers).allMatch(server -> server.connections() == 100);
  }

  @Test
  void theFirstPortZeroIsOnePortForAllAndTheSecondAnother() {
    List<TcpServer> seconds = new CopyOnWriteArrayList<>();
    fork(
        3,
        () -> {
          servers.add(Net.createServer().listen(0, "127.0.0.1"));
          seconds.add(Net.createServer().listen(0, "127.0.0.1"));
        });
    await().until(() -> servers.size() == 3 && servers.stream().allMatch(TcpServer::listening));
    await().until(() -> seconds.size() == 3 && seconds.stream().allMatch(TcpServer::listening));

    assertThat(servers).extracting(TcpTest::port).containsOnly(port());
    assertThat(seconds).extracting(TcpTest::port).containsOnly(port(seconds.getFirst()));
    assertThat(port()).isNotEqualTo(port(seconds.getFirst()));
  }

  @Test
  void aPortThatIsTakenIsToldToEach() throws Exception {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> failures = new CopyOnWriteArrayList<>();
      fork(
          4,
          () ->
              Net.createServer()
                  .onError(error -> failures.add(error.getMessage() + Loop.current().name()))
                  .listen(holder.getLocalPort(), "127.0.0.1"));
      await().until(() -> failures.size() == 4);

      assertThat(failures)
          .doesNotHaveDuplicates()
          .allMatch(text ->
              text.startsWith(
                  "listen EADDRINUSE: address already in use 127.0.0.1:" + holder.getLocalPort()));
    }
  }

  @Test
  void exclusiveGivesEachAPortOfItsOwn() {
    fork(
        3,
        () ->
            servers.add(
                Net.createServer()
                    .listen(ListenOptions.port(0).withHost("127.0.0.1").withExclusive(true))));
    await().until(() -> servers.size() == 3 && servers.stream().allMatch(TcpServer::listening));

    assertThat(servers).extracting(TcpTest::port).doesNotHaveDuplicates();
  }

  @Test
  void exclusiveLetsOneHaveAPortAndRefusesTheOthers() throws Exception {
    int port = EventOrderTest.freePort();
    fork(
        3,
        () -> {
          TcpServer server = Net.createServer().onError(error -> events.add(error.code()));
          server.listen(
              ListenOptions.port(port).withHost("127.0.0.1").withExclusive(true),
              () -> events.add("listening"));
        });
    await().until(() -> events.list().size() == 3);

    assertThat(events.list()).containsExactlyInAnyOrder("listening", "EADDRINUSE", "EADDRINUSE");
  }

  @Test
  void reusePortLetsTheSystemSpreadTheConnections() {
    TcpServer outside = closedLater(Net.createServer(TcpSocket::end));
    ListenOptions free = ListenOptions.port(0).withHost("127.0.0.1").withReusePort(true);
    outside.listen(free);
    await().until(outside::listening);
    int port = port(outside);
    Set<String> used = ConcurrentHashMap.newKeySet();
    fork(
        2,
        () ->
            servers.add(
                Net.createServer(
                        socket -> {
                          used.add(Loop.current().name());
                          socket.end();
                        })
                    .listen(ListenOptions.port(port).withHost("127.0.0.1").withReusePort(true))));
    await().until(() -> servers.size() == 2 && servers.stream().allMatch(TcpServer::listening));
    outside.close();
    for (int i = 0; i < 60; i++) {
      client(port);
    }

    await().until(() -> used.size() == 2);
  }

  @Test
  void aServerThatClosesLeavesTheTurnAndNoConnectionIsLost() throws Exception {
    listening(3, socket -> socket.end(Loop.current().name()));
    TcpServer leaving = servers.get(1);
    int port = port();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    leaving.close(nothing -> closed.complete(null));
    closed.join();
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    for (int i = 0; i < 40; i++) {
      counts.merge(readAll(client(port)), 1, Integer::sum);
    }

    assertThat(counts).hasSize(2);
    assertThat(counts.values()).allMatch(count -> count >= 19 && count <= 21);
  }

  @Test
  void connectionsUnderWayToAServerThatClosesGoToAnother() throws Exception {
    listening(2, socket -> socket.end("served"));
    TcpServer leaving = servers.getFirst();
    int port = port();
    CompletableFuture<Void> busy = new CompletableFuture<>();
    // Its loop is held up: what is handed to it waits, and then it closes.
    leaving.getConnections(count -> busy.join());
    List<Socket> waiting = new ArrayList<>();
    leaving.close();
    for (int i = 0; i < 10; i++) {
      waiting.add(client(port));
    }
    busy.complete(null);

    for (Socket one : waiting) {
      assertThat(readAll(one)).isEqualTo("served");
    }
  }

  @Test
  void aServerMayListenAgainOnTheSharedPortInItsClose() {
    int port = listening(1, socket -> {}).size() > 0 ? port() : 0;
    for (int i = 1; i <= 20; i++) {
      CompletableFuture<Void> again = new CompletableFuture<>();
      TcpServer server = servers.getFirst();
      server.close(nothing -> server.listen(port, "127.0.0.1", () -> again.complete(null)));

      assertThat(again).succeedsWithin(5, TimeUnit.SECONDS);
    }
    assertThat(port()).isEqualTo(port);
  }

  @Test
  void workersShareAUnixDomainSocket() throws Exception {
    String path = "/tmp/netloop-workers-" + ProcessHandle.current().pid() + ".sock";
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    fork(
        2,
        () ->
            servers.add(
                Net.createServer(
                        socket -> {
                          counts.merge(Loop.current().name(), 1, Integer::sum);
                          socket.end();
                        })
                    .listen(path)));
    await().until(() -> servers.size() == 2 && servers.stream().allMatch(TcpServer::listening));
    for (int i = 0; i < 10; i++) {
      CompletableFuture<Void> closed = new CompletableFuture<>();
      closedLater(Net.createConnection(path)).onClose(cause -> closed.complete(null));
      closed.get(5, TimeUnit.SECONDS);
    }

    assertThat(counts).hasSize(2);
    assertThat(counts.values()).containsOnly(5);
  }

  // Failures

  @Test
  void aSetupThatThrowsEndsItsWorkerAndTheOthersServe() throws Exception {
    AtomicInteger number = new AtomicInteger();
    List<Loop> failed = new CopyOnWriteArrayList<>();
    List<Throwable> causes = new CopyOnWriteArrayList<>();
    IllegalStateException mine = new IllegalStateException("no setup");
    CompletableFuture<Void> go = new CompletableFuture<>();
    Workers workers =
        fork(
            3,
            () -> {
              go.join();
              TcpServer server = Net.createServer(socket -> socket.end("served"));
              server.onListening(() -> servers.add(server));
              server.listen(0, "127.0.0.1");
              Loop.current().setInterval(1, () -> {});
              if (number.incrementAndGet() == 2) {
                throw mine;
              }
            });
    workers.onFailure((worker, cause) -> {
      assertThat(worker.inLoop()).isTrue();
      failed.add(worker);
      causes.add(cause);
    });
    go.complete(null);
    await().until(() -> failed.size() == 1);
    await().until(() -> servers.stream().filter(TcpServer::listening).count() == 2);
    await().until(() -> !threads().contains(failed.getFirst().name()));
    int port =
        servers.stream().filter(TcpServer::listening).findFirst().orElseThrow().address().port();
    for (int i = 0; i < 6; i++) {
      assertThat(readAll(client(port))).isEqualTo("served");
    }

    assertThat(causes).containsExactly(mine);
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void aListenerThatComesLateIsToldOfWhatHasFailedBefore() {
    List<String> told = new CopyOnWriteArrayList<>();
    Workers workers =
        fork(
            2,
            () -> {
              events.add("setup");
              throw new IllegalStateException(Loop.current().name());
            });
    await().until(() -> events.list().size() == 2);
    workers.onFailure((worker, cause) -> told.add(cause.getMessage()));
    await().until(() -> told.size() == 2);
    assertThat(workers.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);

    assertThat(told).doesNotHaveDuplicates().hasSize(2);
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void aFailureThatNobodyListensToIsUncaughtOnce() {
    IllegalStateException mine = new IllegalStateException("no setup");
    Workers workers =
        fork(
            1,
            () -> {
              throw mine;
            });

    assertThat(Uncaught.next()).isSameAs(mine);
    assertThat(workers.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void aFailureThatNobodyListensToIsUncaughtThoughTheWorkersCloseAtOnce() {
    IllegalStateException mine = new IllegalStateException("no setup");
    Workers workers =
        fork(
            1,
            () -> {
              throw mine;
            });
    assertThat(workers.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);

    assertThat(Uncaught.next()).isSameAs(mine);
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void aFailureListenerThatThrowsIsUncaughtAndTheWorkerEndsAllTheSame() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    CompletableFuture<String> failed = new CompletableFuture<>();
    Workers workers =
        fork(
            1,
            () -> {
              go.join();
              throw new IllegalStateException("no setup");
            });
    workers.onFailure((worker, cause) -> {
      failed.complete(worker.name());
      throw new IllegalArgumentException("nor this");
    });
    go.complete(null);

    assertThat(Uncaught.next()).hasMessage("nor this");
    await().until(() -> !threads().contains(failed.join()));
  }

  @Test
  void aListenerThatThrowsCostsItsConnectionAndNothingElse() throws Exception {
    AtomicInteger number = new AtomicInteger();
    listening(
        2,
        socket -> {
          if (number.incrementAndGet() % 3 == 0) {
            throw new IllegalStateException("mine");
          }
          socket.end("served");
        });
    int served = 0;
    for (int i = 0; i < 30; i++) {
      served += readAll(client(port())).equals("served") ? 1 : 0;
    }

    assertThat(served).isEqualTo(20);
    for (int i = 0; i < 10; i++) {
      assertThat(Uncaught.next()).hasMessage("mine");
    }
  }

  @Test
  void aTimerThatThrowsInOneEndsNoLoop() throws Exception {
    listening(2, socket -> socket.end("served"));
    servers
        .getFirst()
        .getConnections(count -> {
          throw new IllegalStateException("mine");
        });
    assertThat(Uncaught.next()).hasMessage("mine");

    for (int i = 0; i < 4; i++) {
      assertThat(readAll(client(port()))).isEqualTo("served");
    }
  }

  // Talking to each other

  @Test
  void aPipeFromOneWorkerToAnotherKeepsTheOrderAndTheMeasure() throws Exception {
    List<TcpSocket> accepted = new CopyOnWriteArrayList<>();
    listening(2, accepted::add);
    TcpServer sink = listen(socket -> {});
    CompletableFuture<TcpSocket> far = new CompletableFuture<>();
    sink.onConnection(far::complete);
    Buffer all = bytes(8_000_000);
    TcpSocket in = closedLater(Net.createConnection(port(), "127.0.0.1"));
    TcpSocket out = closedLater(Net.createConnection(port(), "127.0.0.1"));
    await().until(() -> accepted.size() == 2);
    TcpSocket from =
        accepted.stream().filter(s -> s.remotePort() == in.localPort()).findFirst().orElseThrow();
    TcpSocket to = accepted.stream().filter(s -> s != from).findFirst().orElseThrow();
    from.pipe(to);
    in.end(all);
    await().until(from::isPaused);
    assertThat(to.writableLength()).isLessThan(2_000_000);
    List<Buffer> got = new CopyOnWriteArrayList<>();
    out.onData(got::add);
    await().until(out::closed);

    assertThat(Buffer.concat(got)).isEqualTo(all);
  }

  @Test
  void writesFromAnotherWorkerKeepTheirOrder() throws Exception {
    List<TcpSocket> accepted = new CopyOnWriteArrayList<>();
    listening(2, accepted::add);
    Socket first = client(port());
    client(port());
    await().until(() -> accepted.size() == 2);
    TcpSocket target =
        accepted.stream()
            .filter(s -> s.remotePort() == first.getLocalPort())
            .findFirst()
            .orElseThrow();
    TcpSocket other = accepted.stream().filter(s -> s != target).findFirst().orElseThrow();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      expected.append(i).append(' ');
    }
    other
        .server()
        .getConnections(count -> {
          for (int i = 0; i < 10_000; i++) {
            target.write(i + " ");
          }
          target.end();
        });

    assertThat(readAll(first)).isEqualTo(expected.toString());
  }

  @Test
  void aPipeWhoseDestinationsWorkerHasEndedIsTakenApart() throws Exception {
    CompletableFuture<TcpSocket> there = new CompletableFuture<>();
    Workers workers = listening(1, there::complete);
    client(port());
    Pair in = pair();
    TcpSocket to = there.get(5, TimeUnit.SECONDS);
    in.accepted().pipe(to);
    in.client().write("x");
    await().until(() -> to.bytesWritten() == 1);
    assertThat(workers.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);
    await().until(in.accepted()::isPaused);
    in.client().write("y");
    assertThat(to.write("z")).isFalse();
  }

  // Ending

  @Test
  void closeEndsTheConnectionsOfItsServersPolitelyAndTheThreads() throws Exception {
    List<String> closes = new CopyOnWriteArrayList<>();
    Workers workers =
        listening(
            3,
            socket -> {
              socket.onClose(cause -> closes.add(cause.code()));
              socket.resume();
            });
    Set<String> names = new HashSet<>();
    servers.forEach(server -> server.getConnections(count -> names.add(Loop.current().name())));
    List<TcpSocket> peers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      peers.add(
          closedLater(Net.createConnection(port(), "127.0.0.1"))
              .onError(e -> events.add(e.code())));
    }
    await().until(() -> servers.stream().allMatch(server -> server.connections() == 3));
    servers.forEach(server -> server.onClose(() -> events.add("server close")));
    assertThat(workers.close(Duration.ofSeconds(5))).succeedsWithin(4, TimeUnit.SECONDS);

    assertThat(closes).hasSize(9).containsOnly("END");
    assertThat(events.list()).containsExactly("server close", "server close", "server close");
    assertThat(threads()).doesNotContainAnyElementsOf(names);
    await().until(() -> peers.stream().allMatch(TcpSocket::closed));
  }

  @Test
  void closeCutsConnectionsThatStayWhenTheTimeIsUp() {
    List<String> closes = new CopyOnWriteArrayList<>();
    Workers workers = listening(2, socket -> socket.onClose(cause -> closes.add(cause.code())));
    client(port());
    client(port());
    await().until(() -> servers.stream().allMatch(server -> server.connections() == 1));
    assertThat(workers.close(Duration.ofMillis(50))).succeedsWithin(5, TimeUnit.SECONDS);

    assertThat(closes).containsExactly("DRAIN_TIMEOUT", "DRAIN_TIMEOUT");
  }

  @Test
  void closeDestroysClientsAndClearsTimers() {
    TcpServer outside = listen(TcpSocket::resume);
    int port = port(outside);
    Workers workers =
        fork(
            2,
            () -> {
              Loop.current().setTimeout(3_600_000, () -> events.add("never"));
              Loop.current().setInterval(3_600_000, () -> events.add("never"));
              Net.createConnection(port, "127.0.0.1")
                  .onClose(cause -> events.add("close " + cause.code()));
            });
    await().until(() -> outside.connections() == 2);
    assertThat(workers.close(Duration.ofSeconds(5))).succeedsWithin(4, TimeUnit.SECONDS);

    assertThat(events.list()).containsExactly("close DESTROYED", "close DESTROYED");
    await().until(() -> outside.connections() == 0);
  }

  @Test
  void timersAndClientsServeUntilTheServersAreDrained() throws Exception {
    TcpServer backend = listen(socket -> socket.pipe(socket));
    int port = port(backend);
    Workers workers =
        listening(
            1,
            socket -> {
              TcpSocket behind = Net.createConnection(port, "127.0.0.1");
              behind.pipe(socket);
              socket.onData(data -> Loop.current().setTimeout(100, () -> behind.write(data)));
              socket.onEnd(() -> {});
            });
    Socket client = client(port());
    await().until(() -> backend.connections() == 1);
    client.getOutputStream().write("still here".getBytes(StandardCharsets.UTF_8));
    await().until(() -> !events.list().isEmpty() || servers.getFirst().connections() == 1);
    servers.getFirst().getConnections(count -> events.add("turned"));
    events.await("turned");
    CompletableFuture<Void> closed = workers.close(Duration.ofSeconds(5));
    client.shutdownOutput();
    readAll(client);

    assertThat(closed).succeedsWithin(4, TimeUnit.SECONDS);
  }

  @Test
  void whatCloseListenersOpenIsEndedToo() {
    TcpServer outside = listen(TcpSocket::resume);
    int port = port(outside);
    Workers workers =
        listening(
            1,
            socket ->
                socket.onClose(cause -> {
                  Loop.current().setTimeout(3_600_000, () -> {});
                  Loop.current().setInterval(1, () -> {});
                  Loop.current().setImmediate(() -> events.add("immediate"));
                  Net.createConnection(port, "127.0.0.1");
                  Net.createServer().listen(0, "127.0.0.1");
                }));
    client(port());
    await().until(() -> servers.getFirst().connections() == 1);

    assertThat(workers.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);
  }

  @Test
  void aClientThatConnectsAgainWithoutEndIsEndedAllTheSame() {
    TcpServer outside = listen(TcpSocket::resume);
    ConnectOptions to = ConnectOptions.port(port(outside)).withHost("127.0.0.1");
    Workers workers =
        fork(
            1,
            () -> {
              TcpSocket socket = Net.createConnection(to);
              socket.onClose(cause -> socket.connect(to));
              socket.onConnect(() -> events.add("connect"));
            });
    events.await("connect");

    assertThat(workers.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(Uncaught.next()).hasMessageContaining("has ended: nothing opens there");
  }

  @Test
  void closeMayBeCalledTwiceAndFromAWorker() {
    CompletableFuture<Workers> group = new CompletableFuture<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Workers workers =
        fork(2, () -> group.thenAccept(w -> w.close(NOW).thenRun(() -> closed.complete(null))));
    Workers second = fork(1, () -> Loop.current().execute(() -> group.join().close(NOW)));
    group.complete(workers);

    assertThat(closed).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(workers.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(second.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);
  }

  @Test
  void afterTheEndTheDefaultLoopIsCurrentAndTheOldOneTakesNothing() {
    CompletableFuture<Loop> worker = new CompletableFuture<>();
    CompletableFuture<TcpServer> server = new CompletableFuture<>();
    Workers workers =
        fork(
            1,
            () -> {
              worker.complete(Loop.current());
              server.complete(Net.createServer());
            });
    server.join();
    CompletableFuture<Loop> after = workers.close(NOW).thenApply(nothing -> Loop.current());

    assertThat(after).succeedsWithin(5, TimeUnit.SECONDS).isSameAs(loop);
    assertThatThrownBy(() -> worker.join().execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("has ended");
    worker.join().run(() -> events.add("never"));
    worker.join().setTimeout(1, () -> events.add("never"));
    assertThatThrownBy(() -> server.join().listen(0))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_LOOP_ENDED"));
    assertThat(server.join().close().listening()).isFalse();
    assertThat(events.list()).isEmpty();
  }

  @Test
  void closeWhileTheyStillBeginToListen() {
    for (int i = 0; i < 10; i++) {
      Workers workers = fork(2, () -> Net.createServer(TcpSocket::end).listen(0, "localhost"));

      assertThat(workers.close(NOW)).succeedsWithin(5, TimeUnit.SECONDS);
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
