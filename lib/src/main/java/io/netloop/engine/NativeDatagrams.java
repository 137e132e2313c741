package io.netloop.engine;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Datagram sockets of the native transports. Netty has no options for most of what is wanted here,
 * or other meanings for them: so the system's own numbers are used.
 */
final class NativeDatagrams extends DatagramHandle {
  /**
   * As long as a datagram may be to be one of several in one piece: below the payload of an
   * Ethernet frame, less what a tunnel may take.
   */
  private static final int LONGEST_SEGMENT = 1200;

  private static final int LARGEST = 65_535;
  private static final int IPV4 = 0;
  private static final int IPV6 = 41;

  /** The numbers of one system. */
  private record Numbers(
      int ttl,
      int multicastIf,
      int multicastTtl,
      int multicastLoop,
      int join,
      int leave,
      int joinSource,
      int leaveSource,
      int hops6,
      int multicastIf6,
      int multicastHops6,
      int multicastLoop6,
      int join6,
      int leave6,
      int joinSource6,
      int leaveSource6) {}

  private static final Numbers LINUX =
      new Numbers(2, 32, 33, 34, 35, 36, 39, 40, 16, 17, 18, 19, 20, 21, 46, 47);
  private static final Numbers BSD =
      new Numbers(4, 9, 10, 11, 12, 13, 70, 71, 4, 9, 10, 11, 12, 13, 82, 83);

  private final boolean ipv6;
  private final boolean bsd = Transport.chosen() == Transport.KQUEUE;
  private final Numbers numbers = bsd ? BSD : LINUX;

  NativeDatagrams(DatagramChannel channel, boolean ipv6) {
    super(channel);
    this.ipv6 = ipv6;
  }

  /**
   * Not with UDP_GRO, which hands several datagrams over in one piece: where Netty reads several
   * pieces in one call, it loses the length to split them by.
   */
  @Override
  public void startReading(ReceiveBuffer shared, int batch) {
    if (channel() instanceof EpollDatagramChannel) {
      channel()
          .config()
          .setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, ReceiveBuffer.SLOT_BYTES);
      channel().config().setRecvByteBufAllocator(shared.allocator(batch));
    } else {
      channel().config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST));
    }
    channel().config().setAutoRead(true);
  }

  @Override
  public int longestSegment() {
    boolean can =
        channel() instanceof EpollDatagramChannel
            && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    return can ? LONGEST_SEGMENT : 0;
  }

  @Override
  public void ttl(int hops) {
    set("TTL", ipv6 ? numbers.hops6 : numbers.ttl, hops);
  }

  @Override
  public void multicastTtl(int hops) {
    set("MULTICAST_TTL", ipv6 ? numbers.multicastHops6 : numbers.multicastTtl, hops);
  }

  @Override
  public void multicastLoop(boolean on) {
    set("MULTICAST_LOOP", ipv6 ? numbers.multicastLoop6 : numbers.multicastLoop, on ? 1 : 0);
  }

  @Override
  public void multicastInterface(byte[] ipv4, int index) {
    if (ipv6) {
      set("MULTICAST_IF", numbers.multicastIf6, index);
    } else {
      set("MULTICAST_IF", numbers.multicastIf, ByteBuffer.wrap(ipv4));
    }
  }

  @Override
  public void membership(
      boolean join, InetAddress group, byte[] ipv4, int index, @Nullable InetAddress source) {
    if (!ipv6) {
      membershipIpv4(join, group, ipv4, source);
    } else if (source == null) {
      ByteBuffer request = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
      request.put(group.getAddress()).putInt(index).flip();
      set("MEMBERSHIP", join ? numbers.join6 : numbers.leave6, request);
    } else {
      set(
          "SOURCE_GROUP",
          join ? numbers.joinSource6 : numbers.leaveSource6,
          groupSource(index, group, source));
    }
  }

  private void membershipIpv4(
      boolean join, InetAddress group, byte[] ipv4, @Nullable InetAddress source) {
    if (source == null) {
      ByteBuffer request = ByteBuffer.allocate(8).put(group.getAddress()).put(ipv4).flip();
      set("MEMBERSHIP", join ? numbers.join : numbers.leave, request);
      return;
    }
    ByteBuffer request = ByteBuffer.allocate(12).put(group.getAddress());
    if (bsd) {
      request.put(source.getAddress()).put(ipv4);
    } else {
      request.put(ipv4).put(source.getAddress());
    }
    set("SOURCE_MEMBERSHIP", join ? numbers.joinSource : numbers.leaveSource, request.flip());
  }

  /** The structure group_source_req (RFC 3678 §5.1.1); BSD packs it in four bytes, not eight. */
  private ByteBuffer groupSource(int index, InetAddress group, InetAddress source) {
    int first = bsd ? 4 : 8;
    ByteBuffer request = ByteBuffer.allocate(first + 2 * 128).order(ByteOrder.nativeOrder());
    request.putInt(index);
    putAddress(request.position(first), group);
    putAddress(request.position(first + 128), source);
    return request.clear();
  }

  private void putAddress(ByteBuffer request, InetAddress address) {
    if (bsd) {
      request.put((byte) 28).put((byte) 30);
    } else {
      request.putShort((short) 10);
    }
    request.putShort((short) 0).putInt(0).put(address.getAddress());
  }

  private void set(String name, int number, int value) {
    channel()
        .config()
        .setOption(new IntegerUnixChannelOption(name, ipv6 ? IPV6 : IPV4, number), value);
  }

  private void set(String name, int number, ByteBuffer value) {
    channel()
        .config()
        .setOption(
            new RawUnixChannelOption(name, ipv6 ? IPV6 : IPV4, number, value.remaining()), value);
  }

  /** Not by the channel, which may take a turn for it, and remembers the address of before. */
  @Override
  public void connect(InetSocketAddress peer) throws IOException {
    socket().connect(peer);
  }

  /** Linux forgets with the peer the port that it had chosen: the socket is bound to it again. */
  @Override
  public void disconnect() throws IOException {
    int port = localAddress().getPort();
    socket().disconnect();
    if (localAddress().getPort() == 0) {
      InetAddress any = InetAddress.getByAddress(new byte[ipv6 ? 16 : 4]);
      socket().bind(new InetSocketAddress(any, port));
    }
  }

  @Override
  public InetSocketAddress localAddress() {
    return socket().localAddress();
  }

  @Override
  public void sendEmpty(InetSocketAddress to) throws IOException {
    ByteBuffer nothing = ByteBuffer.allocateDirect(1);
    socket().sendTo(nothing, 0, 0, to.getAddress(), to.getPort());
  }

  private Socket socket() {
    return (Socket) ((UnixChannel) channel()).fd();
  }
}
