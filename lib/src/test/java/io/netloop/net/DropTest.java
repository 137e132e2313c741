package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Workers;
import io.netloop.net.Admission.Limits;
import io.netloop.net.Admission.Refusal;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that a server refuses, and what their peers see. */
class DropTest extends TcpTest {
  private final Events events = new Events();
  private final List<Drop> drops = new CopyOnWriteArrayList<>();
  private final List<Socket> peers = new ArrayList<>();

  @AfterEach
  void closePeers() throws IOException {
    for (Socket peer : peers) {
      peer.close();
    }
  }

  /** A peer; what was asked of the server before has reached its loop by then. */
  private Socket peer(TcpServer server) throws IOException {
    settle();
    Socket peer = new Socket("127.0.0.1", port(server));
    peer.setSoTimeout(10_000);
    peers.add(peer);
    return peer;
  }

  private static String readAll(Socket peer) throws IOException {
    return new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  // maxConnections

  @Test
  void overTheLimitAConnectionEndsWithoutAnErrorAndDropTells() {
    TcpServer server = listen(socket -> events.add("connection"));
    assertThat(server.maxConnections()).isEqualTo(Integer.MAX_VALUE);
    assertThat(server.maxConnections(1)).isSameAs(server);
    server.onDrop(drops::add);
    TcpSocket first = connect(server);
    events.await("connection");
    Events second = new Events();
    TcpSocket refused = connect(server, second::listen);
    int port = onLoop(refused::localPort);
    refused.resume();
    second.areExactly("attempt 127.0.0.1", "connect", "ready", "end", "finish", "close false");
    await().until(() -> drops.size() == 1);

    Drop drop = drops.getFirst();
    assertThat(drop.refusal()).isNull();
    assertThat(drop.local()).isEqualTo(new HostPort("127.0.0.1", port(server), "IPv4"));
    assertThat(drop.remote().host()).isEqualTo("127.0.0.1");
    assertThat(drop.remote().family()).isEqualTo("IPv4");
    assertThat(port == 0 || drop.remote().port() == port).isTrue();
    assertThat(first.destroyed()).isFalse();
    assertThat(server.connections()).isEqualTo(1);
    assertThat(events.list()).containsExactly("connection");
  }

  @Test
  void whenOneHasClosedAnotherMayCome() throws Exception {
    TcpServer server = listen(TcpSocket::resume);
    server.maxConnections(1).onDrop(drops::add);
    Socket first = peer(server);
    await().until(() -> server.connections() == 1);
    assertThat(readAll(peer(server))).isEmpty();
    first.close();
    await().until(() -> server.connections() == 0);
    peer(server);

    await().until(() -> server.connections() == 1);
    await().until(() -> drops.size() == 1);
  }

  @Test
  void zeroDropsAllAndCanBeLifted() throws Exception {
    TcpServer server = listen(TcpSocket::resume);
    server.maxConnections(0).onDrop(drops::add);
    assertThat(readAll(peer(server))).isEmpty();
    assertThat(readAll(peer(server))).isEmpty();
    await().until(() -> drops.size() == 2);
    server.maxConnections(Integer.MAX_VALUE);
    peer(server);

    await().until(() -> server.connections() == 1);
  }

  @Test
  void aLimitBelowZeroIsRefused() {
    assertThatThrownBy(() -> Net.createServer().maxConnections(-1))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_OUT_OF_RANGE"));
  }

  @Test
  void onADualStackServerTheDropShowsTheAddressesAsTheServerDoes() {
    TcpServer server = closedLater(Net.createServer());
    server.maxConnections(0).onDrop(drops::add).listen(0);
    await().until(server::listening);
    closedLater(Net.createConnection(port(server), "127.0.0.1"));
    await().until(() -> drops.size() == 1);

    assertThat(drops.getFirst().remote().host()).isEqualTo("::ffff:127.0.0.1");
    assertThat(drops.getFirst().remote().family()).isEqualTo("IPv6");
    assertThat(drops.getFirst().local().host()).isEqualTo("::ffff:127.0.0.1");
  }

  @Test
  void aDropListenerThatThrowsIsUncaughtAndTheServerGoesOn() throws Exception {
    TcpServer server = listen(TcpSocket::end);
    server
        .maxConnections(0)
        .onDrop(drop -> {
          throw new IllegalStateException("mine");
        });
    assertThat(readAll(peer(server))).isEmpty();
    assertThat(Uncaught.next()).hasMessage("mine");
    server.maxConnections(5);

    assertThat(readAll(peer(server))).isEmpty();
  }

  // Farewell

  @Test
  void theFarewellReachesThePeer() throws Exception {
    TcpServer server = listen(socket -> {});
    server.maxConnections(0).farewell(Buffer.from("full\r\n"));

    assertThat(readAll(peer(server))).isEqualTo("full\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 200_000})
  void theFarewellReachesAPeerThatTalksFirst(int length) throws Exception {
    TcpServer server = listen(socket -> {});
    server.maxConnections(0).farewell(Buffer.from("full\r\n"));
    for (int i = 0; i < 20; i++) {
      Events seen = new Events();
      connect(
          server,
          client -> {
            seen.listen(client);
            client.onData(data -> seen.add("data " + data));
            client.write(bytes(length));
          });
      seen.await("close false");
      assertThat(seen.list()).contains("data full\r\n", "end").doesNotContain("close true");
    }
  }

  @Test
  void theFarewellReachesAPeerWhoseBytesLieUnread() throws Exception {
    TcpServer server = listen(socket -> {});
    server.maxConnections(0).farewell(Buffer.from("full\r\n"));
    for (int i = 0; i < 20; i++) {
      CompletableFuture<Void> busy = new CompletableFuture<>();
      settle();
      loop.execute(busy::join);
      Socket peer = new Socket("127.0.0.1", port(server));
      peer.setSoTimeout(10_000);
      peer.getOutputStream().write(new byte[5000]);
      busy.complete(null);
      assertThat(readAll(peer)).isEqualTo("full\r\n");
      peer.getOutputStream().write(1); // no reset has come
      peer.close();
    }
  }

  @Test
  void aPeerThatStaysAfterTheFarewellIsCutAfterASecond() throws Exception {
    TcpServer server = listen(socket -> {});
    server.maxConnections(0).farewell(Buffer.from("full\r\n"));
    Socket peer = peer(server);
    assertThat(readAll(peer)).isEqualTo("full\r\n");

    await()
        .atLeast(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(5))
        .ignoreExceptions()
        .until(() -> {
          try {
            peer.getOutputStream().write(1);
            return false;
          } catch (IOException cut) {
            return true;
          }
        });
  }

  @Test
  void aPeerThatResetsDuringTheFarewellIsNoMatter() throws Exception {
    TcpServer server = listen(socket -> {});
    server.maxConnections(0).farewell(Buffer.from("full\r\n")).onDrop(drops::add);
    for (int i = 0; i < 10; i++) {
      Socket peer = peer(server);
      peer.setSoLinger(true, 0);
      peer.close();
    }
    await().untilAsserted(() -> assertThat(drops).hasSize(10));
    settle();

    assertThat(Uncaught.isEmpty()).isTrue();
  }

  // Admission

  @Test
  void anAdmissionRefusesWithItsReasonAndCounts() throws Exception {
    Admission admission = new Admission(Limits.defaults().withPerAddress(2));
    TcpServer server = listen(TcpSocket::resume);
    server.admission(admission).farewell(Buffer.from("too many")).onDrop(drops::add);
    peer(server);
    peer(server);
    await().until(() -> server.connections() == 2);
    assertThat(readAll(peer(server))).isEqualTo("too many");
    await().until(() -> drops.size() == 1);

    assertThat(drops).extracting(Drop::refusal).containsExactly(Refusal.ADDRESS);
    assertThat(admission.refused(Refusal.ADDRESS)).isEqualTo(1);
    assertThat(admission.connections()).isEqualTo(2);
  }

  @Test
  void aConnectionLeavesOnceHoweverItEnds() throws Exception {
    Admission admission = new Admission(Limits.defaults());
    TcpServer server =
        listen(socket -> {
          socket.resume();
          socket.onError(error -> {});
          socket.onData(data -> {
            switch (data.toString().charAt(0)) {
              case 'e' -> socket.end();
              case 'd' -> socket.destroy();
              case 'f' -> socket.destroy(new NetException("ERR_MINE", "mine"));
              case 'r' -> socket.resetAndDestroy();
              case 's' -> socket.end("x").destroySoon();
              case 't' -> throw new IllegalStateException("mine");
              case 'm' -> {
                socket.destroy();
                socket.destroy();
                socket.end();
              }
              default -> {}
            }
          });
        });
    server.admission(admission);
    Socket stays = peer(server);
    for (String how : List.of("e", "d", "f", "r", "s", "t", "m", "client", "reset")) {
      Socket peer = peer(server);
      await().until(() -> admission.connections() == 2);
      peer.getOutputStream().write(how.getBytes(StandardCharsets.UTF_8));
      if (how.equals("reset")) {
        peer.setSoLinger(true, 0);
      }
      if (how.length() > 1) {
        peer.close();
      } else if (how.equals("e") || how.equals("s")) {
        readAll(peer);
        peer.close();
      }
      await(how).until(() -> server.connections() == 1);
      settle();
      assertThat(admission.connections()).describedAs(how).isEqualTo(1);
    }
    assertThat(Uncaught.next()).hasMessage("mine");
    stays.close();

    await().until(() -> admission.connections() == 0);
  }

  @Test
  void aConnectionLeavesThatItsListenerHasDestroyedAtOnce() throws Exception {
    Admission admission = new Admission(Limits.defaults());
    TcpServer server = listen(TcpSocket::destroy);
    server.admission(admission);
    readAll(peer(server));
    readAll(peer(server));

    await().until(() -> admission.connections() == 0);
  }

  @Test
  void aConnectionLeavesTheAdmissionThatItEntered() throws Exception {
    Admission first = new Admission(Limits.defaults());
    Admission second = new Admission(Limits.defaults());
    TcpServer server = listen(TcpSocket::resume);
    Socket before = peer(server);
    await().until(() -> server.connections() == 1);
    server.admission(first);
    Socket one = peer(server);
    await().until(() -> first.connections() == 1);
    server.admission(second);
    Socket two = peer(server);
    await().until(() -> second.connections() == 1);
    before.close();
    one.close();
    await().until(() -> first.connections() == 0);
    assertThat(second.connections()).isEqualTo(1);
    two.close();

    await().until(() -> second.connections() == 0);
  }

  @Test
  void oneAdmissionServesTwoServersOfDifferentFamilies() throws Exception {
    Admission admission = new Admission(Limits.defaults().withPerAddress(2));
    TcpServer one = listen(TcpSocket::resume);
    TcpServer dual = closedLater(Net.createServer(this::closedLater));
    dual.listen(0);
    await().until(dual::listening);
    one.admission(admission).onDrop(drops::add);
    dual.admission(admission).onDrop(drops::add);
    peer(one);
    peer(dual);
    await().until(() -> admission.connections() == 2);
    assertThat(readAll(peer(dual))).isEmpty();
    assertThat(readAll(peer(one))).isEmpty();
    await().until(() -> drops.size() == 2);

    assertThat(drops).extracting(Drop::refusal).containsExactly(Refusal.ADDRESS, Refusal.ADDRESS);
  }

  @Test
  void oneAdmissionServesAllWorkers() throws Exception {
    Admission admission = new Admission(Limits.defaults().withTotal(6));
    List<TcpServer> servers = new CopyOnWriteArrayList<>();
    Workers workers =
        Workers.fork(
            3,
            () -> {
              TcpServer server = Net.createServer(TcpSocket::resume).admission(admission);
              server.onDrop(drops::add);
              servers.add(server);
              server.listen(0, "127.0.0.1");
            });
    await().until(() -> servers.size() == 3 && servers.stream().allMatch(TcpServer::listening));
    for (int i = 0; i < 10; i++) {
      peer(servers.getFirst());
    }
    await().until(() -> drops.size() == 4);

    assertThat(drops).extracting(Drop::refusal).containsOnly(Refusal.TOTAL);
    assertThat(admission.connections()).isEqualTo(6);
    assertThat(workers.close(Duration.ZERO)).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(admission.connections()).isZero();
  }

  @Test
  void aWorkersEndCutsThoseWhoHearTheFarewell() throws Exception {
    List<TcpServer> servers = new CopyOnWriteArrayList<>();
    Workers workers =
        Workers.fork(
            1,
            () -> {
              TcpServer server = Net.createServer().maxConnections(0).farewell(Buffer.from("full"));
              servers.add(server);
              server.listen(0, "127.0.0.1");
            });
    await().until(() -> servers.size() == 1 && servers.getFirst().listening());
    Socket peer = peer(servers.getFirst());
    assertThat(readAll(peer)).isEqualTo("full");

    assertThat(workers.close(Duration.ZERO)).succeedsWithin(5, TimeUnit.SECONDS);
  }

  // Block list

  @Test
  void aPeerOnTheBlockListIsClosedWithoutAnyEvent() throws Exception {
    BlockList list = new BlockList().addAddress("127.0.0.1");
    TcpServer server =
        listen(TcpOptions.defaults().withBlockList(list), socket -> events.add("connection"));
    Admission admission = new Admission(Limits.defaults());
    server.onDrop(drops::add).admission(admission).farewell(Buffer.from("bye"));
    Events client = new Events();
    connect(server, client::listen).resume();
    await().until(() -> client.list().stream().anyMatch(event -> event.startsWith("close")));
    settle();

    assertThat(events.list()).isEmpty();
    assertThat(drops).isEmpty();
    assertThat(admission.connections()).isZero();
    assertThat(server.connections()).isZero();
  }

  @Test
  void anIpv4RuleBlocksThePeerOfADualStackServer() throws Exception {
    BlockList list = new BlockList().addSubnet("127.0.0.0", 8);
    TcpServer server =
        closedLater(
            Net.createServer(
                TcpOptions.defaults().withBlockList(list), s -> events.add(s.remoteAddress())));
    server.listen(0);
    await().until(server::listening);
    assertThat(readAll(peer(server))).isEmpty();
    CompletableFuture<String> closed = new CompletableFuture<>();
    TcpSocket six = closedLater(Net.createConnection(port(server), "::1"));
    six.onConnect(six::end);
    six.onClose(cause -> closed.complete(cause.code()));
    events.await("::1");

    assertThat(events.list()).containsExactly("::1");
  }

  @Test
  void aClientDoesNotConnectToWhatItsListBlocks() {
    TcpServer server = listen(socket -> events.add("connection"));
    BlockList list = new BlockList().addAddress("127.0.0.1");
    CompletableFuture<NetException> failed = new CompletableFuture<>();
    TcpSocket client =
        connect(
            server,
            TcpOptions.defaults().withBlockList(list),
            socket -> socket.onError(failed::complete));

    assertThat(failed.orTimeout(5, TimeUnit.SECONDS).join())
        .hasMessage("IP(127.0.0.1) is blocked by net.BlockList")
        .extracting(NetException::code)
        .isEqualTo("ERR_IP_BLOCKED");
    await().until(client::closed);
    assertThat(events.list()).isEmpty();
  }

  @Test
  void ofSeveralAddressesABlockedOneIsPassedOver() {
    TcpServer server = listen(Net.createServer(TcpSocket::end), "127.0.0.1");
    BlockList list = new BlockList().addAddress("127.0.0.3").addAddress("::1", "ipv6");
    ConnectOptions to =
        ConnectOptions.port(port(server))
            .withHost("slow.test")
            .withSocket(TcpOptions.defaults().withBlockList(list));
    TcpSocket client =
        onLoop(() -> {
          TcpSocket socket = closedLater(Net.createConnection(to));
          events.listen(socket);
          return socket;
        });

    events.await("connect");
    await().until(client::closed);
    assertThat(Loop.current()).isSameAs(loop);
  }
}
