package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.engine.Inventory;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listening, accepting and closing. */
class TcpServerTest extends TcpTest {
  private final Events events = new Events();

  @Test
  void listensOnAPortOfItsOwnForZero() {
    TcpServer server = closedLater(Net.createServer());
    assertThat(server.listening()).isFalse();
    assertThat(server.address()).isNull();
    assertThat(server).hasToString("TcpServer not listening");
    CompletableFuture<HostPort> at = new CompletableFuture<>();
    assertThat(server.listen(0, "127.0.0.1", () -> at.complete(server.address()))).isSameAs(server);

    HostPort address = at.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(address.host()).isEqualTo("127.0.0.1");
    assertThat(address.family()).isEqualTo("IPv4");
    assertThat(address.port()).isBetween(1, 65535);
    assertThat(server.listening()).isTrue();
    assertThat(server).hasToString("TcpServer " + address);
  }

  @Test
  void tellsListeningOncePerListenAndItsOwnListenerFirst() {
    TcpServer server = closedLater(Net.createServer());
    onLoop(() -> {
      server.listen(0, "127.0.0.1", () -> events.add("once"));
      server.onListening(() -> events.add("always"));
      events.add("returned");
    });
    events.areExactly("returned", "once", "always");
    onLoop(() ->
        server.close(e -> {
          events.add("closed");
          server.listen(0, "127.0.0.1");
        }));

    events.areExactly("returned", "once", "always", "closed", "always");
  }

  @Test
  void servesBothFamiliesWithoutAHost() {
    List<String> peers = new CopyOnWriteArrayList<>();
    TcpServer server =
        closedLater(Net.createServer(s -> peers.add(closedLater(s).remoteAddress())));
    server.listen(0);
    await().until(server::listening);
    closedLater(Net.createConnection(port(server), "127.0.0.1"));
    await().until(() -> peers.size() == 1);
    closedLater(Net.createConnection(port(server), "::1"));
    await().until(() -> peers.size() == 2);

    assertThat(peers).containsExactly("::ffff:127.0.0.1", "::1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "localhost", "127.0.0.2"})
  void listensOnAnAddressOrAName(String host) {
    TcpServer server = listen(Net.createServer(TcpSocket::end), host);
    String at = host.equals("0.0.0.0") ? "127.0.0.1" : host;
    CompletableFuture<String> closed = new CompletableFuture<>();
    closedLater(Net.createConnection(port(server), at))
        .onClose(cause -> closed.complete(cause.code()));

    assertThat(closed).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo("END");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536, Integer.MAX_VALUE})
  void refusesABadPortThereAndThen(int port) {
    TcpServer server = Net.createServer();

    assertThatThrownBy(() -> server.listen(port))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_SOCKET_BAD_PORT"))
        .hasMessage("options.port should be >= 0 and < 65536. Received type number (%d).", port);
    assertThat(server.listening()).isFalse();
  }

  @Test
  void refusesToListenTwice() {
    TcpServer server = closedLater(Net.createServer()).listen(0, "127.0.0.1");

    assertThatThrownBy(() -> server.listen(0))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_SERVER_ALREADY_LISTEN"))
        .hasMessage("Listen method has been called more than once without closing.");
    await().until(server::listening);
    assertThatThrownBy(() -> server.listen(0)).isInstanceOf(NetException.class);
    assertThat(server.listening()).isTrue();
  }

  @Test
  void aTakenPortNamesItsHolderAndListeningWorksLater() {
    TcpServer first = listen(socket -> {});
    int taken = port(first);
    TcpServer second = closedLater(Net.createServer());
    CompletableFuture<NetException> error = new CompletableFuture<>();
    second.onError(error::complete);
    second.listen(taken, "127.0.0.1", () -> events.add("first callback"));

    NetException failure = error.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(failure)
        .hasMessage(
            "listen EADDRINUSE: address already in use 127.0.0.1:%d"
                + " (held by java, pid %d, this process)",
            taken, ProcessHandle.current().pid());
    assertThat(failure.code()).isEqualTo("EADDRINUSE");
    assertThat(failure.errno()).isEqualTo(-98);
    assertThat(failure.syscall()).isEqualTo("listen");
    assertThat(failure.address()).isEqualTo("127.0.0.1");
    assertThat(failure.port()).isEqualTo(taken);
    assertThat(second.listening()).isFalse();
    assertThat(events.list()).isEmpty();

    onLoop(() -> first.close(e -> second.listen(taken, "127.0.0.1", () -> events.add("second"))));
    events.areExactly("first callback", "second");
  }

  @Test
  void aPortTakenForBothFamiliesNamesTheAddressAsNodeDoes() throws Exception {
    try (ServerSocket holder = new ServerSocket(0)) {
      TcpServer server = closedLater(Net.createServer());
      CompletableFuture<NetException> error = new CompletableFuture<>();
      server.onError(error::complete).listen(holder.getLocalPort());

      assertThat(error.orTimeout(5, TimeUnit.SECONDS).join())
          .hasMessageStartingWith(
              "listen EADDRINUSE: address already in use :::" + holder.getLocalPort());
    }
  }

  @Test
  void aPortHeldByAnotherProcessNamesItsProgramAndPid() throws Exception {
    try (Peer node =
        Peer.node(
            """
            const s = require('net').createServer().listen(0, '127.0.0.1',
              () => console.log(s.address().port));
            """)) {
      int port = Integer.parseInt(node.line());
      TcpServer server = closedLater(Net.createServer());
      CompletableFuture<NetException> error = new CompletableFuture<>();
      server.onError(error::complete).listen(port, "127.0.0.1");

      assertThat(error.orTimeout(5, TimeUnit.SECONDS).join())
          .hasMessageMatching(
              ".*127.0.0.1:%d \\(held by \\S+, pid %d\\)".formatted(port, node.pid()));
    }
  }

  @Test
  void anAddressThatIsNotOursIsAnError() {
    TcpServer server = Net.createServer();
    CompletableFuture<NetException> error = new CompletableFuture<>();
    server.onError(error::complete).listen(0, "192.0.2.1");

    NetException failure = error.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(failure).hasMessage("listen EADDRNOTAVAIL: address not available 192.0.2.1");
    assertThat(failure.port()).isNull();
    assertThat(server.listening()).isFalse();
  }

  @Test
  void aNameThatIsUnknownIsAnError() {
    TcpServer server = Net.createServer();
    CompletableFuture<NetException> error = new CompletableFuture<>();
    server.onError(error::complete).listen(0, "no.such.host.invalid");

    NetException failure = error.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(failure).hasMessage("getaddrinfo ENOTFOUND no.such.host.invalid");
    assertThat(failure.code()).isEqualTo("ENOTFOUND");
    assertThat(failure.syscall()).isEqualTo("getaddrinfo");
    assertThat(failure.errno()).isEqualTo(-3008);
  }

  @Test
  void anErrorWithoutAListenerIsAnUncaughtFailure() {
    onLoop(() -> Net.createServer().listen(0, "192.0.2.1"));

    assertThat(Uncaught.next()).hasMessageStartingWith("listen EADDRNOTAVAIL");
  }

  @Test
  void anErrorWithoutAListenerIsAnUncaughtFailureFromAnotherThreadToo() {
    Net.createServer().listen(0, "192.0.2.1");

    assertThat(Uncaught.next()).hasMessageStartingWith("listen EADDRNOTAVAIL");
  }

  @Test
  void afterAnErrorNoCloseFollows() {
    TcpServer server = Net.createServer();
    server.onError(e -> events.add("error " + e.code()));
    server.onClose(() -> events.add("close"));
    server.listen(0, "192.0.2.1");
    events.await("error EADDRNOTAVAIL");
    settle();

    assertThat(events.list()).containsExactly("error EADDRNOTAVAIL");
  }

  @Test
  void closeWaitsForTheOpenConnections() {
    Pair pair = pair();
    TcpServer server = pair.accepted().server();
    int port = port(server);
    onLoop(() -> {
      pair.accepted().onClose(cause -> events.add("connection close"));
      server.onClose(() -> events.add("close 1"));
      server.close(e -> events.add("callback " + e));
      server.onClose(() -> events.add("close 2"));
      assertThat(server.listening()).isFalse();
      assertThat(server.address()).isNull();
    });
    settle();
    assertThat(events.list()).isEmpty();
    CompletableFuture<String> refused = new CompletableFuture<>();
    Net.createConnection(port, "127.0.0.1").onError(e -> refused.complete(e.code()));
    assertThat(refused).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo("ECONNREFUSED");
    pair.client().end();

    events.areExactly("connection close", "close 1", "callback null", "close 2");
  }

  @Test
  void closeOfAServerThatDoesNotRunTellsSoEachTime() {
    TcpServer server = Net.createServer();
    onLoop(() -> {
      server.onClose(() -> events.add("close"));
      server.close(e -> events.add("1 " + e.getMessage()));
      events.add("returned");
    });
    events.areExactly("returned", "close", "1 Server is not running.");
    server.close(e -> events.add("2 " + e.code()));

    events.await("2 ERR_SERVER_NOT_RUNNING");
  }

  @Test
  void aSecondCloseWhileConnectionsAreOpenIsTold() {
    Pair pair = pair();
    TcpServer server = pair.accepted().server();
    onLoop(() -> {
      server.close(e -> events.add("1 " + e));
      server.close(e -> events.add("2 " + e.code()));
    });
    pair.client().destroy();

    events.areExactly("1 null", "2 ERR_SERVER_NOT_RUNNING");
  }

  @Test
  void closeWhileListeningIsUnderWayWins() {
    TcpServer server = Net.createServer();
    onLoop(() -> {
      server.onListening(() -> events.add("listening"));
      server.listen(0, "localhost");
      server.close(e -> events.add("closed " + e));
    });
    events.await("closed null");
    settle();

    assertThat(events.list()).containsExactly("closed null");
    assertThat(server.listening()).isFalse();
  }

  @Test
  void listenAfterACloseThatIsUnderWayListensOnce() {
    TcpServer server = closedLater(Net.createServer());
    onLoop(() -> {
      server.onListening(() -> events.add("listening " + server.address().host()));
      server.listen(0, "localhost");
      server.close();
      server.listen(0, "127.0.0.2");
    });
    events.await("listening 127.0.0.2");
    CompletableFuture<Void> lookedUp = new CompletableFuture<>();
    Loop.offload(() -> InetAddress.getByName("localhost")).onResult(ip -> lookedUp.complete(null));
    lookedUp.join();
    settle();

    assertThat(events.list()).containsExactly("listening 127.0.0.2");
  }

  @Test
  void aConnectionThatCameWithTheOneThatClosedTheServerIsTurnedAway() {
    TcpServer[] server = new TcpServer[1];
    CompletableFuture<Void> release = new CompletableFuture<>();
    server[0] =
        listen(s -> {
          events.add("connection");
          server[0].close();
          s.destroy();
        });
    server[0].onClose(() -> events.add("close"));
    int port = port(server[0]);
    CompletableFuture<Void> held = new CompletableFuture<>();
    loop.execute(() -> {
      held.complete(null);
      release.join();
    });
    held.join();
    // Both are in the system's queue before the loop looks.
    try (Socket one = new Socket("127.0.0.1", port);
        Socket two = new Socket("127.0.0.1", port)) {
      release.complete(null);
      events.await("close");
      settle();
      assertThat(one.isConnected() && two.isConnected()).isTrue();
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      release.complete(null);
    }

    assertThat(events.list()).containsExactly("connection", "close");
    assertThat(server[0].connections()).isZero();
  }

  @Test
  void countsItsConnections() {
    TcpServer server = listen(socket -> {});
    TcpSocket one = connect(server);
    connect(server);
    await().until(() -> server.connections() == 2);
    CompletableFuture<Integer> told = new CompletableFuture<>();
    assertThat(server.getConnections(told::complete)).isSameAs(server);
    assertThat(told).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(2);
    one.destroy();

    await().until(() -> server.connections() == 1);
  }

  @Test
  void dropMaxConnectionChangesNothingOutsideACluster() {
    TcpServer server = listen(socket -> {});
    assertThat(server.dropMaxConnection(true)).isSameAs(server);
    connect(server);

    await().until(() -> server.connections() == 1);
    assertThat(server.maxConnections()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void anErrorOfAcceptingWaitsForItsListenerAndTheServerGoesOn() {
    TcpServer server = listen(socket -> {});
    int keepingAlive = this.<Integer>onLoop(Inventory::open);
    onLoop(() -> server.tellError(new NetException("EMFILE", "accept EMFILE")));
    server.onError(error -> events.add(error.code()));

    events.await("EMFILE");
    assertThat(server.listening()).isTrue();
    settle();
    assertThat(this.<Integer>onLoop(Inventory::open)).isEqualTo(keepingAlive);
    connect(server);
    await().until(() -> server.connections() == 1);
  }

  @Test
  void tellsAllConnectionListenersInOrder() {
    TcpServer server = closedLater(Net.createServer(s -> events.add("first")));
    server.onConnection(s -> events.add("second"));
    server.onConnection(s -> s.destroy());
    server.onConnection(s -> events.add("never"));
    listen(server, "127.0.0.1");
    connect(server);
    events.await("second");
    settle();

    assertThat(events.list()).containsExactly("first", "second");
  }

  @Test
  void networkNoiseOnAcceptedConnectionsIsCountedAndNothingElse() {
    TcpServer server = listen(TcpSocket::resume);
    connect(
        server,
        c ->
            c.onConnect(() -> {
              c.write("x");
              c.resetAndDestroy();
            }));

    await().until(() -> server.noise() == 1);
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void anErrorOfOurOwnOnAnAcceptedConnectionIsNoNoise() {
    NetException mine = new NetException("ERR_MINE", "my reason");
    TcpServer server = listen(s -> s.destroy(mine));
    connect(server);

    assertThat(Uncaught.next()).isSameAs(mine);
    assertThat(server.noise()).isZero();
  }
}
