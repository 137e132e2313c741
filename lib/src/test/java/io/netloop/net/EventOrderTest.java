package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The rows of the table of event orders: what both sides see, exactly. */
class EventOrderTest extends TcpTest {
  private static final TcpOptions HALF_OPEN = TcpOptions.defaults().withAllowHalfOpen(true);
  private static final String ATTEMPT = "attempt 127.0.0.1";

  private final AtomicReference<Events> server = new AtomicReference<>();
  private final AtomicReference<TcpSocket> accepted = new AtomicReference<>();
  private Events client;
  private TcpSocket connecting;

  @Test
  void connectToAName() {
    TcpServer listening = listen(socket -> {});
    CompletableFuture<Events> events = new CompletableFuture<>();
    onLoop(() -> {
      TcpSocket socket = closedLater(Net.createConnection(port(listening), "localhost"));
      events.complete(Events.of(socket));
    });

    events.join().await("ready");
    assertThat(events.join().list()).startsWith("lookup").endsWith("connect", "ready");
    assertThat(events.join().list()).contains(ATTEMPT);
  }

  @Test
  void connectToAnAddress() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), c -> {}, s -> {});

    client.areExactly(ATTEMPT, "connect", "ready");
  }

  @Test
  void clientEnds() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), c -> c.end("x"), s -> {});

    client.areExactly(ATTEMPT, "connect", "ready", "finish", "end", "close false");
    server.get().areExactly("data x", "end", "finish", "close false");
  }

  @Test
  void serverEnds() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), c -> {}, s -> s.end("bye"));

    client.areExactly(ATTEMPT, "connect", "ready", "data bye", "end", "finish", "close false");
    server.get().areExactly("finish", "end", "close false");
  }

  @Test
  void serverHalfOpenClientEndsAndServerEndsLater() {
    talk(TcpOptions.defaults(), HALF_OPEN, c -> c.end("x"), s -> {});
    await().until(() -> server.get() != null && server.get().has("end"));
    server.get().areExactly("data x", "end");
    client.areExactly(ATTEMPT, "connect", "ready", "finish");
    accepted.get().end("late");

    client.areExactly(ATTEMPT, "connect", "ready", "finish", "data late", "end", "close false");
    server.get().areExactly("data x", "end", "finish", "close false");
  }

  @Test
  void serverHalfOpenThatNeverEnds() {
    TcpServer listening = talk(TcpOptions.defaults(), HALF_OPEN, c -> c.end("x"), s -> {});
    AtomicReference<String> closed = new AtomicReference<>("no");
    await().until(() -> server.get() != null && server.get().has("end"));
    client.await("finish");
    listening.close(error -> closed.set("yes"));
    settle();

    assertThat(client.list()).containsExactly(ATTEMPT, "connect", "ready", "finish");
    assertThat(server.get().list()).containsExactly("data x", "end");
    assertThat(connecting.readyState()).isEqualTo("readOnly");
    assertThat(accepted.get().readyState()).isEqualTo("writeOnly");
    assertThat(closed).hasValue("no");
    accepted.get().destroy();
    await().until(() -> closed.get().equals("yes"));
  }

  @Test
  void clientHalfOpenServerEnds() {
    talk(HALF_OPEN, TcpOptions.defaults(), c -> {}, s -> s.end("bye"));
    client.await("end");
    settle();
    assertThat(client.list()).containsExactly(ATTEMPT, "connect", "ready", "data bye", "end");
    assertThat(connecting.readyState()).isEqualTo("writeOnly");
    connecting.end("last");

    client.areExactly(ATTEMPT, "connect", "ready", "data bye", "end", "finish", "close false");
    server.get().areExactly("finish", "data last", "end", "close false");
  }

  @Test
  void serverDestroys() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), c -> {}, TcpSocket::destroy);

    client.areExactly(ATTEMPT, "connect", "ready", "end", "finish", "close false");
    server.get().areExactly("close false");
  }

  @Test
  void serverDestroysWithAnError() {
    NetException mine = new NetException("ERR_MINE", "my reason");
    talk(TcpOptions.defaults(), TcpOptions.defaults(), c -> {}, s -> s.destroy(mine));

    client.areExactly(ATTEMPT, "connect", "ready", "end", "finish", "close false");
    server.get().areExactly("error ERR_MINE", "close true");
  }

  @Test
  void serverResets() {
    talk(
        TcpOptions.defaults(),
        TcpOptions.defaults(),
        c -> c.onConnect(() -> c.write("go")),
        s -> s.onData(data -> s.resetAndDestroy()));

    client.areExactly(ATTEMPT, "connect", "ready", "error ECONNRESET", "close true");
    server.get().areExactly("data go", "close false");
  }

  @Test
  void peerEndsWhileNobodyReadsWhatItSent() {
    TcpServer listening = listen(s -> server.set(Events.withoutReading(accept(s))));
    connectAnd(listening, TcpOptions.defaults(), c -> c.end("unread"));
    client.await("finish");
    await().until(() -> accepted.get().bytesRead() == 6);
    settle();

    assertThat(server.get().list()).isEmpty();
    assertThat(client.list()).containsExactly(ATTEMPT, "connect", "ready", "finish");
    accepted.get().resume();
    server.get().areExactly("end", "finish", "close false");
    client.areExactly(ATTEMPT, "connect", "ready", "finish", "end", "close false");
  }

  @Test
  void peerEndsWithoutDataAndWithoutAReader() {
    TcpServer listening = listen(s -> server.set(Events.withoutReading(accept(s))));
    connectAnd(listening, TcpOptions.defaults(), TcpSocket::end);

    client.areExactly(ATTEMPT, "connect", "ready", "finish", "end", "close false");
    server.get().areExactly("end", "finish", "close false");
  }

  @Test
  void aPausedSocketHoldsEndAndCloseBack() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), c -> c.end("rest"), TcpSocket::pause);
    client.await("finish");
    await().until(() -> accepted.get().bytesRead() == 4);
    settle();
    assertThat(server.get().list()).isEmpty();
    assertThat(accepted.get().isPaused()).isTrue();
    accepted.get().resume();

    server.get().areExactly("data rest", "end", "finish", "close false");
  }

  @Test
  void pauseInTheMiddleOfWhatWaitsStopsThere() {
    TcpServer listening =
        listen(s -> {
          server.set(Events.withoutReading(accept(s)));
          s.onData(data -> {
            server.get().add("data " + data);
            s.pause();
          });
        });
    Pieces pieces = new Pieces(listening);
    pieces.send("a");
    await().until(() -> server.get() != null && server.get().has("data a"));
    pieces.send("b");
    await().until(() -> accepted.get().bytesRead() == 2);
    pieces.send("c");
    await().until(() -> accepted.get().bytesRead() == 3);
    settle();
    assertThat(server.get().list()).containsExactly("data a");

    accepted.get().resume();
    await().until(() -> server.get().has("data ab"));
    settle();
    assertThat(server.get().list()).containsExactly("data ab");
  }

  /** A client that sends one piece at a time. */
  private final class Pieces {
    private final TcpSocket socket;

    Pieces(TcpServer listening) {
      socket = connect(listening);
    }

    void send(String text) {
      socket.write(text);
    }
  }

  @Test
  void writeAfterEnd() {
    talk(
        TcpOptions.defaults(),
        HALF_OPEN,
        c ->
            c.onConnect(() -> {
              c.end();
              assertThat(c.write(Buffer.from("late"), e -> client.add("told " + e.code())))
                  .isFalse();
              client.add("returned");
            }),
        s -> {});

    client.areExactly(
        ATTEMPT,
        "connect",
        "returned",
        "ready",
        "told ERR_STREAM_WRITE_AFTER_END",
        "error ERR_STREAM_WRITE_AFTER_END",
        "close true");
  }

  @Test
  void writeAfterDestroy() {
    talk(
        TcpOptions.defaults(),
        TcpOptions.defaults(),
        c ->
            c.onConnect(() -> {
              c.destroy();
              assertThat(c.write(Buffer.from("late"), e -> client.add("told " + e.getMessage())))
                  .isFalse();
              client.add("returned");
            }),
        s -> {});

    client.areExactly(
        ATTEMPT,
        "connect",
        "returned",
        "ready",
        "told Cannot call write after a stream was destroyed",
        "close false");
  }

  @Test
  void writeOnAFreshSocket() {
    Events events =
        onLoop(() -> {
          TcpSocket socket = new TcpSocket();
          Events list = Events.of(socket);
          assertThat(socket.write(Buffer.from("x"), e -> list.add("told " + e.getMessage())))
              .isFalse();
          list.add("returned");
          return list;
        });

    events.areExactly("returned", "told Socket is closed", "error ERR_SOCKET_CLOSED", "close true");
  }

  @Test
  void writeBeforeConnected() {
    talk(
        TcpOptions.defaults(),
        TcpOptions.defaults(),
        c -> {
          assertThat(c.write(Buffer.from("early"), e -> client.add("told " + e))).isTrue();
          assertThat(c.write(bytes(70_000))).isFalse();
          assertThat(c.bytesWritten()).isEqualTo(70_005);
          assertThat(c.writableLength()).isEqualTo(70_005);
        },
        s -> {});

    client.areExactly(ATTEMPT, "connect", "ready", "drain", "told null");
    await().until(() -> accepted.get().bytesRead() == 70_005);
  }

  @Test
  void writeBeforeAConnectionThatFails() throws Exception {
    int nobody = freePort();
    Events events =
        onLoop(() -> {
          TcpSocket socket = Net.createConnection(nobody, "127.0.0.1");
          Events list = Events.of(socket);
          socket.write(Buffer.from("lost"), e -> list.add("told " + e.code()));
          return list;
        });

    events.areExactly(ATTEMPT, "told ECONNREFUSED", "error ECONNREFUSED", "close true");
  }

  @Test
  void destroyBeforeConnected() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), TcpSocket::destroy, s -> {});

    client.areExactly("close false");
  }

  @Test
  void destroyBeforeANameIsLookedUp() {
    TcpServer listening = listen(s -> {});
    Events events =
        onLoop(() -> {
          TcpSocket socket = Net.createConnection(port(listening), "localhost");
          Events list = Events.of(socket);
          socket.destroy();
          return list;
        });

    events.areExactly("close false");
    settle();
    assertThat(events.list()).containsExactly("close false");
  }

  @Test
  void endBeforeConnected() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), TcpSocket::end, s -> {});

    client.areExactly(ATTEMPT, "connect", "ready", "finish", "end", "close false");
    server.get().areExactly("end", "finish", "close false");
  }

  @Test
  void endBeforeConnectedAlsoWhereAcceptedSocketsWouldStartPaused() {
    TcpOptions paused = TcpOptions.defaults().withPauseOnConnect(true);
    talk(paused, TcpOptions.defaults(), TcpSocket::end, s -> {});

    client.areExactly(ATTEMPT, "connect", "ready", "finish", "end", "close false");
  }

  @Test
  void resetBeforeConnected() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), TcpSocket::resetAndDestroy, s -> {});

    client.areExactly(ATTEMPT, "connect", "ready", "close false");
    await().until(() -> server.get() != null);
    server.get().areExactly("error ECONNRESET", "close true");
  }

  @Test
  void destroyWithQueuedWrites() {
    Pair pair = pair();
    Events list = new Events();
    onLoop(() -> {
      TcpSocket c = pair.client();
      list.listen(c);
      c.cork();
      c.write(Buffer.from("one"), e -> list.add("1 " + e.code()));
      c.write(Buffer.from("two"), e -> list.add("2 " + e.code()));
      c.destroy();
      c.end(e -> list.add("end " + e.code()));
      list.add("returned");
    });

    list.areExactly(
        "returned",
        "1 ERR_STREAM_DESTROYED",
        "2 ERR_STREAM_DESTROYED",
        "end ERR_STREAM_DESTROYED",
        "close false");
  }

  @Test
  void destroyAfterEndWithWritesStillQueuedTellsTheEndToo() {
    TcpServer silent = listen(TcpSocket::pause);
    Events list = new Events();
    connect(
        silent,
        c -> {
          list.listen(c);
          c.onConnect(() -> {
            c.cork();
            c.write(Buffer.from("one"), e -> list.add("1 " + e.code()));
            c.write(bytes(8_000_000));
            c.end(e -> list.add("end " + e.code()));
            c.destroy();
          });
        });

    list.await("close false");
    assertThat(list.list())
        .containsSubsequence("end ERR_STREAM_DESTROYED", "close false")
        .doesNotContain("finish");
  }

  @Test
  void idleTimeoutAndNothingElse() {
    talk(TcpOptions.defaults(), TcpOptions.defaults(), c -> c.setTimeout(10), s -> {});

    client.areExactly(ATTEMPT, "connect", "ready", "timeout");
    settle();
    assertThat(connecting.readyState()).isEqualTo("open");
  }

  @Test
  void anErrorWithoutAListenerIsAnUncaughtFailure() throws Exception {
    int nobody = freePort();
    CompletableFuture<String> closed = new CompletableFuture<>();
    onLoop(() -> {
      Net.createConnection(nobody, "127.0.0.1").onClose(cause -> closed.complete(cause.code()));
    });

    assertThat(Uncaught.next()).hasMessage("connect ECONNREFUSED 127.0.0.1:" + nobody);
    assertThat(closed).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo("ECONNREFUSED");
  }

  @Test
  void theStatesFollowTheTable() {
    TcpServer listening = listen(s -> {});
    Events states = new Events();
    onLoop(() -> {
      TcpSocket fresh = new TcpSocket();
      states.add("fresh " + state(fresh));
      ConnectOptions to = ConnectOptions.port(port(listening)).withHost("127.0.0.1");
      fresh.onClose(cause -> states.add("close"));
      fresh.connect(
          to,
          () -> {
            states.add("connected " + state(fresh));
            fresh.destroy();
            states.add("destroyed " + state(fresh));
          });
      states.add("connecting " + state(fresh));
    });

    states.areExactly(
        "fresh false true closed false",
        "connecting true true opening false",
        "connected false false open false",
        "destroyed false true closed true",
        "close");
  }

  private static String state(TcpSocket s) {
    return s.connecting() + " " + s.pending() + " " + s.readyState() + " " + s.destroyed();
  }

  private TcpServer talk(
      TcpOptions clients, TcpOptions servers, Consumer<TcpSocket> c, Consumer<TcpSocket> s) {
    TcpServer listening =
        listen(
            servers,
            socket -> {
              server.set(Events.of(accept(socket)));
              s.accept(socket);
            });
    connectAnd(listening, clients, c);
    return listening;
  }

  private TcpSocket accept(TcpSocket socket) {
    accepted.set(socket);
    return socket;
  }

  private void connectAnd(TcpServer listening, TcpOptions options, Consumer<TcpSocket> c) {
    connecting =
        connect(
            listening,
            options,
            socket -> {
              client = Events.of(socket);
              c.accept(socket);
            });
  }

  static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
