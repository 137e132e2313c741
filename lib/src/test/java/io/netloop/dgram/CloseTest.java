package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.engine.Inventory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Closing, and what keeps the program alive. */
class CloseTest extends UdpTest {
  @Test
  void closeComesLaterAndInTheOrderOfTheListeners() {
    UdpSocket socket = bound(made -> made.onClose(() -> log.add("first")));
    onLoop(() -> {
      assertThat(socket.close(() -> log.add("close's own"))).isSameAs(socket);
      socket.onClose(() -> log.add("added after"));
      log.add("close has returned");
    });

    awaitLog("close has returned", "first", "close's own", "added after");
  }

  @Test
  void aSecondCloseIsRefusedAndDisposeIsNot() {
    UdpSocket socket = bound(made -> made.onClose(() -> log.add("close")));
    socket.close();

    assertThat(thrown(socket::close)).isEqualTo("ERR_SOCKET_DGRAM_NOT_RUNNING Not running");
    assertThat(socket.dispose()).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(socket.dispose()).isDone();
    awaitLog("close");
  }

  @Test
  void aSocketThatWasNeverBoundCloses() {
    socket().close(() -> log.add("close"));

    awaitLog("close");
  }

  @Test
  void aSocketClosedWhileItIsBoundNeverListens() {
    onLoop(() -> {
      UdpSocket socket = closedLater(Dgram.createSocket("udp4"));
      socket.bind(0, () -> log.add("listening"));
      socket.close(() -> log.add("close"));
    });
    settle();

    awaitLog("close");
  }

  @Test
  void nothingIsHeardAfterClose() {
    UdpSocket server =
        bound(socket ->
            socket.onMessage((message, remote) -> {
              log.add("message " + message);
              socket.close(() -> log.add("close"));
            }));
    UdpSocket client = bound();
    onLoop(() -> {
      for (int i = 0; i < 10; i++) {
        client.send(i + "", port(server));
      }
    });
    awaitInLog("close");
    settle();

    awaitLog("message 0", "close");
  }

  @Test
  void whatWasSentToAnAddressGoesOutBeforeClose() {
    UdpSocket server = bound(logged("server"));
    onLoop(() -> {
      UdpSocket client = closedLater(Dgram.createSocket("udp4"));
      client.bind(
          0,
          () -> {
            client.send("last words", port(server), LOCALHOST, logs("sent"));
            client.close(() -> log.add("close"));
          });
    });

    awaitInLog("server: last words");
    awaitInLog("close");
    assertThat(log).contains("sent 10");
  }

  @Test
  void whatWaitsForANameIsDropped() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    UdpOptions options =
        UdpOptions.udp4()
            .withLookup(name -> {
              answer.await(5, TimeUnit.SECONDS);
              return List.of(LOCALHOST);
            });
    UdpSocket server = bound(logged("server"));
    UdpSocket client = bound(options, socket -> {});
    client.send("too late", port(server), "slow.name", logs("sent"));
    client.close(() -> log.add("close"));
    awaitLog("sent Not running", "close");
    answer.countDown();
    UdpSocket unbound = socket(options, socket -> {});
    onLoop(() -> {
      unbound.send("too early", port(server), "slow.name", logs("unbound"));
      unbound.close(() -> log.add("unbound close"));
    });

    awaitLog("sent Not running", "close", "unbound Not running", "unbound close");
  }

  @Test
  void thePortIsFreeAtClose() {
    for (int i = 0; i < 20; i++) {
      UdpSocket first = bound();
      UdpSocket second = socket(socket -> socket.onError(error -> log.add(error.getMessage())));
      int port = port(first);
      first.close(() -> second.bind(port, LOCALHOST, () -> log.add("again")));
      int expected = i + 1;
      await().atMost(SOON).until(() -> log.size() == expected);
    }

    assertThat(log).containsOnly("again");
  }

  @Test
  void aBoundSocketKeepsTheProgramAliveUntilItIsClosedOrUnrefd() {
    int before = Inventory.open();
    UdpSocket unbound = socket();
    settle();
    await().until(() -> Inventory.open() == before);
    UdpSocket socket = bound();
    settle();
    await().until(() -> Inventory.open() == before + 1);
    assertThat(socket.unref()).isSameAs(socket);
    await().until(() -> Inventory.open() == before);
    socket.ref();
    await().until(() -> Inventory.open() == before + 1);
    unbound.close();
  }
}
