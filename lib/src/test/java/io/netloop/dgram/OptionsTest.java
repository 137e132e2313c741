package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.engine.Transport;
import io.netty.channel.unix.Socket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the system is asked of a socket. */
class OptionsTest extends UdpTest {
  private static final boolean NIO = Transport.chosen() == Transport.NIO;

  private static Map<String, Runnable> settings(UdpSocket socket) {
    return Map.of(
        "setTTL", () -> socket.setTTL(64),
        "setBroadcast", () -> socket.setBroadcast(true),
        "setMulticastTTL", () -> socket.setMulticastTTL(1),
        "setMulticastLoopback", () -> socket.setMulticastLoopback(true),
        "setMulticastInterface", () -> socket.setMulticastInterface("0.0.0.0"));
  }

  @Test
  void nothingCanBeSetBeforeListening() {
    UdpSocket socket = socket();

    settings(socket)
        .forEach((name, call) -> assertThat(thrown(call)).isEqualTo("EBADF " + name + " EBADF"));
    assertThat(thrown(socket::getRecvBufferSize))
        .isEqualTo(
            "ERR_SOCKET_BUFFER_SIZE Could not get or set buffer size: uv_recv_buffer_size returned EBADF");
    assertThat(thrown(socket::getSendBufferSize)).startsWith("ERR_SOCKET_BUFFER_SIZE");
    assertThat(thrown(() -> socket.setSendBufferSize(1))).startsWith("ERR_SOCKET_BUFFER_SIZE");
    assertThat(thrown(() -> socket.setRecvBufferSize(1))).startsWith("ERR_SOCKET_BUFFER_SIZE");
    assertThat(thrown(() -> socket.setRecvBufferSize(0)))
        .isEqualTo("ERR_SOCKET_BAD_BUFFER_SIZE Buffer size must be a positive integer, not 0");
    assertThat(thrown(() -> socket.setSendBufferSize(-1))).startsWith("ERR_SOCKET_BAD_BUFFER_SIZE");
    assertThat(socket.getSendQueueSize()).isZero();
    assertThat(socket.getSendQueueCount()).isZero();
  }

  @Test
  void nothingCanBeSetAfterClose() {
    UdpSocket socket = bound();
    socket.close();
    String said = "ERR_SOCKET_DGRAM_NOT_RUNNING Not running";

    settings(socket).values().forEach(call -> assertThat(thrown(call)).isEqualTo(said));
    assertThat(thrown(socket::getRecvBufferSize)).isEqualTo(said);
    assertThat(thrown(() -> socket.addMembership("224.0.1.100"))).isEqualTo(said);
    assertThat(thrown(() -> socket.dropMembership("224.0.1.100"))).isEqualTo(said);
    assertThat(socket.getSendQueueSize()).isZero();
    assertThat(socket.getSendQueueCount()).isZero();
    assertThat(socket.ref().unref()).isSameAs(socket);
  }

  @Test
  void hopsAreInTheirRange() {
    for (UdpOptions options : List.of(UdpOptions.udp4(), UdpOptions.udp6())) {
      UdpSocket socket = bound(options, made -> {});
      if (!NIO) {
        assertThat(socket.setTTL(1)).isEqualTo(1);
        assertThat(socket.setTTL(255)).isEqualTo(255);
        assertThat(thrown(() -> socket.setTTL(0))).isEqualTo("EINVAL setTTL EINVAL");
        assertThat(thrown(() -> socket.setTTL(256))).isEqualTo("EINVAL setTTL EINVAL");
      }
      assertThat(socket.setMulticastTTL(0)).isZero();
      assertThat(socket.setMulticastTTL(255)).isEqualTo(255);
      assertThat(thrown(() -> socket.setMulticastTTL(256)))
          .isEqualTo("EINVAL setMulticastTTL EINVAL");
      assertThat(thrown(() -> socket.setMulticastTTL(-1)))
          .isEqualTo("EINVAL setMulticastTTL EINVAL");
      assertThat(socket.setMulticastLoopback(false)).isFalse();
      assertThat(socket.setMulticastLoopback(true)).isTrue();
    }
  }

  @Test
  void theInterfaceOfMulticastIsAnOwnOne() {
    UdpSocket four = bound();
    four.setMulticastInterface("127.0.0.1");
    four.setMulticastInterface("0.0.0.0");
    assertThat(thrown(() -> four.setMulticastInterface(null)))
        .isEqualTo(
            "ERR_INVALID_ARG_TYPE The \"interfaceAddress\" argument must be of type string. Received null");
    assertThat(thrown(() -> four.setMulticastInterface("")))
        .isEqualTo("EINVAL setMulticastInterface EINVAL");
    assertThat(thrown(() -> four.setMulticastInterface("nonsense")))
        .isEqualTo("EINVAL setMulticastInterface EINVAL");
    assertThat(thrown(() -> four.setMulticastInterface("::%lo")))
        .isEqualTo("ENOPROTOOPT setMulticastInterface ENOPROTOOPT");
    assertThat(thrown(() -> four.setMulticastInterface("192.0.2.7")))
        .isEqualTo(
            NIO
                ? "ENODEV setMulticastInterface ENODEV"
                : "EADDRNOTAVAIL setMulticastInterface EADDRNOTAVAIL");

    UdpSocket six = bound(UdpOptions.udp6(), socket -> {});
    six.setMulticastInterface("::%lo");
    six.setMulticastInterface("::%1");
    six.setMulticastInterface("::");
    assertThat(thrown(() -> six.setMulticastInterface("lo")))
        .isEqualTo("EINVAL setMulticastInterface EINVAL");
    assertThat(thrown(() -> six.setMulticastInterface("::%nope")))
        .isEqualTo("EINVAL setMulticastInterface EINVAL");
  }

  @Test
  void broadcastIsAllowedOnRequest() {
    UdpSocket receiver = socket(logged("receiver"));
    receiver.bind(0, () -> log.add("listening"));
    awaitInLog("listening");
    UdpSocket sender = bound();
    sender.setBroadcast(true);
    sender.send("to all", port(receiver), "127.255.255.255", logs("sent"));
    awaitInLog("receiver: to all");
    sender.setBroadcast(false);
    sender.send("to all", port(receiver), "127.255.255.255", logs("sent"));

    awaitInLog("sent send EACCES 127.255.255.255:" + port(receiver));
  }

  @Test
  void anAdoptedDescriptorIsASocket() throws Exception {
    assumeTrue(Transport.chosen() == Transport.EPOLL, "only epoll adopts descriptors");
    Socket ours = Socket.newSocketDgram();
    ours.bind(new InetSocketAddress("::1", 0));
    int port = ours.localAddress().getPort();
    UdpSocket adopted = socket(UdpOptions.udp6(), logged("adopted"));
    adopted.bind(BindOptions.fd(ours.intValue()), () -> log.add("listening"));
    awaitInLog("listening");
    assertThat(adopted.address()).hasToString("[::1]:" + port);
    UdpSocket client = bound(UdpOptions.udp6(), socket -> {});
    client.send("to the descriptor", port, "::1");
    awaitInLog("adopted: to the descriptor");
    adopted.close(() -> log.add("close"));
    awaitInLog("close");
  }

  @Test
  void aDescriptorThatIsNoneIsAnError() {
    assumeTrue(Transport.chosen() == Transport.EPOLL, "only epoll adopts descriptors");
    UdpSocket bad = socket(made -> made.onError(error -> log.add(error.getMessage())));
    bad.bind(BindOptions.fd(1_000_000));

    await().atMost(SOON).until(() -> log.size() == 1);
    assertThat(log.getFirst()).startsWith("bind EINVAL (descriptor 1000000: ");
  }
}
