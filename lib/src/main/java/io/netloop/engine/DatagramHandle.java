package io.netloop.engine;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket of the system: its channel, and what the system is asked about it in the
 * transport's own way. What the system refuses is thrown, and {@link Errno#of} tells what it was.
 */
public abstract sealed class DatagramHandle permits NativeDatagrams, NioDatagrams {
  /** How many datagrams are read in one call at the most. */
  public static final int MOST_BATCH = 64;

  private final DatagramChannel channel;

  DatagramHandle(DatagramChannel channel) {
    this.channel = channel;
    channel.config().setOption(ChannelOption.AUTO_READ, false);
    activeAlways(channel);
  }

  /** Netty writes to no channel that isn't "active", which one is no more once disconnected. */
  @SuppressWarnings("deprecation")
  private static void activeAlways(DatagramChannel channel) {
    channel.config().setOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true);
  }

  /** A new socket, neither bound nor registered, of IPv6 or of IPv4 only. */
  public static DatagramHandle open(boolean ipv6) {
    return Transport.chosen().newDatagrams(ipv6);
  }

  /**
   * A socket over a descriptor that is open and bound already, not registered.
   *
   * @throws UnsupportedOperationException where this transport can't adopt one: epoll can
   */
  public static DatagramHandle adopt(int fd, boolean ipv6) {
    return Transport.chosen().adoptDatagrams(fd, ipv6);
  }

  public DatagramChannel channel() {
    return channel;
  }

  /** Where it is bound, as the system says now. */
  public abstract InetSocketAddress localAddress();

  /** Begins to read, up to {@code batch} datagrams in one call where the system can. */
  public abstract void startReading(ReceiveBuffer shared, int batch);

  /** The longest datagram that is worth to be sent as one of several in one piece; 0 for none. */
  public abstract int longestSegment();

  public void broadcast(boolean on) {
    channel.config().setOption(ChannelOption.SO_BROADCAST, on);
  }

  public void reuseAddress() {
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
  }

  public void receiveBufferSize(int bytes) {
    channel.config().setOption(ChannelOption.SO_RCVBUF, bytes);
  }

  public int receiveBufferSize() {
    return channel.config().getOption(ChannelOption.SO_RCVBUF);
  }

  public void sendBufferSize(int bytes) {
    channel.config().setOption(ChannelOption.SO_SNDBUF, bytes);
  }

  public int sendBufferSize() {
    return channel.config().getOption(ChannelOption.SO_SNDBUF);
  }

  public abstract void ttl(int hops);

  public abstract void multicastTtl(int hops);

  public abstract void multicastLoop(boolean on);

  /**
   * Sets where multicast leaves.
   *
   * @param ipv4 for IPv4: an address of the interface, all zeros for the system's choice
   * @param index for IPv6: the interface's number, 0 for the system's choice
   */
  public abstract void multicastInterface(byte[] ipv4, int index) throws IOException;

  /**
   * Joins or leaves a group.
   *
   * @param ipv4 for IPv4: an address of the interface, all zeros for the system's choice
   * @param index for IPv6: the interface's number, 0 for the system's choice
   * @param source the only sender wanted, or null
   */
  public abstract void membership(
      boolean join, InetAddress group, byte[] ipv4, int index, @Nullable InetAddress source)
      throws IOException;

  /** Has the system take IPv6 only. Returns whether it can be asked to. */
  public boolean ipv6Only() {
    return Transport.chosen().ipv6Only(channel);
  }

  /** Lets other sockets bind the same port. Returns whether the system knows that. */
  public boolean reusePort() {
    return Transport.chosen().reusePort(channel);
  }

  /** Whether a socket that was closed holds its port until the loop asks the kernel again. */
  public boolean closesInTheNextTurn() {
    return Transport.chosen().closesInTheNextTurn();
  }

  /** Takes datagrams of this peer only. */
  public abstract void connect(InetSocketAddress peer) throws IOException;

  /** Takes datagrams of everybody again, at the same port as before. */
  public abstract void disconnect() throws IOException;

  /** Sends a datagram without a byte, for which Netty's channels make no call at all. */
  public abstract void sendEmpty(InetSocketAddress to) throws IOException;

  /** The number of an interface, by its name or as digits; -1 for an unknown one. */
  public static int indexOf(String nameOrNumber) {
    boolean digits =
        !nameOrNumber.isEmpty()
            && nameOrNumber.length() < 10
            && nameOrNumber.chars().allMatch(c -> c >= '0' && c <= '9');
    if (digits) {
      return Integer.parseInt(nameOrNumber);
    }
    try {
      NetworkInterface found = NetworkInterface.getByName(nameOrNumber);
      return found == null ? -1 : found.getIndex();
    } catch (IOException unknown) {
      return -1;
    }
  }
}
