package io.netloop.dgram;

import io.netloop.engine.DatagramHandle;
import io.netloop.loop.AbortSignal;
import io.netloop.loop.NetException;
import io.netloop.net.BlockList;
import io.netloop.net.ConnectOptions;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a UDP socket: made by {@link #udp4}, {@link #udp6} or {@link #type}.
 * <i>Immutable.</i>
 *
 * @param type {@code udp4} or {@code udp6}
 * @param reuseAddr false by default. With true several sockets, each with it, may bind the same
 *     port: what several receivers of a group on one host need
 * @param reusePort false by default. With true the system spreads what comes among the sockets of
 *     the port, by its sender; an error of bind where it can't
 * @param ipv6Only false by default. With true a udp6 socket on {@code ::} leaves IPv4 alone
 * @param recvBufferSize bytes that the system may hold for us, set by bind; 0, the default, leaves
 *     the system's. Linux takes twice what is said
 * @param sendBufferSize bytes that the system may hold of ours; as above
 * @param lookup resolves names; null for the system's way. May block: it is called on a virtual
 *     thread
 * @param signal closes the socket when it is given, or null
 * @param receiveBlockList senders whose datagrams are dropped without a word, or null
 * @param sendBlockList addresses to which sending fails with {@code ERR_IP_BLOCKED}, or null
 * @param maxQueuedBytes the most bytes that may wait to be sent, each datagram counted with 64
 *     bytes more; one that would pass it is dropped. 16 MiB by default
 * @param receiveBatch how many datagrams are taken from the system in one call, 1 to 64; 64 by
 *     default. Of use with epoll; other transports take one at a time
 * @see <a href="https://nodejs.org/api/dgram.html#dgramcreatesocketoptions-callback">Node:
 *     createSocket</a>
 */
public record UdpOptions(
    String type,
    boolean reuseAddr,
    boolean reusePort,
    boolean ipv6Only,
    int recvBufferSize,
    int sendBufferSize,
    ConnectOptions.@Nullable NameLookup lookup,
    @Nullable AbortSignal signal,
    @Nullable BlockList receiveBlockList,
    @Nullable BlockList sendBlockList,
    long maxQueuedBytes,
    int receiveBatch) {
  /** For a limit that is not wanted: written out, so that it is seen. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final long MOST_QUEUED = 16L << 20;

  public UdpOptions {
    if (!type.equals(Dgram.UDP4) && !type.equals(Dgram.UDP6)) {
      throw Misuse.badType();
    }
    Misuse.checkBufferSize(recvBufferSize == 0 ? 1 : recvBufferSize);
    Misuse.checkBufferSize(sendBufferSize == 0 ? 1 : sendBufferSize);
    if (maxQueuedBytes < 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE", "maxQueuedBytes must be at least 0, not " + maxQueuedBytes + ".");
    }
    if (receiveBatch < 1 || receiveBatch > DatagramHandle.MOST_BATCH) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "receiveBatch must be from 1 to %d datagrams, not %d."
              .formatted(DatagramHandle.MOST_BATCH, receiveBatch));
    }
  }

  /** A socket for IPv4. */
  public static UdpOptions udp4() {
    return type(Dgram.UDP4);
  }

  /** A socket for IPv6. */
  public static UdpOptions udp6() {
    return type(Dgram.UDP6);
  }

  /**
   * A socket of this type.
   *
   * @throws NetException {@code ERR_SOCKET_BAD_TYPE} for anything but {@code udp4} and {@code udp6}
   */
  public static UdpOptions type(@Nullable String type) {
    return new UdpOptions(
        type == null ? "" : type,
        false,
        false,
        false,
        0,
        0,
        null,
        null,
        null,
        null,
        MOST_QUEUED,
        DatagramHandle.MOST_BATCH);
  }

  public UdpOptions withReuseAddr(boolean newReuseAddr) {
    return new UdpOptions(
        type,
        newReuseAddr,
        reusePort,
        ipv6Only,
        recvBufferSize,
        sendBufferSize,
        lookup,
        signal,
        receiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withReusePort(boolean newReusePort) {
    return new UdpOptions(
        type,
        reuseAddr,
        newReusePort,
        ipv6Only,
        recvBufferSize,
        sendBufferSize,
        lookup,
        signal,
        receiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withIpv6Only(boolean newIpv6Only) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        newIpv6Only,
        recvBufferSize,
        sendBufferSize,
        lookup,
        signal,
        receiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withRecvBufferSize(int newRecvBufferSize) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        ipv6Only,
        newRecvBufferSize,
        sendBufferSize,
        lookup,
        signal,
        receiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withSendBufferSize(int newSendBufferSize) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        ipv6Only,
        recvBufferSize,
        newSendBufferSize,
        lookup,
        signal,
        receiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withLookup(ConnectOptions.@Nullable NameLookup newLookup) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        ipv6Only,
        recvBufferSize,
        sendBufferSize,
        newLookup,
        signal,
        receiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withSignal(@Nullable AbortSignal newSignal) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        ipv6Only,
        recvBufferSize,
        sendBufferSize,
        lookup,
        newSignal,
        receiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withReceiveBlockList(@Nullable BlockList newReceiveBlockList) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        ipv6Only,
        recvBufferSize,
        sendBufferSize,
        lookup,
        signal,
        newReceiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withSendBlockList(@Nullable BlockList newSendBlockList) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        ipv6Only,
        recvBufferSize,
        sendBufferSize,
        lookup,
        signal,
        receiveBlockList,
        newSendBlockList,
        maxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withMaxQueuedBytes(long newMaxQueuedBytes) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        ipv6Only,
        recvBufferSize,
        sendBufferSize,
        lookup,
        signal,
        receiveBlockList,
        sendBlockList,
        newMaxQueuedBytes,
        receiveBatch);
  }

  public UdpOptions withReceiveBatch(int newReceiveBatch) {
    return new UdpOptions(
        type,
        reuseAddr,
        reusePort,
        ipv6Only,
        recvBufferSize,
        sendBufferSize,
        lookup,
        signal,
        receiveBlockList,
        sendBlockList,
        maxQueuedBytes,
        newReceiveBatch);
  }

  boolean isIpv6() {
    return type.equals(Dgram.UDP6);
  }
}
