package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.engine.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sockets that talk to one peer only. */
class ConnectedTest extends UdpTest {
  private UdpSocket connected(int port) {
    UdpSocket socket =
        socket(made ->
            made.onConnect(() -> log.add("connect"))
                .onError(error -> log.add("error " + error.getMessage())));
    socket.connect(port, LOCALHOST, error -> log.add("callback " + error));
    awaitInLog("callback null");
    return socket;
  }

  private int nobodysPort() {
    UdpSocket nobody = bound();
    int port = port(nobody);
    nobody.close();
    return port;
  }

  @Test
  void itSendsWithoutATargetAndHearsItsPeerOnly() {
    UdpSocket peer = bound(logged("peer"));
    UdpSocket socket = connected(port(peer));
    logged("socket").accept(socket);
    UdpSocket stranger = bound();

    socket.send("one", logs("sent"));
    socket.send("0123", 1, 2);
    socket.send(List.of(), logs("empty"));
    awaitInLog("peer: 12");
    if (Transport.chosen() == Transport.NIO) {
      awaitInLog("empty send ENOTSUP 127.0.0.1:" + port(peer));
    } else {
      awaitInLog("peer: ");
    }
    stranger.send("psst", port(socket), LOCALHOST);
    peer.send("answer", port(socket), LOCALHOST);
    awaitInLog("socket: answer");

    assertThat(log)
        .doesNotContain("socket: psst")
        .startsWith("connect", "callback null")
        .contains("sent 3", "peer: one");
    assertThat(socket.address().host()).isEqualTo(LOCALHOST);
    assertThat(socket.remoteAddress()).hasToString(LOCALHOST + ":" + port(peer));
    assertThat(socket.remoteAddress().family()).isEqualTo("IPv4");
  }

  @Test
  void connectingBindsAndComesLater() {
    UdpSocket peer = bound();
    onLoop(() -> {
      UdpSocket socket = closedLater(Dgram.createSocket("udp4"));
      socket.onListening(() -> log.add("listening")).onConnect(() -> log.add("connect"));
      socket.connect(port(peer));
      log.add("connect has returned");
    });

    awaitLog("connect has returned", "listening", "connect");
  }

  @Test
  void aNameIsLookedUp() {
    UdpSocket peer = bound(logged("peer"));
    UdpSocket socket = socket();
    socket.connect(port(peer), "localhost", error -> socket.send("by name"));

    awaitLog("peer: by name");
  }

  @Test
  void aFailureIsToldToTheCallbackOrElseToTheErrorListeners() {
    UdpSocket socket =
        socket(made -> made.onError(error -> log.add("error " + error.getMessage())));
    socket.connect(3000, "no.such.host.invalid", error -> log.add(error.getMessage()));
    awaitLog("getaddrinfo ENOTFOUND no.such.host.invalid");
    socket.connect(3000, "no.such.host.invalid");
    awaitInLog("error getaddrinfo ENOTFOUND no.such.host.invalid");
    socket.connect(3000, "::1", error -> log.add(error.getMessage()));
    awaitInLog("connect EINVAL ::1:3000");

    UdpSocket peer = bound(logged("peer"));
    socket.connect(port(peer), LOCALHOST, error -> socket.send("at last"));
    awaitInLog("peer: at last");
  }

  @Test
  void wrongCallsAreRefused() {
    String already = "ERR_SOCKET_DGRAM_IS_CONNECTED Already connected";
    String not = "ERR_SOCKET_DGRAM_NOT_CONNECTED Not connected";
    UdpSocket free = bound();
    assertThat(thrown(free::disconnect)).isEqualTo(not);
    assertThat(thrown(free::remoteAddress)).isEqualTo(not);
    assertThat(thrown(() -> free.connect(0)))
        .isEqualTo("ERR_SOCKET_BAD_PORT Port should be > 0 and < 65536. Received type number (0).");
    assertThat(thrown(() -> free.connect(70000))).startsWith("ERR_SOCKET_BAD_PORT");

    UdpSocket socket = connected(port(bound()));
    assertThat(thrown(() -> socket.connect(3000))).isEqualTo(already);
    assertThat(thrown(() -> socket.send("x", 3000))).isEqualTo(already);
    assertThat(thrown(() -> socket.send("x", 3000, LOCALHOST))).isEqualTo(already);
    assertThat(thrown(() -> socket.send("x", 3000, (error, bytes) -> {}))).isEqualTo(already);
    socket.close();
    assertThat(thrown(() -> socket.connect(3000))).startsWith("ERR_SOCKET_DGRAM_NOT_RUNNING");
    assertThat(thrown(socket::disconnect)).startsWith("ERR_SOCKET_DGRAM_NOT_RUNNING");
  }

  @Test
  void disconnectedItHearsEverybodyAgainAtTheSamePort() {
    UdpSocket peer = bound(logged("peer"));
    UdpSocket socket = connected(port(peer));
    logged("socket").accept(socket);
    int port = port(socket);
    socket.disconnect();

    assertThat(port(socket)).isEqualTo(port);
    bound().send("of a stranger", port, LOCALHOST);
    awaitInLog("socket: of a stranger");
    socket.send("with a target", port(peer), LOCALHOST, logs("sent"));
    awaitInLog("peer: with a target");
    assertThat(thrown(() -> socket.send("without")))
        .isEqualTo("ERR_SOCKET_BAD_PORT Port should be > 0 and < 65536. Received undefined.");
    socket.connect(port(peer), LOCALHOST, error -> log.add("again " + error));
    awaitInLog("again null");
  }

  @Test
  void aPeerThatIsNotThereIsAnErrorAndTheSocketLivesOn() {
    int port = nobodysPort();
    UdpSocket socket = connected(port);
    socket.send("anybody?");
    awaitInLog("error recvmsg ECONNREFUSED");

    UdpSocket late = socket(logged("late"));
    late.bind(port, LOCALHOST, () -> log.add("late is there"));
    awaitInLog("late is there");
    await()
        .atMost(SOON)
        .until(() -> {
          socket.send("now?");
          return log.contains("late: now?");
        });
  }
}
