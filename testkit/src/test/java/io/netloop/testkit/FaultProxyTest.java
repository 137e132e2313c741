package io.netloop.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.net.ConnectOptions;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import io.netloop.testkit.FaultEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class FaultProxyTest {
  private static final Bytes SENT = new Bytes(7);
  private static final int MANY = 200_000;

  private final Scene scene = new Scene(1);
  private final Queue<Buffer> atServer = new ConcurrentLinkedQueue<>();
  private final Queue<String> events = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
  private TcpSocket client;

  @AfterEach
  void closeWhatIsOpen() {
    if (client != null) {
      client.destroy();
    }
    accepted.thenAccept(TcpSocket::destroy);
    scene.close();
  }

  /** A server that ends when its client does, and a proxy before it. */
  private FaultProxy open(Faults faults, long seed) {
    int port =
        scene.listen(
            TcpOptions.defaults(),
            socket -> {
              follow("server", socket);
              socket.onData(atServer::add);
              accepted.complete(socket);
            });
    return scene.keep(FaultProxy.open(port, faults, seed));
  }

  private void follow(String name, TcpSocket socket) {
    socket
        .onEnd(() -> events.add(name + " end"))
        .onError(failure -> events.add(name + " " + failure.code()))
        .onClose(cause -> events.add(name + " close"));
  }

  private void connect(FaultProxy proxy) {
    client =
        scene.ask(() -> {
          TcpSocket socket =
              Net.createConnection(ConnectOptions.port(proxy.port()).withHost("127.0.0.1"));
          follow("client", socket);
          socket.onData(data -> events.add("client data"));
          return socket;
        });
  }

  private void send(int bytes) {
    client.write(SENT.from(0, bytes));
  }

  private TcpSocket server() {
    return accepted.orTimeout(5, TimeUnit.SECONDS).join();
  }

  private long received() {
    return atServer.stream().mapToLong(Buffer::length).sum();
  }

  private void awaitEvents(String... some) {
    await().until(() -> events.containsAll(List.of(some)));
  }

  /** A seed with which what the client sends comes to this end. */
  private static long seedFor(Faults faults, Kind end) {
    long seed = 0;
    while (new FaultPlan(faults, seed, 0, true).next().end() != end) {
      seed++;
    }
    return seed;
  }

  private static List<Kind> kinds(FaultProxy proxy) {
    return proxy.log().stream().map(FaultEvent::kind).toList();
  }

  @Test
  void passesEverythingOnWithoutFaults() {
    FaultProxy proxy = open(Faults.none(), 1);
    connect(proxy);
    send(MANY);
    client.end();

    awaitEvents("server end", "server close", "client end", "client close");
    assertThat(SENT.firstWrong(Buffer.concat(List.copyOf(atServer)), 0)).isEqualTo(-1);
    assertThat(received()).isEqualTo(MANY);
    assertThat(proxy.log()).isEmpty();
    assertThat(proxy.hasLost()).isFalse();
  }

  @Test
  void splitsIntoPiecesOfOneByte() {
    FaultProxy proxy = open(Faults.none().withSplit(1).withLargestPiece(1), 1);
    connect(proxy);
    send(300);

    await().until(() -> received() == 300);
    assertThat(atServer).hasSize(300);
    assertThat(kinds(proxy)).containsOnly(Kind.SPLIT);
  }

  @Test
  void mergesWritesThatComeApart() {
    Faults merging =
        Faults.none()
            .withMerge(1)
            .withLongestHold(Duration.ofSeconds(60))
            .withLongestStretch(1 << 20);
    connect(open(merging, 1));
    for (int i = 0; i < 10; i++) {
      client.write("piece");
      scene.settle();
    }
    client.end();

    await().until(() -> !atServer.isEmpty());
    assertThat(atServer).singleElement().hasToString("piece".repeat(10));
  }

  @Test
  void delays() {
    long begin = Loop.current().nanoTime();
    Faults late = Faults.none().withDelay(1).withLongestDelay(Duration.ofMillis(60));
    FaultProxy proxy = open(late, 1);
    connect(proxy);
    send(10);

    await().until(() -> received() == 10);
    FaultEvent delay = proxy.log().getFirst();
    assertThat(delay.kind()).isEqualTo(Kind.DELAY);
    assertThat(Loop.current().nanoTime() - begin)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(delay.value()));
  }

  @Test
  void resetsEitherSideOrBothAtTheSameByte() {
    Faults resetting = Faults.none().withReset(1).withLongestStretch(1000);
    seedFor(resetting, Kind.RESET_CLIENT);
    seedFor(resetting, Kind.RESET_SERVER);
    long both = seedFor(resetting, Kind.RESET_BOTH);
    int at = new FaultPlan(resetting, both, 0, true).next().bytes();
    FaultProxy proxy = open(resetting, both);
    connect(proxy);
    server();
    send(1000);

    awaitEvents("server ECONNRESET", "client ECONNRESET", "server close", "client close");
    assertThat(received()).isLessThanOrEqualTo(at);
    assertThat(proxy.log()).containsExactly(new FaultEvent(0, true, at, Kind.RESET_BOTH, 0));
    assertThat(proxy.hasLost()).isTrue();
  }

  @Test
  void tellsAnEndThatWasNone() {
    FaultProxy proxy = open(Faults.none().withHalfClose(1).withLongestStretch(1000), 1);
    connect(proxy);
    send(1000);

    awaitEvents("server end", "server close");
    assertThat(received()).isEqualTo(proxy.log().getFirst().at()).isLessThan(1000);
  }

  @Test
  void swallows() {
    Faults hole = Faults.none().withBlackHole(1).withLongestStretch(1000);
    FaultProxy swallowing = open(hole, seedFor(hole, Kind.SWALLOW));
    connect(swallowing);
    send(MANY);
    await().until(() -> client.writableLength() == 0);
    await().until(swallowing::hasLost);
    await().until(() -> received() == swallowing.log().getFirst().at());
    client.destroy();
    awaitEvents("client close");
    scene.settle();
    assertThat(events).doesNotContain("server end", "server close");
  }

  @Test
  void readsNoMoreAfterAStall() {
    Faults hole = Faults.none().withBlackHole(1).withLongestStretch(1000);
    FaultProxy proxy = open(hole, seedFor(hole, Kind.STALL));
    connect(proxy);
    send(12 << 20);
    await().until(proxy::hasLost);
    await().until(() -> received() == proxy.log().getFirst().at());
    scene.settle();

    assertThat(client.writableLength()).isPositive();
  }

  @Test
  void decidesTheSameWithTheSameSeedInWhateverPiecesBytesCome() {
    Faults faults = Faults.harsh().withDelay(0.05).withLongestDelay(Duration.ofMillis(1));
    List<List<FaultPlan.Stretch>> plans = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      FaultPlan plan = new FaultPlan(faults, 42, 3, true);
      List<FaultPlan.Stretch> stretches = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        stretches.add(plan.next());
        for (int pieces = run * 7; pieces > 0; pieces--) {
          plan.piece(stretches.getLast());
        }
      }
      plans.add(stretches);
    }
    assertThat(plans.getFirst()).isEqualTo(plans.getLast());
    assertThat(new FaultPlan(faults, 42, 3, false).next()).isNotEqualTo(plans.getFirst().get(0));
    assertThat(new FaultPlan(faults, 42, 4, true).next()).isNotEqualTo(plans.getFirst().get(0));
  }

  @Test
  void resetsTheClientWhereTheServerIsGone() {
    FaultProxy proxy = open(Faults.none(), 1);
    scene.closeServers();
    connect(proxy);

    awaitEvents("client ECONNRESET", "client close");
  }

  @Test
  void closesWhatIsConnectedAndListensNoMore() {
    FaultProxy proxy = open(Faults.none(), 1);
    connect(proxy);
    server();
    proxy.close();
    proxy.close();

    awaitEvents("client close", "server close");
    CompletableFuture<CloseCause> refused = new CompletableFuture<>();
    scene.onLoop(() ->
        Net.createConnection(proxy.port(), "127.0.0.1")
            .onError(failure -> {})
            .onClose(refused::complete));
    assertThat(refused.orTimeout(5, TimeUnit.SECONDS).join().code()).isEqualTo("ECONNREFUSED");
  }

  @Test
  void cannotBeOpenedOnTheLoopThatItWouldBlock() {
    assertThatThrownBy(() -> scene.ask(() -> FaultProxy.open(1, Faults.none(), 1)))
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void describesItself() {
    FaultProxy proxy = open(Faults.none(), 99);
    assertThat(proxy.seed()).isEqualTo(99);
    assertThat(proxy).asString().contains("seed 99", String.valueOf(proxy.port()));
    assertThat(new FaultEvent(0, true, 1312, Kind.SPLIT, 7))
        .hasToString("#0 to server, byte 1312: SPLIT 7");
    assertThat(new FaultEvent(2, false, 0, Kind.RESET_BOTH, 0))
        .hasToString("#2 to client, byte 0: RESET_BOTH");
  }
}
