package io.netloop.dgram;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * UDP: sockets that send and receive datagrams, as Node's module {@code dgram}. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * var server = Dgram.createSocket("udp4");
 * server.onMessage((message, remote) -> server.send("world", remote.port(), remote.host()));
 * server.bind(3000);
 * }</pre>
 *
 * @see <a href="https://nodejs.org/api/dgram.html">Node: dgram</a>
 */
public final class Dgram {
  /** The type of a socket for IPv4. */
  public static final String UDP4 = "udp4";

  /** The type of a socket for IPv6 and, unless it is told otherwise, IPv4. */
  public static final String UDP6 = "udp6";

  private Dgram() {}

  /**
   * A socket that is not bound yet.
   *
   * @param type {@code udp4} or {@code udp6}
   * @throws NetException {@code ERR_SOCKET_BAD_TYPE} for anything else
   */
  public static UdpSocket createSocket(@Nullable String type) {
    return createSocket(UdpOptions.type(type));
  }

  /** A socket that is not bound yet, and a 'message' listener for it. */
  public static UdpSocket createSocket(
      @Nullable String type, BiConsumer<Buffer, RemoteInfo> onMessage) {
    return createSocket(type).onMessage(onMessage);
  }

  /** A socket that is not bound yet. */
  public static UdpSocket createSocket(UdpOptions options) {
    return new UdpSocket(options);
  }

  /** A socket that is not bound yet, and a 'message' listener for it. */
  public static UdpSocket createSocket(
      UdpOptions options, BiConsumer<Buffer, RemoteInfo> onMessage) {
    return createSocket(options).onMessage(onMessage);
  }

  /**
   * Whether this is an address of one host: 0.0.0.0 to 223.255.255.255, or of IPv6 all that is not
   * multicast. False for a text that is no address.
   */
  public static boolean isUnicast(String address) {
    return AddressKinds.isUnicast(address);
  }

  /** Whether this is the limited broadcast address, 255.255.255.255. */
  public static boolean isBroadcast(String address) {
    return AddressKinds.isLimitedBroadcast(address);
  }

  /**
   * Whether this is the limited broadcast address, or the directed one of a network: all bits of
   * the host part one.
   *
   * @param netmask of the network, for example {@code 255.255.255.0}
   */
  public static boolean isBroadcast(String address, String netmask) {
    return AddressKinds.isBroadcast(address, netmask);
  }

  /** Whether this is the address of a group: 224.0.0.0 to 239.255.255.255, or ff00::/8. */
  public static boolean isMulticast(String address) {
    return AddressKinds.scope(address) != null;
  }

  /** How far a group reaches, by its address; null for what is no group. */
  public static @Nullable MulticastScope multicastScope(String address) {
    return AddressKinds.scope(address);
  }
}
