package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.CaptureFile;
import io.netloop.CaptureFile.Packet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The bytes of packets. Checksums and lengths are held by {@link CaptureFile} in all tests. */
class PacketRouteTest {
  private static final byte[] ONE = {(byte) 192, 0, 2, 1};
  private static final byte[] TWO = {(byte) 192, 0, 2, 2};
  private static final byte[] SIX_ONE = IpText.parse("2001:db8::1");
  private static final byte[] SIX_TWO = IpText.parse("2001:db8::2");

  private interface Packets {
    void into(PacketFile file);
  }

  private static byte[] written(Packets packets) {
    try {
      Path path = Files.createTempFile("route", ".pcap");
      try {
        PacketFile file = PacketFile.open(path, 1 << 20, () -> 0);
        packets.into(file);
        file.close().join();
        return Files.readAllBytes(path);
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hex(byte[] file) {
    return HexFormat.of().formatHex(file, 24 + 16, file.length);
  }

  private static ByteBuf bytes(int... values) {
    ByteBuf bytes = Unpooled.buffer();
    Arrays.stream(values).forEach(bytes::writeByte);
    return bytes;
  }

  @Test
  void aDatagramOverIpv4() {
    PacketRoute route = new PacketRoute(ONE, 5353, TWO, 53);

    assertThat(hex(written(file -> route.udp(file, bytes('a', 'b', 'c')))))
        .isEqualTo("4500001f000040004011b6ca" + "c0000201c0000202" + "14e90035000ba253" + "616263");
  }

  @Test
  void aSegmentOverIpv6() {
    PacketRoute route = new PacketRoute(SIX_ONE, 40_000, SIX_TWO, 80);
    int flags = PacketRoute.PSH | PacketRoute.ACK;

    assertThat(
            hex(
                written(file ->
                    route.tcp(file, flags, 0x01020304, 0x05060708, bytes(0, 'h', 'i'), 1, 2))))
        .startsWith("60000000001606402001" + "0db8000000000000000000000001")
        .contains("9c400050" + "01020304" + "05060708" + "5018ffff")
        .endsWith("0000" + "6869");
  }

  @Test
  void aChecksumThatIsZeroIsSentAsAllOnesByUdp() {
    // The checksum of the rest, as one word more, makes the sum all ones, and its complement zero.
    PacketRoute route = new PacketRoute(ONE, 1, TWO, 2);
    byte[] zeros = written(file -> route.udp(file, bytes(0, 0)));
    int at = 24 + 16 + 20 + 6;
    byte[] packet = written(file -> route.udp(file, bytes(zeros[at], zeros[at + 1])));

    assertThat(Arrays.copyOfRange(packet, at, at + 2)).containsExactly(0xff, 0xff);
    assertThat(CaptureFile.read(packet)).hasSize(1);
  }

  @Test
  void theWayBackHasTheEndsExchanged() {
    PacketRoute route = new PacketRoute(ONE, 1, TWO, 65_535).reversed();

    assertThat(CaptureFile.read(written(file -> route.udp(file, bytes()))))
        .singleElement()
        .matches(packet -> packet.from().equals("192.0.2.2 65535"))
        .matches(packet -> packet.to().equals("192.0.2.1 1"));
  }

  @Test
  void ipv4InTheClothesOfIpv6IsIpv4() {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(ONE, 0, mapped, 12, 4);
    List<Packet> packets =
        CaptureFile.read(
            written(file -> {
              new PacketRoute(mapped, 1, TWO, 2).udp(file, bytes());
              new PacketRoute(new byte[16], 1, TWO, 2).udp(file, bytes());
              new PacketRoute(ONE, 1, new byte[16], 2).udp(file, bytes());
              new PacketRoute(new byte[16], 1, SIX_TWO, 2).udp(file, bytes());
            }));

    assertThat(packets)
        .map(packet -> packet.from() + " > " + packet.to())
        .containsExactly(
            "192.0.2.1 1 > 192.0.2.2 2",
            "0.0.0.0 1 > 192.0.2.2 2",
            "192.0.2.1 1 > 0.0.0.0 2",
            "0:0:0:0:0:0:0:0 1 > 2001:db8:0:0:0:0:0:2 2");
  }

  @Test
  void theLongestPacketsAreAsLongAsIpAllows() {
    PacketRoute four = new PacketRoute(ONE, 1, TWO, 2);
    PacketRoute six = new PacketRoute(SIX_ONE, 1, SIX_TWO, 2);
    ByteBuf many = Unpooled.wrappedBuffer(new byte[65_535]);
    List<Packet> packets =
        CaptureFile.read(
            written(file -> {
              four.tcp(file, PacketRoute.ACK, 0, 0, many, 0, four.longestSegment());
              six.tcp(file, PacketRoute.ACK, 0, 0, many, 0, six.longestSegment());
              four.udp(file, many.slice(0, 65_507));
              six.udp(file, many.slice(0, 65_527));
            }));

    assertThat(packets)
        .map(packet -> packet.bytes().length)
        .containsExactly(65_495, 65_515, 65_507, 65_527);
  }

  @Property(tries = 200)
  void anyBytesComeBackWithRightChecksums(
      @ForAll @Size(max = 300) byte[] bytes,
      @ForAll boolean ipv6,
      @ForAll int sequence,
      @ForAll int ack,
      @ForAll @IntRange(max = 65_535) int port) {
    PacketRoute route =
        ipv6 ? new PacketRoute(SIX_ONE, port, SIX_TWO, 7) : new PacketRoute(ONE, port, TWO, 7);
    ByteBuf content = Unpooled.wrappedBuffer(bytes);
    List<Packet> packets =
        CaptureFile.read(
            written(file -> {
              route.tcp(file, PacketRoute.ACK, sequence, ack, content, 0, bytes.length);
              route.udp(file, content);
            }));

    assertThat(packets).hasSize(2).allMatch(packet -> Arrays.equals(packet.bytes(), bytes));
    assertThat(packets.getFirst())
        .matches(packet -> packet.seq() == sequence)
        .matches(packet -> packet.ack() == ack)
        .matches(packet -> packet.from().endsWith(" " + port));
    assertThat(content.readableBytes()).isEqualTo(bytes.length);
  }
}
