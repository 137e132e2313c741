package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.Reactor;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.Admission;
import io.netloop.net.DrainReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The room on one loop and its connections on two others. */
class ChatWorkersTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final ChatOptions OPTIONS =
      ChatOptions.defaults()
          .withPort(0)
          .withWorkers(2)
          .withRoom(RoomOptions.defaults().withBurst(1_000_000).withMessagesPerSecond(1_000_000));
  private static final TcpSeat.Patience PATIENCE = TcpSeat.Patience.DEFAULT;

  @RegisterExtension final House house = new House();

  // Spread over loops

  @Test
  void connectionsGoToTheLoopsInTurns() {
    WorkerGates gates = gates();
    int port = open(gates);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      peers.add(new Peer(port, 0).logsIn("p" + i));
    }
    assertThat(gates.gates()).extracting(TcpGate::connections).containsExactly(3, 3);
    assertThat(gates.gates()).extracting(TcpGate::loop).doesNotContain(Loop.current());
    assertThat(peers.getFirst().hears(5).getLast()).contains("p5 进入了聊天室");
    peers.forEach(Peer::close);
    close(gates, Duration.ZERO);
  }

  @Test
  void addsUpWhatItsLoopsReport() {
    ChatServer server = house.open(OPTIONS);
    List<Peer> going = List.of(house.stranger(), house.stranger(), house.stranger());
    List<Peer> staying = List.of(house.stranger(), house.stranger());
    House.until(() -> server.connections() == 5);
    CompletableFuture<DrainReport> report = server.stop(SHORT);
    going.forEach(peer -> {
      assertThat(peer.hearsMessage()).isEqualTo("服务器即将关闭");
      peer.close();
    });
    assertThat(report.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join())
        .isEqualTo(new DrainReport(3, 2, 0));
    staying.forEach(peer -> assertThat(peer.isDropped()).isTrue());
    assertThat(server.connections()).isZero();
  }

  // Slow peers

  /** The room hears of the cut from the worker's loop, later, when it has sent more. */
  @Test
  void aSlowReaderWhoseMessagesAreSpacedLeavesOnce() {
    house.open(OPTIONS.withMaxQueuedBytes(64 * 1024).withLegacyGap(Duration.ofSeconds(1)));
    Peer a = house.user("a");
    Peer slow = house.stranger().sends(Peer.login("slow"));
    assertThat(slow.hears()).contains("登录成功");
    assertThat(a.hearsMessage()).startsWith("slow 进入了聊天室");
    for (int i = 0; i < 50; i++) {
      a.whispers("slow", "x".repeat(10_000));
    }
    String heard = a.hearsMessage();
    assertThat(heard).isEqualTo("slow 离开了聊天室，当前在线人数：1");
    a.broadcasts("last");
    do {
      heard = a.hearsMessage(); // that the others found nobody
    } while (heard.equals("该用户不存在"));
    assertThat(heard).isEqualTo("last");
    assertThat(slow.isDropped()).isTrue();
    assertThat(house.logged("left as slow"))
        .singleElement()
        .asString()
        .contains("more than 65536 bytes wait for it");
  }

  /** The worker must not read for a room that is behind, and must again once it has caught up. */
  @Timeout(60)
  @Test
  void aPeerThatSendsMoreThanTheRoomTakesIsMadeToWait() throws IOException {
    house.open(OPTIONS);
    int most = 64 << 20;
    CountDownLatch hold = new CountDownLatch(1);
    try (SocketChannel channel = SocketChannel.open()) {
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), house.port()));
      channel.configureBlocking(false);
      Loop.current().execute(() -> awaits(hold));
      ByteBuffer message =
          ByteBuffer.wrap((Peer.broadcast("?") + "\n").getBytes(StandardCharsets.UTF_8));
      int length = message.limit();
      AtomicInteger sent = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      House.until(() -> {
        int before = sent.get();
        while (sent.get() < most && channel.write(message) > 0) {
          if (!message.hasRemaining()) {
            message.clear();
            sent.addAndGet(length);
          }
        }
        // For a fifth of a second the system takes nothing: the worker has stopped to read.
        return sent.get() >= most
            || (sent.get() == before ? refused.incrementAndGet() : refused.getAndSet(0)) > 40;
      });
      assertThat(sent.get()).isLessThan(most);
      hold.countDown();

      channel.configureBlocking(true);
      while (message.hasRemaining()) {
        channel.write(message);
      }
      channel.shutdownOutput();
      long heard = 0;
      ByteBuffer piece = ByteBuffer.allocate(1 << 16);
      for (int read = channel.read(piece); read >= 0; read = channel.read(piece)) {
        heard += read;
        piece.clear();
      }
      long answers = sent.get() / length + 1L;
      assertThat(heard).isEqualTo(answers * Outgoing.NOT_LOGGED_IN.line(Style.TEXT).length());
    } finally {
      hold.countDown();
    }
  }

  // Workers that end

  @Test
  void theRoomGoesOnWithoutAWorkerThatEnds() {
    WorkerGates gates = gates();
    int port = open(gates);
    Peer a = new Peer(port, 0).logsIn("a");
    TcpGate gateOfA =
        gates.gates().stream().filter(gate -> gate.connections() == 1).findAny().get();
    Peer b = new Peer(port, 0).logsIn("b");
    Peer c = new Peer(port, 0).logsIn("c");
    Peer d = new Peer(port, 0).logsIn("d");
    a.hears(3);
    b.hears(2);
    d.hasHeardNothing();
    b.hears();

    ends(gateOfA);

    assertThat(a.isDropped()).isTrue();
    assertThat(c.isDropped()).isTrue();
    List<String> notices = List.of(b.hearsMessage(), b.hearsMessage());
    assertThat(notices).anyMatch(notice -> notice.startsWith("a 离开了聊天室"));
    assertThat(notices).anyMatch(notice -> notice.startsWith("c 离开了聊天室"));
    assertThat(d.hears(2)).hasSize(2);
    d.hasHeardNothing();
    b.hears();
    House.until(() -> gates.gates().size() == 1);
    assertThat(house.logged("has ended, and with it its connections; workers left: 1")).hasSize(1);
    assertThat(house.logged(" left as ")).hasSize(2);

    Peer newcomer = new Peer(port, 0).logsIn("a");
    assertThat(b.hearsMessage()).startsWith("a 进入了聊天室");
    List.of(newcomer, a, b, c, d).forEach(Peer::close);
    House.until(() -> gates.connections() == 0);
    assertThat(close(gates, SHORT)).isEqualTo(new DrainReport(0, 0, 0));
  }

  @Test
  void nobodyHangsWhoConnectsWhileAWorkerEnds() throws Exception {
    for (int round = 0; round < 5; round++) {
      WorkerGates gates = gates();
      int port = open(gates);
      Queue<Peer> came = new ConcurrentLinkedQueue<>();
      CountDownLatch some = new CountDownLatch(20);
      Thread comers =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 200; i++) {
                  came.add(new Peer(port, 0));
                  some.countDown();
                }
              });
      assertThat(some.await(House.SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      ends(gates.gates().getLast());
      comers.join();
      int served = 0;
      for (Peer peer : came) {
        served += isServed(peer) ? 1 : 0;
      }
      assertThat(served).isPositive();
      came.forEach(Peer::close);
      House.until(() -> gates.connections() == 0);
      close(gates, SHORT);
    }
  }

  // Opening and closing

  @Test
  void tellsOnceThatThePortIsTakenAndOpensAtTheSecondTry() throws IOException {
    Queue<NetException> failures = new ConcurrentLinkedQueue<>();
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    ChatServer server;
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server =
          new ChatServer(OPTIONS.withPort(holder.getLocalPort()))
              .onListening(address -> listening.complete(address.port()))
              .onError(failures::add)
              .start();
      House.until(() -> !failures.isEmpty());
    }
    server.start();
    assertThat(listening.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join()).isPositive();
    assertThat(failures).singleElement().extracting(NetException::code).isEqualTo("EADDRINUSE");
    House.stop(server, Duration.ZERO);
  }

  @Test
  void tellsWhyItsLoopsCannotBeStarted() {
    TcpGate.Terms unusable =
        new TcpGate.Terms(null, PATIENCE, new Admission(OPTIONS.admission()), new AtomicInteger());
    WorkerGates gates = new WorkerGates(2, unusable, room());
    Queue<NetException> failures = new ConcurrentLinkedQueue<>();
    gates.onError(failures::add);
    gates.open();
    House.until(() -> !failures.isEmpty());
    gates.open(); // Nothing is left of the first try: a second one is possible.
    House.until(() -> failures.size() == 2);
    assertThat(failures)
        .allMatch(failure -> failure.code().equals("ERR_WORKER_FAILED"))
        .allMatch(failure ->
            failure.getMessage().matches("worker-.*could not be started: .*NullPointer.*"));
  }

  @Test
  void canBeStoppedWhileItOpens() {
    for (int i = 0; i < 10; i++) {
      ChatServer server = new ChatServer(OPTIONS).start();
      House.stop(server, Duration.ZERO);
      assertThat(server.connections()).isZero();
    }
  }

  /** Such a seat is told and ended before its constructor returns. */
  @Test
  void aRoomThatHasStoppedTellsWhoComesInThroughAGateOnItsOwnLoop() {
    Room room = room();
    room.stop();
    TcpGate gate = new TcpGate(new TcpGate.Terms(OPTIONS, PATIENCE), room::member);
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    gate.onListening(address -> listening.complete(address.port()));
    gate.open();
    try (Peer late =
        new Peer(listening.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join(), 0)) {
      assertThat(late.hearsToTheEnd()).isEqualTo(Outgoing.SERVER_STOPS + "\n");
    }
    assertThat(gate.close(SHORT).orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join().cut())
        .isZero();
  }

  private static Room room() {
    return new Room(OPTIONS.room(), Loop.current()::nanoTime, Runnable::run);
  }

  private static WorkerGates gates() {
    return new WorkerGates(2, new TcpGate.Terms(OPTIONS, PATIENCE), room());
  }

  private static int open(Gates gates) {
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    gates.onListening(address -> listening.complete(address.port()));
    gates.open();
    return listening.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static DrainReport close(Gates gates, Duration within) {
    CompletableFuture<DrainReport> report = new CompletableFuture<>();
    Loop.current().execute(() -> gates.close(within).thenAccept(report::complete));
    return report.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Nothing that a user can do ends a worker alone: this is what would. */
  private static void ends(TcpGate gate) {
    gate.loop().execute(() -> Reactor.current().leave(Duration.ZERO));
  }

  private static boolean isServed(Peer peer) {
    try {
      peer.broadcasts("?");
      return peer.hearsPiece().contains("NOT_LOGGED_IN");
    } catch (UncheckedIOException reset) {
      assertThat(reset).hasMessageNotContaining("timed out");
      return false;
    }
  }

  private static void awaits(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
