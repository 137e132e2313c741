package io.netloop.engine;

import io.netty.channel.ChannelException;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Datagram sockets of the JDK: one call per datagram, no TTL of what is not multicast. */
final class NioDatagrams extends DatagramHandle {
  private static final int LARGEST = 65_535;
  private static final int DISCARD_PORT = 9;

  private final DatagramChannel java;
  private final boolean ipv6;
  private final Map<List<Object>, MembershipKey> joined = new HashMap<>();

  private NioDatagrams(DatagramChannel java, boolean ipv6) {
    super(new NioDatagramChannel(java));
    this.java = java;
    this.ipv6 = ipv6;
  }

  static NioDatagrams ofFamily(boolean ipv6) {
    try {
      return new NioDatagrams(DatagramChannel.open(family(ipv6)), ipv6);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  private static StandardProtocolFamily family(boolean ipv6) {
    return ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
  }

  @Override
  public void startReading(ReceiveBuffer shared, int batch) {
    channel().config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST));
    channel().config().setAutoRead(true);
  }

  @Override
  public int longestSegment() {
    return 0;
  }

  @Override
  public void broadcast(boolean on) {
    set(StandardSocketOptions.SO_BROADCAST, on);
  }

  @Override
  public void ttl(int hops) {
    throw new ChannelException(Errno.ENOTSUP.words());
  }

  @Override
  public void multicastTtl(int hops) {
    set(StandardSocketOptions.IP_MULTICAST_TTL, hops);
  }

  @Override
  public void multicastLoop(boolean on) {
    set(StandardSocketOptions.IP_MULTICAST_LOOP, on);
  }

  @Override
  public void multicastInterface(byte[] ipv4, int index) throws IOException {
    NetworkInterface chosen = named(ipv4, index);
    if (chosen != null) {
      java.setOption(StandardSocketOptions.IP_MULTICAST_IF, chosen);
    }
  }

  private <T> void set(SocketOption<T> option, T value) {
    try {
      java.setOption(option, value);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** The JDK joins twice and leaves what was not joined without a word: so we keep account. */
  @Override
  public void membership(
      boolean join, InetAddress group, byte[] ipv4, int index, @Nullable InetAddress source)
      throws IOException {
    if (!group.isMulticastAddress()) {
      throw new IOException(Errno.EINVAL.words());
    }
    NetworkInterface at = named(ipv4, index);
    if (at == null) {
      at = routed(group);
    }
    List<Object> key = List.of(group, at.getIndex(), source == null ? "" : source);
    if (!join) {
      MembershipKey member = joined.remove(key);
      if (member == null) {
        throw new IOException(Errno.EADDRNOTAVAIL.words());
      }
      member.drop();
    } else if (joined.containsKey(key)) {
      Errno twice = source == null ? Errno.EADDRINUSE : Errno.EADDRNOTAVAIL;
      throw new IOException(twice.words());
    } else {
      joined.put(key, source == null ? java.join(group, at) : java.join(group, at, source));
    }
  }

  /** The interface that was named, or null where the choice is the system's. */
  private @Nullable NetworkInterface named(byte[] ipv4, int index) throws IOException {
    NetworkInterface found;
    if (ipv6) {
      if (index == 0) {
        return null;
      }
      found = NetworkInterface.getByIndex(index);
    } else {
      InetAddress address = InetAddress.getByAddress(ipv4);
      if (address.isAnyLocalAddress()) {
        return null;
      }
      found = NetworkInterface.getByInetAddress(address);
    }
    if (found == null) {
      throw new IOException(Errno.ENODEV.words());
    }
    return found;
  }

  /** The JDK wants an interface for each group; the routing table tells the one to it. */
  private NetworkInterface routed(InetAddress group) throws IOException {
    try (DatagramChannel probe = DatagramChannel.open(family(ipv6))) {
      probe.connect(new InetSocketAddress(group, DISCARD_PORT));
      InetSocketAddress local = (InetSocketAddress) probe.getLocalAddress();
      NetworkInterface found = NetworkInterface.getByInetAddress(local.getAddress());
      if (found == null) {
        throw new IOException(Errno.ENODEV.words());
      }
      return found;
    }
  }

  /** Not by Netty's channel, which would close the socket where the system refuses. */
  @Override
  public void connect(InetSocketAddress peer) throws IOException {
    java.connect(peer);
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) channel().unsafe().localAddress();
  }

  @Override
  public void disconnect() throws IOException {
    java.disconnect();
  }

  @Override
  public void sendEmpty(InetSocketAddress to) throws IOException {
    if (java.isConnected()) {
      throw new IOException(Errno.ENOTSUP.words()); // the JDK makes no call for it then
    }
    java.send(ByteBuffer.allocate(0), to);
  }
}
