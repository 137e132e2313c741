package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connecting, and what goes wrong with it. */
class ConnectTest extends TcpTest {
  private final Events events = new Events();

  /**
   * The system tells of both connections at once; the listener of the first closes the second, and
   * the new connection gets the number that its descriptor had.
   */
  @RepeatedTest(5)
  void whatTheSystemSaidOfAClosedConnectionReachesNoNewOne() throws IOException {
    List<TcpSocket> accepted = new CopyOnWriteArrayList<>();
    TcpServer server = listen(accepted::add);
    TcpServer echo = listen(socket -> socket.pipe(socket));
    try (Socket first = new Socket("127.0.0.1", port(server));
        Socket second = new Socket("127.0.0.1", port(server))) {
      await().until(() -> accepted.size() == 2);
      onLoop(() -> {
        accepted
            .get(0)
            .onData(data -> {
              accepted.get(1).destroy();
              TcpSocket fresh = closedLater(Net.createConnection(port(echo), "127.0.0.1"));
              events.listen(fresh);
              fresh.onData(echoed -> events.add("data " + echoed));
              fresh.end("hello");
            });
        first.getOutputStream().write('x');
        second.shutdownOutput();
        return null;
      });

      events.areExactly(
          "attempt 127.0.0.1", "connect", "ready", "finish", "data hello", "end", "close false");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void nobodyListens(String host) throws Exception {
    int port = EventOrderTest.freePort();
    NetException error = errorOf(ConnectOptions.port(port).withHost(host));

    assertThat(error).hasMessage("connect ECONNREFUSED " + host + ":" + port);
    assertThat(error.code()).isEqualTo("ECONNREFUSED");
    assertThat(error.errno()).isEqualTo(-111);
    assertThat(error.syscall()).isEqualTo("connect");
    assertThat(error.address()).isEqualTo(host);
    assertThat(error.port()).isEqualTo(port);
    assertThat(error.errors()).isEmpty();
  }

  @Test
  void theNameIsUnknown() {
    CompletableFuture<Lookup> lookup = new CompletableFuture<>();
    onLoop(() -> {
      TcpSocket socket = Net.createConnection(80, "no.such.host.invalid");
      events.listen(socket);
      socket.onLookup(lookup::complete);
      socket.onError(error -> events.add(error.getMessage()));
    });

    events.areExactly(
        "lookup", "error ENOTFOUND", "getaddrinfo ENOTFOUND no.such.host.invalid", "close true");
    assertThat(lookup.join().error().syscall()).isEqualTo("getaddrinfo");
    assertThat(lookup.join().address()).isNull();
    assertThat(lookup.join().host()).isEqualTo("no.such.host.invalid");
  }

  @Test
  void theFamilyThatIsAskedForHasNoAddress() {
    NetException error = errorOf(ConnectOptions.port(80).withHost("four.test").withFamily(6));

    assertThat(error.code()).isEqualTo("ENOTFOUND");
  }

  @Test
  void ofTwoAddressesOnlyTheSecondListens() throws Exception {
    String second = InetAddress.getAllByName("localhost")[1].getHostAddress();
    TcpServer server = listen(Net.createServer(TcpSocket::end), second);
    TcpSocket client =
        onLoop(() -> {
          TcpSocket socket = closedLater(Net.createConnection(port(server), "localhost"));
          events.listen(socket);
          return socket;
        });

    events.await("connect");
    assertThat(events.list().stream().filter(event -> event.startsWith("attempt"))).hasSize(2);
    assertThat(events.list()).doesNotContain("error ECONNREFUSED");
    await().until(client::destroyed);
  }

  @Test
  void noneOfTwoAddressesListens() throws Exception {
    int port = EventOrderTest.freePort();
    NetException error = errorOf(ConnectOptions.port(port));

    assertThat(error.code()).isEqualTo("ECONNREFUSED");
    assertThat(error.errors())
        .extracting(NetException::getMessage)
        .containsExactlyInAnyOrder(
            "connect ECONNREFUSED 127.0.0.1:" + port, "connect ECONNREFUSED ::1:" + port);
    assertThat(error).hasMessageStartingWith("All 2 attempts failed: connect ECONNREFUSED ");
  }

  @Test
  void theFamiliesAreTriedInTurns() throws Exception {
    int port = EventOrderTest.freePort();
    List<String> tried = new CopyOnWriteArrayList<>();
    List<String> found = new CopyOnWriteArrayList<>();
    onLoop(() -> {
      TcpSocket socket = Net.createConnection(port, "many.test");
      socket.onLookup(lookup -> found.add(lookup.family() + " " + lookup.address()));
      socket.onConnectionAttempt(at -> tried.add(at.host()));
      socket.onError(error -> events.add(error.errors().size() + " errors"));
    });

    events.areExactly("4 errors");
    assertThat(tried).containsExactly("127.0.0.11", "::1", "127.0.0.12", "127.0.0.13");
    assertThat(found)
        .containsExactlyInAnyOrder(
            "IPv4 127.0.0.11", "IPv4 127.0.0.12", "IPv4 127.0.0.13", "IPv6 ::1");
  }

  @Test
  void anAddressThatDoesNotAnswerIsGivenUpForTheNext() throws Exception {
    TcpServer server = listen(TcpSocket::resume);
    try (Deaf _ = new Deaf("127.0.0.3", port(server))) {
      ConnectOptions to =
          ConnectOptions.port(port(server))
              .withHost("slow.test")
              .withAttemptTimeout(Duration.ofMillis(60));
      TcpSocket client =
          onLoop(() -> {
            TcpSocket socket = closedLater(Net.createConnection(to));
            events.listen(socket);
            socket.onConnectionAttemptTimeout(at -> events.add("gave up " + at));
            return socket;
          });

      events.areExactly(
          "lookup",
          "attempt 127.0.0.3",
          "gave up 127.0.0.3:" + port(server),
          "attempt 127.0.0.1",
          "connect",
          "ready");
      assertThat(client.remoteAddress()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void theLastAddressIsNotGivenUp() throws Exception {
    int port = EventOrderTest.freePort();
    try (Deaf deaf = new Deaf("127.0.0.1", port)) {
      ConnectOptions to =
          ConnectOptions.port(port).withHost("four.test").withAttemptTimeout(Duration.ofMillis(10));
      TcpSocket client =
          onLoop(() -> {
            TcpSocket socket = closedLater(Net.createConnection(to));
            events.listen(socket);
            return socket;
          });
      events.await("attempt 127.0.0.1");
      await().during(Duration.ofMillis(60)).until(client::connecting);
      deaf.hear();

      await().until(() -> events.has("connect"));
    }
  }

  /** A listening socket whose queue is full: the system drops what else comes. */
  private static final class Deaf implements AutoCloseable {
    private final ServerSocket listening;
    private final List<SocketChannel> filling = new ArrayList<>();

    Deaf(String host, int port) throws IOException {
      listening = new ServerSocket(port, 1, InetAddress.getByName(host));
      for (int i = 0; i < 3; i++) {
        SocketChannel one = SocketChannel.open();
        one.configureBlocking(false);
        one.connect(listening.getLocalSocketAddress());
        filling.add(one);
      }
    }

    void hear() throws IOException {
      for (int i = 0; i < 2; i++) {
        listening.accept().close();
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
      for (SocketChannel one : filling) {
        one.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void aFamilyCanBeAskedFor(int family) throws Exception {
    TcpServer server = closedLater(Net.createServer(TcpSocket::end));
    server.listen(0);
    await().until(server::listening);
    List<String> tried = new CopyOnWriteArrayList<>();
    ConnectOptions to = ConnectOptions.port(port(server)).withFamily(family);
    CompletableFuture<String> peer = new CompletableFuture<>();
    onLoop(() -> {
      TcpSocket socket = closedLater(new TcpSocket());
      socket.onConnectionAttempt(at -> tried.add(at.host()));
      socket.connect(to, () -> peer.complete(socket.remoteFamily()));
    });

    assertThat(peer).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo("IPv" + family);
    assertThat(tried).containsExactly(family == 4 ? "127.0.0.1" : "::1");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void aBadPortIsRefusedThereAndThen(int port) {
    assertThatThrownBy(() -> Net.createConnection(port))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_SOCKET_BAD_PORT"))
        .hasMessage("Port should be >= 0 and < 65536. Received type number (%d).", port);
  }

  @Test
  void otherOptionsOutOfRangeAreRefusedToo() {
    ConnectOptions to = ConnectOptions.port(80);

    assertThatThrownBy(() -> to.withFamily(5))
        .hasMessage("The property 'options.family' must be one of: 0, 4, 6. Received 5");
    assertThatThrownBy(() -> to.withAttemptTimeout(Duration.ZERO))
        .hasMessageContaining("is out of range. It must be >= 1 && <= 2147483647. Received 0");
    assertThatThrownBy(() -> to.withAttemptTimeout(Duration.ofMillis(-1)))
        .isInstanceOf(NetException.class);
    assertThatThrownBy(() -> TcpOptions.defaults().withKeepAlive(Duration.ofDays(1)))
        .hasMessage("keepAliveInitialDelay must be from 0 to 32767 seconds, not PT24H.");
    assertThatThrownBy(() -> TcpOptions.defaults().withKeepAlive(Duration.ofSeconds(-1)))
        .isInstanceOf(NetException.class);
  }

  @Test
  void lessThanTenMillisecondsForAnAttemptCountAsTen() {
    assertThat(ConnectOptions.port(1).withAttemptTimeout(Duration.ofNanos(1)).attemptTimeout())
        .isEqualTo(Duration.ofMillis(10));
    assertThat(ConnectOptions.port(1).attemptTimeout()).isNull();
    assertThat(Net.getDefaultAutoSelectFamilyAttemptTimeout()).isEqualTo(500);
  }

  @Test
  void portZeroIsLeftToTheSystemToRefuse() {
    assertThat(errorOf(ConnectOptions.port(0).withHost("127.0.0.1")).getMessage())
        .startsWith("connect E")
        .endsWith(" 127.0.0.1");
  }

  @Test
  void theListenerOfConnectIsToldOnceAndWithTheSocket() {
    TcpServer server = listen(TcpSocket::end);
    CompletableFuture<TcpSocket> told = new CompletableFuture<>();
    TcpSocket socket = closedLater(Net.connect(port(server), "127.0.0.1", told::complete));

    assertThat(told).succeedsWithin(5, TimeUnit.SECONDS).isSameAs(socket);
  }

  @Test
  void connectAndCreateConnectionAreTheSame() {
    TcpServer server = closedLater(Net.createServer(TcpOptions.defaults()));
    server.onConnection(this::closedLater).listen(0);
    await().until(server::listening);
    int port = port(server);
    CompletableFuture<?>[] told = new CompletableFuture<?>[5];
    for (int i = 0; i < told.length; i++) {
      told[i] = new CompletableFuture<TcpSocket>();
    }
    ConnectOptions to = ConnectOptions.port(port);
    closedLater(Net.connect(port, socket -> told[0].complete(null)));
    closedLater(Net.createConnection(port, socket -> told[1].complete(null)));
    closedLater(Net.connect(to, socket -> told[2].complete(null)));
    closedLater(Net.createConnection(port, "localhost", socket -> told[3].complete(null)));
    closedLater(Net.createConnection(port)).onConnect(() -> told[4].complete(null));

    CompletableFuture.allOf(told).orTimeout(5, TimeUnit.SECONDS).join();
  }

  @Test
  void destroyDuringTheAttemptLeavesNothing() {
    TcpServer server = listen(socket -> {});
    for (int i = 0; i < 50; i++) {
      TcpSocket socket = Net.createConnection(port(server), i % 2 == 0 ? "127.0.0.1" : "localhost");
      socket.onError(error -> events.add(error.getMessage()));
      if (i % 3 == 0) {
        settle();
      }
      socket.destroy();
    }
    await().until(() -> server.connections() == 0);

    assertThat(events.list()).isEmpty();
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  private NetException errorOf(ConnectOptions to) {
    CompletableFuture<NetException> error = new CompletableFuture<>();
    onLoop(() -> Net.createConnection(to).onError(error::complete));
    return error.orTimeout(5, TimeUnit.SECONDS).join();
  }
}
