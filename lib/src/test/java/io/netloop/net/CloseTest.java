package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.engine.ProcessLife;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How connections end: their cause, a server's drain, listeners that throw. */
class CloseTest extends TcpTest {
  private final Events events = new Events();

  // Causes

  @Test
  void bothSidesAreDoneAndThePeerEndedFirst() {
    Pair pair = pair();
    Causes causes = new Causes(pair);
    pair.client().resume();
    pair.accepted().resume();
    pair.client().end();

    causes.are("ended by us: END", "ended by the peer: END");
  }

  @Test
  void weDestroyed() {
    Pair pair = pair();
    Causes causes = new Causes(pair);
    pair.accepted().resume();
    pair.client().destroy();

    causes.are("ended by us: DESTROYED", "ended by the peer: END");
    assertThat(causes.client.join().layer()).isEqualTo("app");
  }

  @Test
  void weDestroyedWithAnError() {
    Pair pair = pair();
    pair.client().onError(error -> {});
    Causes causes = new Causes(pair);
    pair.accepted().resume();
    pair.client().destroy(new NetException("ERR_MINE", "my reason"));

    causes.are("ended by us: ERR_MINE (my reason)", "ended by the peer: END");
  }

  /** The peer, which says nothing more, must hear of the end all the same. */
  @Test
  void weDestroyedWhileWeReadAndWrite() {
    Pair pair = pair();
    Causes causes = new Causes(pair);
    pair.accepted().onError(error -> {});
    pair.client().resume();
    pair.accepted()
        .onData(data -> {
          pair.accepted().write(Buffer.from(new byte[64 * 1024]));
          pair.accepted().destroy();
        });
    pair.client().write("go");

    assertThat(causes.client.join()).hasToString("ended by the peer: END");
    assertThat(causes.accepted.join().code()).isEqualTo("DESTROYED");
  }

  @Test
  void weReset() {
    Pair pair = pair();
    Causes causes = new Causes(pair);
    pair.accepted().resume();
    pair.client().resetAndDestroy();

    causes.are("ended by us: RESET", "ended by the peer: ECONNRESET (read ECONNRESET)");
    assertThat(causes.accepted.join().layer()).isEqualTo("tcp");
    assertThat(causes.accepted.join().error().errno()).isEqualTo(-104);
  }

  @Test
  void aListenerThrew() {
    Pair pair = pair();
    Causes causes = new Causes(pair);
    pair.accepted()
        .onData(data -> {
          throw new IllegalStateException("oops");
        });
    pair.client().resume();
    pair.client().write("x");
    assertThat(Uncaught.next()).hasMessage("oops");

    causes.are(
        "ended by the peer: END",
        "ended by us: LISTENER_FAILED"
            + " (A listener of this connection threw java.lang.IllegalStateException: oops)");
    assertThat(causes.accepted.join().error()).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void nobodyAnswered() throws Exception {
    int port = EventOrderTest.freePort();
    CompletableFuture<CloseCause> cause = new CompletableFuture<>();
    onLoop(() ->
        Net.createConnection(port, "127.0.0.1").onError(error -> {}).onClose(cause::complete));

    assertThat(cause.orTimeout(5, TimeUnit.SECONDS).join())
        .hasToString(
            "ended by the network: ECONNREFUSED (connect ECONNREFUSED 127.0.0.1:%d)", port);
  }

  @Test
  void whatWasStillQueuedIsCounted() {
    Pair pair = pair();
    Causes causes = new Causes(pair);
    onLoop(() -> {
      pair.client().cork();
      pair.client().write("12345");
      pair.client().destroy();
    });

    assertThat(causes.client.orTimeout(5, TimeUnit.SECONDS).join())
        .isEqualTo(new CloseCause(By.US, "app", "DESTROYED", 5, null))
        .hasToString("ended by us: DESTROYED, 5 bytes unsent");
  }

  @Test
  void writingAfterTheEndIsOurFault() {
    Pair pair = pair();
    pair.client().onError(error -> {});
    Causes causes = new Causes(pair);
    onLoop(() -> {
      pair.client().end();
      pair.client().write("late");
    });

    assertThat(causes.client.orTimeout(5, TimeUnit.SECONDS).join())
        .hasToString("ended by us: ERR_STREAM_WRITE_AFTER_END (write after end)");
  }

  @Test
  void aResetThatCameTogetherWithBytesIsNoticed() throws Exception {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TcpServer server =
        listen(socket -> {
          events.listen(socket.onData(data -> events.add("data " + data)));
          accepted.complete(socket);
        });
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port(server));
    client.setSoLinger(true, 0);
    accepted.orTimeout(5, TimeUnit.SECONDS).join();
    settle();
    // The loop is busy with this, and then meets both at once.
    onLoop(() -> {
      client.getOutputStream().write('x');
      client.close();
      return null;
    });

    events.areExactly("data x", "error ECONNRESET", "close true");
    assertThat(server.connections()).isZero();
  }

  /** The causes that both ends of a connection are told. */
  private static final class Causes {
    private final CompletableFuture<CloseCause> client = new CompletableFuture<>();
    private final CompletableFuture<CloseCause> accepted = new CompletableFuture<>();

    Causes(Pair pair) {
      pair.client().onClose(client::complete);
      pair.accepted().onClose(accepted::complete);
    }

    void are(String clients, String accepteds) {
      assertThat(client.orTimeout(5, TimeUnit.SECONDS).join()).hasToString(clients);
      assertThat(accepted.orTimeout(5, TimeUnit.SECONDS).join()).hasToString(accepteds);
    }
  }

  // Listeners that throw

  @Test
  void aConnectionListenerThatThrowsCostsThatConnectionOnly() {
    AtomicInteger count = new AtomicInteger();
    TcpServer server =
        listen(socket -> {
          if (count.incrementAndGet() == 1) {
            throw new IllegalStateException("first");
          }
          socket.pipe(socket);
        });
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    connect(server, c -> c.resume().onClose(cause -> closed.complete(true)));
    assertThat(Uncaught.next()).hasMessage("first");
    assertThat(closed).succeedsWithin(5, TimeUnit.SECONDS);
    TcpSocket second = connect(server, c -> c.onData(data -> events.add("data " + data)));
    second.write("echo");

    events.await("data echo");
    await().until(() -> server.connections() == 1);
  }

  @Test
  void aWriteCallbackThatThrowsCostsItsConnection() {
    costsTheConnection(
        socket ->
            socket.write(
                Buffer.from("x"),
                error -> {
                  throw new IllegalStateException("callback");
                }),
        "callback");
  }

  @Test
  void anEndListenerThatThrowsCostsItsConnection() {
    costsTheConnection(
        socket -> {
          socket.onFinish(() -> {
            throw new IllegalStateException("finish");
          });
          socket.end();
        },
        "finish");
  }

  @Test
  void aTimeoutListenerThatThrowsCostsItsConnection() {
    costsTheConnection(
        socket ->
            socket.setTimeout(
                5,
                () -> {
                  throw new IllegalStateException("timeout");
                }),
        "timeout");
  }

  @Test
  void aConnectListenerThatThrowsCostsItsConnection() {
    TcpServer server = listen(TcpSocket::resume);
    TcpSocket client =
        connect(
            server,
            c ->
                c.onConnect(() -> {
                  throw new IllegalStateException("connect");
                }));

    assertThat(Uncaught.next()).hasMessage("connect");
    await().until(client::destroyed);
    await().until(() -> server.connections() == 0);
  }

  @Test
  void aCloseOrErrorListenerThatThrowsKeepsNobodyFromBeingTold() {
    Pair pair = pair();
    onLoop(() -> {
      pair.client()
          .onError(error -> {
            throw new IllegalStateException("error");
          });
      pair.client().onError(error -> events.add("error told"));
      pair.client()
          .onClose(cause -> {
            throw new IllegalStateException("close");
          });
      pair.client().onClose(cause -> events.add("close told"));
      pair.client().destroy(new NetException("ERR_MINE", "my reason"));
    });

    assertThat(Uncaught.next()).hasMessage("error");
    assertThat(Uncaught.next()).hasMessage("close");
    events.areExactly("error told", "close told");
  }

  @Test
  void listenersOfAServerThatThrowLeaveItRunning() {
    TcpServer server = closedLater(Net.createServer(socket -> {}));
    onLoop(() -> {
      server.onListening(() -> {
        throw new IllegalStateException("listening");
      });
      server.onListening(() -> events.add("told"));
      server.listen(0, "127.0.0.1");
    });
    assertThat(Uncaught.next()).hasMessage("listening");
    events.await("told");
    server.getConnections(count -> {
      throw new IllegalStateException("count");
    });
    assertThat(Uncaught.next()).hasMessage("count");
    server.close(error -> {
      throw new IllegalStateException("close");
    });
    server.onClose(() -> events.add("closed"));

    assertThat(Uncaught.next()).hasMessage("close");
    events.await("closed");
  }

  private void costsTheConnection(Consumer<TcpSocket> makeItThrow, String message) {
    Pair pair = pair();
    TcpSocket other = connect(pair.accepted().server(), TcpSocket::resume);
    pair.accepted().resume();
    onLoop(() -> makeItThrow.accept(pair.client()));

    assertThat(Uncaught.next()).hasMessage(message);
    await().until(pair.client()::destroyed);
    await().until(() -> !other.pending());
    settle();
    assertThat(other.destroyed()).isFalse();
  }

  // Drain

  @Test
  void drainEndsTheOpenConnectionsAndReports() {
    List<TcpSocket> clients = new ArrayList<>();
    TcpServer server = listen(TcpSocket::resume);
    for (int i = 0; i < 5; i++) {
      clients.add(connect(server, TcpSocket::resume));
    }
    await().until(() -> server.connections() == 5);
    server.onClose(() -> events.add("close"));

    assertThat(server.drain(Duration.ofSeconds(3)))
        .succeedsWithin(2, TimeUnit.SECONDS)
        .isEqualTo(new DrainReport(5, 0, 0));
    events.await("close");
    assertThat(clients).allMatch(TcpSocket::destroyed);
    assertThat(server.listening()).isFalse();
  }

  @Test
  void drainCutsThoseThatDoNotEndInTimeAndCountsWhatTheyLose() {
    List<TcpSocket> accepted = new CopyOnWriteArrayList<>();
    TcpServer server = listen(accepted::add);
    connect(server, TcpSocket::resume);
    await().until(() -> accepted.size() == 1);
    connect(server, TcpSocket::pause);
    await().until(() -> accepted.size() == 2);
    onLoop(() -> accepted.get(1).write(bytes(8_000_000)));
    List<CloseCause> causes = new CopyOnWriteArrayList<>();
    accepted.get(0).resume();
    accepted.get(1).onClose(causes::add);

    DrainReport report = server.drain(Duration.ofMillis(150)).orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(report.ended()).isEqualTo(1);
    assertThat(report.cut()).isEqualTo(1);
    assertThat(report.lostBytes()).isBetween(1L, 8_000_000L);
    assertThat(causes)
        .singleElement()
        .satisfies(cause -> {
          assertThat(cause.code()).isEqualTo("DRAIN_TIMEOUT");
          assertThat(cause.by()).isEqualTo(By.US);
          assertThat(cause.queuedBytes()).isEqualTo(report.lostBytes());
        });
  }

  @Test
  void drainOfAnEmptyServerIsOverAtOnce() {
    TcpServer server = listen(socket -> {});

    assertThat(server.drain(Duration.ofSeconds(30)))
        .succeedsWithin(2, TimeUnit.SECONDS)
        .isEqualTo(new DrainReport(0, 0, 0));
  }

  @Test
  void drainSaysGoodbyeInTheUsersWay() {
    TcpServer server = listen(TcpSocket::resume);
    connect(server, c -> c.onData(data -> events.add("data " + data)));
    await().until(() -> server.connections() == 1);

    assertThat(server.drain(Duration.ofSeconds(3), socket -> socket.end("bye")))
        .succeedsWithin(2, TimeUnit.SECONDS);
    events.await("data bye");
  }

  @Test
  void aGoodbyeThatThrowsCostsItsConnectionOnly() {
    TcpServer server = listen(TcpSocket::resume);
    for (int i = 0; i < 3; i++) {
      connect(server, TcpSocket::resume);
    }
    await().until(() -> server.connections() == 3);
    AtomicInteger count = new AtomicInteger();
    CompletableFuture<DrainReport> report =
        server.drain(
            Duration.ofSeconds(3),
            socket -> {
              if (count.incrementAndGet() == 2) {
                throw new IllegalStateException("goodbye");
              }
              socket.end();
            });

    assertThat(report).succeedsWithin(2, TimeUnit.SECONDS).isEqualTo(new DrainReport(3, 0, 0));
    assertThat(Uncaught.next()).hasMessage("goodbye");
  }

  @Test
  void drainSpreadsTheGoodbyes() {
    TcpServer server = listen(TcpSocket::resume);
    for (int i = 0; i < 40; i++) {
      connect(server, TcpSocket::resume);
    }
    await().until(() -> server.connections() == 40);
    List<Long> times = new CopyOnWriteArrayList<>();
    CompletableFuture<DrainReport> report =
        server.drain(
            Duration.ofSeconds(4),
            socket -> {
              times.add(System.nanoTime());
              socket.end();
            });

    assertThat(report).succeedsWithin(4, TimeUnit.SECONDS).isEqualTo(new DrainReport(40, 0, 0));
    long spread = times.getLast() - times.getFirst();
    assertThat(Duration.ofNanos(spread)).isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
  }

  @Test
  void drainIsOverWithTheLastConnectionThoughGoodbyesWereStillToCome() {
    TcpServer server = listen(TcpSocket::resume);
    List<TcpSocket> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clients.add(connect(server, TcpSocket::resume));
    }
    await().until(() -> server.connections() == 100);
    int before = ProcessLife.open();
    CompletableFuture<DrainReport> report = server.drain(Duration.ofSeconds(20), socket -> {});
    clients.forEach(TcpSocket::destroy);

    assertThat(report).succeedsWithin(2, TimeUnit.SECONDS).isEqualTo(new DrainReport(100, 0, 0));
    await().atMost(Duration.ofMillis(500)).until(() -> ProcessLife.open() <= before - 201);
  }

  @Test
  void anImpatientSecondDrainCutsSoonerAndBothReport() {
    TcpServer server = listen(TcpSocket::pause);
    connect(server, TcpSocket::pause);
    await().until(() -> server.connections() == 1);
    CompletableFuture<DrainReport> patient = server.drain(Duration.ofSeconds(60), socket -> {});
    CompletableFuture<DrainReport> impatient = server.drain(Duration.ofMillis(20), socket -> {});

    assertThat(impatient).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(new DrainReport(0, 1, 0));
    assertThat(patient).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(new DrainReport(0, 1, 0));
  }

  @Test
  void aServerListensAgainAfterItsDrain() {
    TcpServer server = listen(TcpSocket::resume);
    connect(server, TcpSocket::resume);
    await().until(() -> server.connections() == 1);
    server.drain(Duration.ofSeconds(3)).orTimeout(5, TimeUnit.SECONDS).join();
    listen(server, "127.0.0.1");
    connect(server, c -> c.resume().onConnect(() -> events.add("connected")));
    events.await("connected");

    assertThat(server.drain(Duration.ofSeconds(3)))
        .succeedsWithin(5, TimeUnit.SECONDS)
        .isEqualTo(new DrainReport(1, 0, 0));
  }

  @Test
  void aSlowReaderGetsWhatIsQueuedForItWhileThereIsTime() {
    OutboxLimits wide = OutboxLimits.defaults().withHardLimit(100_000_000);
    TcpServer server =
        listen(TcpOptions.defaults().withLimits(wide), s -> s.resume().write(bytes(9_000_000)));
    TcpSocket client = connect(server, TcpSocket::pause);
    await().until(() -> server.connections() == 1);
    CompletableFuture<DrainReport> report = server.drain(Duration.ofSeconds(4));
    settle();
    client.resume();

    assertThat(report).succeedsWithin(4, TimeUnit.SECONDS).isEqualTo(new DrainReport(1, 0, 0));
    await().until(() -> client.bytesRead() == 9_000_000);
  }
}
