package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** That one socket is many clients for a server. */
@EnabledOnOs(OS.LINUX)
final class DatagramClientsTest {
  private static final int BYTES = 64;
  private static final int PATIENCE_MILLIS = 10_000;

  private final Arena arena = Arena.ofConfined();
  private DatagramSocket server;
  private DatagramClients clients;

  @BeforeEach
  void listen() throws IOException {
    server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setSoTimeout(PATIENCE_MILLIS);
  }

  @AfterEach
  void close() throws IOException {
    Linux.close(clients.socket());
    server.close();
    arena.close();
  }

  @Test
  void sendsEachDatagramByItselfInTheNameOfWhoseTurnItIs() throws IOException {
    open(3, 2);

    clients.send(clients.all());

    assertThat(senders(6)).containsExactly(1, 1, 2, 2, 3, 3);
  }

  @Test
  void goesOnInTheMiddleOfATurn() throws IOException {
    open(3, 2);

    clients.send(3);
    clients.send(1);
    clients.send(5);

    assertThat(senders(9)).containsExactly(1, 1, 2, 2, 3, 3, 1, 1, 2);
  }

  @Test
  void beginsAnewBehindTheLastClientHoweverManyAreSent() throws IOException {
    for (int count = 1; count <= 13; count++) {
      open(3, 2);
      List<Integer> wanted = new ArrayList<>();
      for (int i = 0; i < count + 4; i++) {
        wanted.add(1 + i / 2 % 3);
      }

      clients.send(count);
      clients.send(4);

      assertThat(senders(count + 4)).as("%d", count).isEqualTo(wanted);
      Linux.close(clients.socket());
    }
    open(1, 1);
  }

  @Test
  void sendsAsManyOfOneAsTheKernelTakesInOnePiece() throws IOException {
    open(1, 64);

    clients.send(64);

    assertThat(senders(64)).hasSize(64).containsOnly(1);
  }

  @Test
  void receivesWhatIsSentToAnyOfThem() throws IOException {
    open(3, 1);
    clients.send(3);
    DatagramPacket packet = new DatagramPacket(new byte[BYTES], BYTES);
    for (int i = 0; i < 3; i++) {
      server.receive(packet);
      server.send(packet);
    }

    Datagrams received = new Datagrams(arena, 8, BYTES);
    long end = Clock.nanos() + PATIENCE_MILLIS * Clock.MILLISECOND;
    int count = received.receive(clients.socket());
    while (count < 3 && Clock.nanos() < end) {
      count += received.receive(clients.socket());
    }
    assertThat(count).isEqualTo(3);
    assertThat(received.length(0)).isEqualTo(BYTES);
  }

  private void open(int count, int inARow) throws IOException {
    clients = new DatagramClients(arena, server.getLocalPort(), count, inARow, BYTES);
  }

  /** The last numbers of the addresses from which the next datagrams come. */
  private List<Integer> senders(int count) throws IOException {
    List<Integer> senders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DatagramPacket packet = new DatagramPacket(new byte[2 * BYTES], 2 * BYTES);
      server.receive(packet);
      String bytes = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
      assertThat(bytes).isEqualTo("x".repeat(BYTES));
      byte[] address = packet.getAddress().getAddress();
      assertThat(packet.getAddress().isLoopbackAddress()).isTrue();
      senders.add((int) address[3]);
    }
    return senders;
  }
}
