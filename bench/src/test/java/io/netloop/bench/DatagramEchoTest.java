package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** That what comes back is counted, checked, and sent anew. */
@EnabledOnOs(OS.LINUX)
final class DatagramEchoTest {
  private static final int BYTES = 64;

  private final AtomicInteger answered = new AtomicInteger();
  private final Set<SocketAddress> senders = ConcurrentHashMap.newKeySet();
  private DatagramSocket server;
  private Thread thread;

  @BeforeEach
  void listen() throws IOException {
    server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() throws InterruptedException {
    server.close();
    thread.join();
  }

  @Test
  void countsWhatComesBackToEachClient() throws IOException {
    answer(0, BYTES);

    try (DatagramEcho echo = new DatagramEcho(server.getLocalPort(), 5, 2)) {
      long requests = 0;
      while (requests < 100) {
        requests += echo.run(1);
      }
      assertThat(requests).isLessThanOrEqualTo(answered.get());
    }
    assertThat(senders).hasSize(5);
  }

  @Test
  void sendsAgainWhatWasLost() throws IOException {
    answer(10, BYTES);

    try (DatagramEcho echo = new DatagramEcho(server.getLocalPort(), 5, 2)) {
      assertThat(echo.run(1)).isPositive();
    }
  }

  @Test
  void refusesAnAnswerOfAnotherLength() throws IOException {
    answer(0, BYTES - 1);

    try (DatagramEcho echo = new DatagramEcho(server.getLocalPort(), 1, 1)) {
      assertThatIOException().isThrownBy(() -> echo.run(1)).withMessage("an answer has 63 bytes");
    }
  }

  /** Sends back so many bytes of each datagram but the first ones. */
  private void answer(int lost, int bytes) {
    thread =
        Thread.ofPlatform()
            .start(() -> {
              DatagramPacket packet = new DatagramPacket(new byte[BYTES], BYTES);
              try {
                for (int i = 0; ; i++) {
                  server.receive(packet);
                  if (i >= lost) {
                    senders.add(packet.getSocketAddress());
                    answered.incrementAndGet();
                    packet.setLength(bytes);
                    server.send(packet);
                    packet.setLength(BYTES);
                  }
                }
              } catch (IOException e) {
                // The test is over, and has closed the socket.
              }
            });
  }
}
