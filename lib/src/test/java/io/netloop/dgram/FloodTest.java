package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As fast as it goes. UDP may lose what comes too fast; what is seen is whole and counted. */
@Tag("once")
class FloodTest extends UdpTest {
  private static final int COUNT = 1_000_000;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final AtomicLong seen = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();

  private UdpSocket counting() {
    return bound(
        UdpOptions.udp4().withRecvBufferSize(4 << 20),
        socket ->
            socket.onMessage((message, remote) -> {
              seen.incrementAndGet();
              if (message.length() != 64 || message.get(0) != message.get(63)) {
                wrong.incrementAndGet();
              }
            }));
  }

  private static byte[] numbered(int i) {
    byte[] bytes = new byte[64];
    bytes[0] = (byte) i;
    bytes[63] = (byte) i;
    return bytes;
  }

  /** The sender is the JDK's, so that the two share no code. */
  @Test
  void aMillionDatagramsAreReceivedWithoutALeak() throws Exception {
    UdpSocket server = counting();
    InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(server));
    try (DatagramSocket sender = new DatagramSocket()) {
      for (int i = 0; i < COUNT; i++) {
        byte[] bytes = numbered(i);
        sender.send(new DatagramPacket(bytes, bytes.length, to));
      }
    }
    settle();

    await().atMost(SOON).until(() -> stoodStill());
    System.out.printf("Flood: %,d of %,d datagrams of the JDK's were seen%n", seen.get(), COUNT);
    assertThat(seen.get()).isBetween(COUNT / 10L, (long) COUNT);
    assertThat(wrong.get()).isZero();
  }

  /** Our own sender, in rows that leave in one piece, with the queue bounded all the while. */
  @Test
  void aMillionDatagramsOfOursAreSentAndReceived() {
    UdpSocket server = counting();
    UdpSocket client = bound(UdpOptions.udp4().withMaxQueuedBytes(1 << 20), socket -> {});
    int port = port(server);
    AtomicLong most = new AtomicLong();
    AtomicLong sent = new AtomicLong();
    onLoop(() -> sendRow(client, port, sent, most));

    await().atMost(LONG).until(() -> sent.get() == COUNT);
    await().atMost(SOON).until(() -> stoodStill());
    System.out.printf("Flood: %,d of %,d datagrams of ours were seen%n", seen.get(), COUNT);
    assertThat(client.dropped()).isZero();
    assertThat(most.get()).isBetween(1L, 1L << 20);
    assertThat(seen.get()).isBetween(COUNT / 10L, (long) COUNT);
    assertThat(wrong.get()).isZero();
  }

  private void sendRow(UdpSocket client, int port, AtomicLong sent, AtomicLong most) {
    for (int i = 0; i < 100; i++) {
      client.send(Buffer.from(numbered(i)), port, LOCALHOST);
    }
    most.accumulateAndGet(client.getSendQueueSize(), Math::max);
    if (sent.addAndGet(100) < COUNT) {
      loop.setImmediate(() -> sendRow(client, port, sent, most));
    }
  }

  /** Whether nothing has come during a whole turn of the loop. */
  private boolean stoodStill() {
    long before = seen.get();
    settle();
    return seen.get() == before;
  }
}
