package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * From where to where packets go: makes them, as they might have been on the wire, for a {@link
 * PacketFile}. IPv4 (RFC 791) or IPv6 (RFC 8200), and in it TCP (RFC 9293) or UDP (RFC 768),
 * without options and with right checksums (RFC 1071). <i>Immutable.</i>
 */
public final class PacketRoute {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int TCP_HEADER_BYTES = 20;
  private static final int UDP_HEADER_BYTES = 8;
  private static final int IPV4_HEADER_BYTES = 20;
  private static final int IPV6_HEADER_BYTES = 40;
  private static final int LONGEST = 65_535;
  private static final int DONT_FRAGMENT = 0x4000;
  private static final int HOPS = 64;
  private static final int MAPPED_AT = 12;

  private final byte[] from;
  private final int fromPort;
  private final byte[] to;
  private final int toPort;
  private final boolean ipv4;

  /**
   * A route between two addresses, of 4 bytes or of 16. IPv4 in the clothes of IPv6 ({@code
   * ::ffff:1.2.3.4}) counts as what it is; {@code ::} is no address of either family.
   */
  public PacketRoute(byte[] from, int fromPort, byte[] to, int toPort) {
    byte[] source = unmapped(from);
    byte[] target = unmapped(to);
    ipv4 = source.length == 4 || target.length == 4;
    this.from = ipv4 && source.length != 4 ? new byte[4] : source;
    this.to = ipv4 && target.length != 4 ? new byte[4] : target;
    this.fromPort = fromPort;
    this.toPort = toPort;
  }

  /** The way back. */
  public PacketRoute reversed() {
    return new PacketRoute(to, toPort, from, fromPort);
  }

  /** How many bytes of a connection one packet carries at most. */
  public int longestSegment() {
    return LONGEST - TCP_HEADER_BYTES - (ipv4 ? IPV4_HEADER_BYTES : 0);
  }

  /** Adds a segment, with {@code length} of the bytes, from this index on. */
  public void tcp(
      PacketFile file, int flags, int sequence, int ack, ByteBuf bytes, int index, int length) {
    byte[] packet = begin(file, TCP, TCP_HEADER_BYTES + length);
    if (packet.length > 0) {
      int at = transportAt();
      ByteBuffer.wrap(packet, at, TCP_HEADER_BYTES)
          .putShort((short) fromPort)
          .putShort((short) toPort)
          .putInt(sequence)
          .putInt(ack)
          .putShort((short) ((TCP_HEADER_BYTES / 4) << 12 | flags))
          .putShort((short) LONGEST); // the window; checksum and urgent pointer follow
      bytes.getBytes(index, packet, at + TCP_HEADER_BYTES, length);
      putChecksum(packet, TCP, at + 16);
      file.add(packet);
    }
  }

  /** Adds a datagram of all these bytes, whose indices stay as they are. */
  public void udp(PacketFile file, ByteBuf bytes) {
    int length = bytes.readableBytes();
    byte[] packet = begin(file, UDP, UDP_HEADER_BYTES + length);
    if (packet.length > 0) {
      int at = transportAt();
      ByteBuffer.wrap(packet, at, UDP_HEADER_BYTES)
          .putShort((short) fromPort)
          .putShort((short) toPort)
          .putShort((short) (UDP_HEADER_BYTES + length));
      bytes.getBytes(bytes.readerIndex(), packet, at + UDP_HEADER_BYTES, length);
      putChecksum(packet, UDP, at + 6);
      file.add(packet);
    }
  }

  private int transportAt() {
    return PacketFile.RECORD_HEADER_BYTES + (ipv4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES);
  }

  /** A packet that has its IP header; of no bytes where there is no room for it. */
  private byte[] begin(PacketFile file, int protocol, int payload) {
    int length = transportAt() - PacketFile.RECORD_HEADER_BYTES + payload;
    if (!file.reserve(length)) {
      return new byte[0];
    }
    byte[] packet = new byte[PacketFile.RECORD_HEADER_BYTES + length];
    ByteBuffer ip = ByteBuffer.wrap(packet, PacketFile.RECORD_HEADER_BYTES, length);
    if (ipv4) {
      ip.putShort((short) 0x4500)
          .putShort((short) length)
          .putInt(DONT_FRAGMENT)
          .put((byte) HOPS)
          .put((byte) protocol)
          .putShort((short) 0)
          .put(from)
          .put(to);
      int sum = checksum(packet, PacketFile.RECORD_HEADER_BYTES, transportAt(), 0);
      ip.putShort(PacketFile.RECORD_HEADER_BYTES + 10, (short) sum);
    } else {
      ip.putInt(0x60000000)
          .putShort((short) payload)
          .put((byte) protocol)
          .put((byte) HOPS)
          .put(from)
          .put(to);
    }
    return packet;
  }

  /**
   * The checksum of TCP and UDP covers the addresses, which stand right before them, the protocol
   * and the length.
   */
  private void putChecksum(byte[] packet, int protocol, int place) {
    int at = transportAt();
    int sum = checksum(packet, at - 2 * from.length, packet.length, protocol + packet.length - at);
    if (sum == 0 && protocol == UDP) {
      sum = 0xffff; // 0 would say that there is none
    }
    packet[place] = (byte) (sum >> 8);
    packet[place + 1] = (byte) sum;
  }

  /** The one's complement of the one's complement sum of all words of 16 bits; 4 at a time. */
  private static int checksum(byte[] bytes, int start, int end, long more) {
    ByteBuffer words = ByteBuffer.wrap(bytes);
    long sum = more;
    int at = start;
    for (; at <= end - 8; at += 8) {
      long four = words.getLong(at);
      sum += (four >>> 32) + (four & 0xffffffffL);
    }
    for (; at < end; at++) {
      int octet = bytes[at] & 0xff;
      sum += ((at - start) & 1) == 0 ? octet << 8 : octet;
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) ~sum & 0xffff;
  }

  private static byte[] unmapped(byte[] address) {
    boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
    for (int i = 0; mapped && i < 10; i++) {
      mapped = address[i] == 0;
    }
    return mapped ? Arrays.copyOfRange(address, MAPPED_AT, 16) : address;
  }
}
