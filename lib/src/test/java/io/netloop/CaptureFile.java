package io.netloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads a capture back, and lets nothing pass that a capture may not hold. */
public final class CaptureFile {
  public static final int FIN = 1;
  public static final int SYN = 2;
  public static final int RST = 4;
  public static final int ACK = 16;

  private static final int TCP = 6;
  private static final int UDP = 17;

  /** One packet, whose lengths and checksums are right. Of UDP, with zeros for what it lacks. */
  public record Packet(
      long nanos, String from, String to, int protocol, int seq, int ack, int flags, Buffer data) {
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }

    public String text() {
      return data.toString();
    }

    public byte[] bytes() {
      return data.toByteArray();
    }
  }

  /** One connection: the two ends, what each has said, and how it went. */
  public static final class Conversation {
    public final String client;
    public final String server;
    private final Map<String, Integer> next = new HashMap<>();
    private final Map<String, ByteArrayOutputStream> said = new HashMap<>();
    private final List<String> story = new ArrayList<>();

    private Conversation(Packet syn) {
      client = syn.from;
      server = syn.to;
      said.put(client, new ByteArrayOutputStream());
      said.put(server, new ByteArrayOutputStream());
    }

    private void add(Packet packet) {
      boolean byClient = packet.from.equals(client);
      assertThat(packet.from).isIn(client, server);
      assertThat(packet.to).isEqualTo(byClient ? server : client);
      if (packet.has(SYN)) {
        next.put(packet.from, packet.seq);
      }
      assertThat(packet.seq).describedAs("seq of %s", packet).isEqualTo(next.get(packet.from));
      if (packet.has(ACK)) {
        assertThat(packet.ack).describedAs("ack of %s", packet).isEqualTo(next.get(packet.to));
      }
      said.get(packet.from).writeBytes(packet.bytes());
      int counted = packet.has(SYN) || packet.has(FIN) ? 1 : 0;
      next.merge(packet.from, packet.data.length() + counted, Integer::sum);
      tell(byClient ? "client " : "server ", packet);
    }

    private void tell(String who, Packet packet) {
      String what =
          packet.has(RST)
              ? "reset"
              : packet.has(FIN)
                  ? "fin"
                  : packet.has(SYN) ? "syn" : packet.data.length() > 0 ? "data" : "";
      if (!what.isEmpty() && (story.isEmpty() || !story.getLast().equals(who + what))) {
        story.add(who + what);
      }
    }

    public byte[] saidByClient() {
      return said.get(client).toByteArray();
    }

    public byte[] saidByServer() {
      return said.get(server).toByteArray();
    }

    public String clientText() {
      return said.get(client).toString(StandardCharsets.UTF_8);
    }

    public String serverText() {
      return said.get(server).toString(StandardCharsets.UTF_8);
    }

    /** What happened, without mere acknowledgements and repetitions. */
    public List<String> story() {
      return story;
    }
  }

  private CaptureFile() {}

  /** All packets of a file. */
  public static List<Packet> read(Path file) {
    try {
      return read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public static List<Packet> read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file);
    assertThat(in.getInt()).isEqualTo(0xa1b23c4d);
    assertThat(in.getShort()).isEqualTo((short) 2);
    assertThat(in.getShort()).isEqualTo((short) 4);
    assertThat(in.getLong()).isZero();
    int snapLength = in.getInt();
    assertThat(in.getInt()).isEqualTo(101);
    List<Packet> packets = new ArrayList<>();
    while (in.hasRemaining()) {
      long nanos = in.getInt() * 1_000_000_000L + in.getInt();
      int length = in.getInt();
      assertThat(in.getInt()).isEqualTo(length).isBetween(28, snapLength);
      byte[] packet = new byte[length];
      in.get(packet);
      packets.add(packet(nanos, packet));
    }
    return packets;
  }

  private static Packet packet(long nanos, byte[] packet) {
    ByteBuffer ip = ByteBuffer.wrap(packet);
    boolean ipv4 = packet[0] == 0x45;
    int transport = ipv4 ? 20 : 40;
    int protocol = ipv4 ? packet[9] : packet[6];
    if (ipv4) {
      assertThat(ip.getShort(2) & 0xffff).isEqualTo(packet.length);
      assertThat(sum(packet, 0, 20, 0)).describedAs("the sum of an IPv4 header").isEqualTo(0xffff);
    } else {
      assertThat(packet[0]).isEqualTo((byte) 0x60);
      assertThat(ip.getShort(4) & 0xffff).isEqualTo(packet.length - 40);
    }
    int addresses = ipv4 ? 12 : 8;
    int length = (transport - addresses) / 2;
    assertThat(sum(packet, addresses, packet.length, protocol + packet.length - transport))
        .describedAs("the sum of a packet")
        .isEqualTo(0xffff);
    String from = at(packet, addresses, length, ip.getShort(transport));
    String to = at(packet, addresses + length, length, ip.getShort(transport + 2));
    if (protocol == UDP) {
      assertThat(ip.getShort(transport + 4) & 0xffff).isEqualTo(packet.length - transport);
      assertThat(ip.getShort(transport + 6)).describedAs("no checksum").isNotZero();
      return new Packet(nanos, from, to, UDP, 0, 0, 0, rest(packet, transport + 8));
    }
    assertThat(protocol).isEqualTo(TCP);
    assertThat(packet[transport + 12]).isEqualTo((byte) 0x50);
    return new Packet(
        nanos,
        from,
        to,
        TCP,
        ip.getInt(transport + 4),
        ip.getInt(transport + 8),
        packet[transport + 13],
        rest(packet, transport + 20));
  }

  private static Buffer rest(byte[] packet, int from) {
    return Buffer.from(packet, from, packet.length - from);
  }

  private static String at(byte[] packet, int from, int length, short port) {
    try {
      byte[] address = Arrays.copyOfRange(packet, from, from + length);
      return InetAddress.getByAddress(address).getHostAddress() + " " + (port & 0xffff);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** The sum that has all bits set where the checksum in it is right (RFC 1071). */
  private static int sum(byte[] bytes, int from, int to, int more) {
    int sum = more;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
      sum += (bytes[i] & 0xff) << 8 | low;
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
  }

  /** The connections in the order in which they began, each without a gap. */
  public static List<Conversation> conversations(List<Packet> packets) {
    List<Conversation> all = new ArrayList<>();
    Map<String, Conversation> open = new HashMap<>();
    for (Packet packet : packets) {
      String ends = Stream.of(packet.from, packet.to).sorted().toList().toString();
      if (packet.has(SYN) && !packet.has(ACK)) {
        Conversation begun = new Conversation(packet);
        all.add(begun);
        open.put(ends, begun);
      }
      assertThat(open).describedAs("connections, before %s", packet).containsKey(ends);
      open.get(ends).add(packet);
    }
    return all;
  }

  public static List<Conversation> conversations(Path file) {
    return conversations(read(file));
  }

  /** What tshark prints of a file, checksums checked; without tshark the test is skipped. */
  public static List<String> tshark(Path file, String... arguments) {
    List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
    for (String protocol : List.of("ip", "tcp", "udp")) {
      command.addAll(List.of("-o", protocol + ".check_checksum:TRUE"));
    }
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      byte[] out = process.getInputStream().readAllBytes();
      assertThat(process.waitFor()).describedAs("tshark's exit status").isZero();
      return new String(out, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException notThere) {
      assumeTrue(false, "tshark is not installed here");
      return List.of();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What tshark finds fault with in a file. */
  public static List<String> faults(Path file) {
    String wrong =
        "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0"
            + " || udp.checksum.status == 0 || tcp.analysis.flags";
    return tshark(file, "-Y", wrong);
  }
}
