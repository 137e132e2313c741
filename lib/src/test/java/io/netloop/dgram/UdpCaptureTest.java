package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.CaptureFile;
import io.netloop.CaptureFile.Packet;
import io.netloop.loop.Buffer;
import io.netloop.net.BlockList;
import io.netloop.net.Capture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datagrams in a capture, read back from its file. */
class UdpCaptureTest extends UdpTest {
  @TempDir Path directory;
  private Path file;
  private Capture capture;

  @BeforeEach
  void open() {
    file = directory.resolve("test.pcap");
    capture = Capture.to(file);
  }

  @AfterEach
  void close() {
    capture.close().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private List<Packet> packets() {
    settle(); // who gets a datagram may hear of it before its sender does
    close();
    assertThat(capture.dropped()).isZero();
    return CaptureFile.read(file);
  }

  private List<String> lines() {
    return packets().stream()
        .map(packet -> packet.from() + " > " + packet.to() + ": " + packet.text())
        .toList();
  }

  /** A captured socket that answers each datagram with its text twice. */
  private UdpSocket doubling(UdpOptions options) {
    return bound(
        options,
        socket ->
            socket
                .capture(capture)
                .onMessage((message, from) ->
                    socket.send(message + "" + message, from.port(), from.address())));
  }

  @Test
  void whatComesAndWhatGoesIsWrittenWithTheTrueEnds() {
    UdpSocket server = doubling(UdpOptions.udp4());
    UdpSocket client = bound(logged("client"));
    client.send("ho", port(server), LOCALHOST);
    awaitLog("client: hoho");

    String one = "127.0.0.1 " + port(client);
    String two = "127.0.0.1 " + port(server);
    assertThat(lines()).containsExactly(one + " > " + two + ": ho", two + " > " + one + ": hoho");
  }

  @Test
  void ipv6IsIpv6() {
    UdpSocket server = doubling(UdpOptions.udp6());
    UdpSocket client = bound(UdpOptions.udp6(), logged("client"));
    client.send("six", port(server), "::1");
    awaitLog("client: sixsix");

    String one = "0:0:0:0:0:0:0:1 " + port(client);
    String two = "0:0:0:0:0:0:0:1 " + port(server);
    assertThat(lines())
        .containsExactly(one + " > " + two + ": six", two + " > " + one + ": sixsix");
  }

  @Test
  void ofASocketThatIsBoundToAllAddressesTheOwnOneIsUnknown() {
    UdpSocket server =
        socket(socket -> socket.capture(capture).onMessage((m, from) -> log.add("" + m)));
    server.bind();
    await().until(() -> server.toString().contains(":"));
    UdpSocket client = bound();
    client.send("to all", port(server), LOCALHOST);
    awaitLog("to all");

    assertThat(lines())
        .containsExactly("127.0.0.1 " + port(client) + " > 0.0.0.0 " + port(server) + ": to all");
  }

  @Test
  void ipv4OnASocketOfBothFamiliesIsIpv4() {
    UdpSocket server =
        socket(
            UdpOptions.udp6(),
            socket ->
                socket
                    .capture(capture)
                    .onMessage(
                        (message, from) -> socket.send("back", from.port(), from.address())));
    server.bind();
    await().until(() -> server.toString().contains(":"));
    UdpSocket client = bound(logged("client"));
    client.send("four", port(server), LOCALHOST);
    awaitLog("client: back");

    String one = "127.0.0.1 " + port(client);
    String two = "0.0.0.0 " + port(server);
    assertThat(lines()).containsExactly(one + " > " + two + ": four", two + " > " + one + ": back");
  }

  @Test
  void aConnectedSocketKnowsItsOwnAddress() {
    UdpSocket server = bound(logged("server"));
    UdpSocket client = socket(socket -> socket.capture(capture));
    client.connect(port(server), LOCALHOST);
    client.onConnect(() -> client.send("hello"));
    awaitLog("server: hello");

    assertThat(lines())
        .containsExactly("127.0.0.1 " + port(client) + " > 127.0.0.1 " + port(server) + ": hello");
  }

  @Test
  void emptyAndTheLongestDatagramsAreThere() {
    List<Buffer> came = Collections.synchronizedList(new ArrayList<>());
    UdpSocket server =
        bound(socket -> socket.capture(capture).onMessage((message, from) -> came.add(message)));
    server.setRecvBufferSize(1 << 20);
    UdpSocket client = bound();
    Buffer longest = bytes(65_507);
    client.send("", port(server), LOCALHOST);
    client.send(longest, port(server), LOCALHOST);
    await().atMost(SOON).until(() -> came.size() == 2);

    assertThat(packets()).map(Packet::bytes).containsExactly(new byte[0], longest.toByteArray());
  }

  @Test
  void eachOfManyDatagramsThatGoAsOnePieceIsThere() {
    UdpSocket server = bound(logged("server"));
    UdpSocket client = bound(socket -> socket.capture(capture));
    List<String> said = new ArrayList<>();
    onLoop(() -> {
      for (int i = 10; i < 60; i++) {
        said.add("number " + i);
        client.send("number " + i, port(server), LOCALHOST);
      }
    });
    await().atMost(SOON).until(() -> log.size() == 50);

    assertThat(packets()).map(Packet::text).isEqualTo(said);
  }

  @Test
  void whatTheSystemRefusesIsNotThere() {
    UdpSocket client = bound(socket -> socket.capture(capture));
    client.send(bytes(65_508), port(client), LOCALHOST, logs("too long"));
    client.send("fits", port(client), LOCALHOST, logs("right"));
    await().atMost(SOON).until(() -> log.size() == 2);
    awaitFile(24 + 2 * (16 + 28 + 4));

    assertThat(packets()).map(Packet::text).containsExactly("fits", "fits");
  }

  private void awaitFile(int bytes) {
    await().atMost(SOON).until(() -> Files.size(file) == bytes);
  }

  @Test
  void whatNoListenerGetsIsThereTooForItHasCome() {
    BlockList blocked = new BlockList().addAddress(LOCALHOST);
    UdpSocket server =
        bound(UdpOptions.udp4().withReceiveBlockList(blocked), socket -> socket.capture(capture));
    UdpSocket client = bound();
    client.send("to nobody", port(server), LOCALHOST);
    awaitFile(24 + 16 + 28 + 9);

    assertThat(packets()).map(Packet::text).containsExactly("to nobody");
  }

  @Test
  void whatWasSentRightBeforeCloseIsThere() {
    UdpSocket server = bound(logged("server"));
    UdpSocket client = bound(socket -> socket.capture(capture));
    onLoop(() -> {
      client.send("the last", port(server), LOCALHOST);
      client.close();
    });
    client.dispose().orTimeout(5, TimeUnit.SECONDS).join();
    awaitLog("server: the last");

    assertThat(packets()).map(Packet::text).containsExactly("the last");
  }

  @Test
  void aSocketOutlivesItsCapture() {
    UdpSocket server = doubling(UdpOptions.udp4());
    UdpSocket client = bound(logged("client"));
    client.send("a", port(server), LOCALHOST);
    awaitLog("client: aa");
    close();
    client.send("b", port(server), LOCALHOST);
    awaitLog("client: aa", "client: bb");

    assertThat(packets()).map(Packet::text).containsExactly("a", "aa");
  }

  @Test
  void wiresharkReadsItAndFindsNoFault() {
    UdpSocket server = doubling(UdpOptions.udp4());
    UdpSocket client = bound(logged("client"));
    client.send("x", port(server), LOCALHOST);
    client.send("", port(server), LOCALHOST);
    awaitLog("client: xx", "client: ");
    UdpSocket six = doubling(UdpOptions.udp6());
    bound(UdpOptions.udp6(), logged("six")).send("y", port(six), "::1");
    awaitLog("client: xx", "client: ", "six: yy");
    settle();
    close();

    assertThat(CaptureFile.faults(file)).isEmpty();
    assertThat(
            CaptureFile.tshark(
                file, "-T", "fields", "-e", "udp.length", "-e", "udp.checksum.status"))
        .containsExactlyInAnyOrder("9\t1", "8\t1", "10\t1", "8\t1", "9\t1", "10\t1");
  }
}
