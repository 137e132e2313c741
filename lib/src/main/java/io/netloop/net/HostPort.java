package io.netloop.net;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * An address and a port, or the path of a Unix domain socket. <i>Immutable.</i>
 *
 * @param host the address as text, IPv6 in its short form and without brackets, with its zone if it
 *     has one: {@code ::1}, {@code fe80::1%eth0}; or the path
 * @param port 0 to 65535; -1 with a path
 * @param family {@code IPv4}, {@code IPv6} or {@code Unix}
 */
public record HostPort(String host, int port, String family) {
  /** For people and logs: {@code 127.0.0.1:3000}, {@code [::1]:3000}, {@code /run/app.sock}. */
  @Override
  public String toString() {
    if (isPath()) {
      return host;
    }
    return family.equals("IPv6") ? "[" + host + "]:" + port : host + ":" + port;
  }

  // The two that a record gets are linked at their first call: 20 ms before the first connection.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostPort that
        && port == that.port
        && host.equals(that.host)
        && family.equals(that.family);
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  /** Whether it is the path of a Unix domain socket. */
  public boolean isPath() {
    return port < 0;
  }

  /**
   * The address without the prefix that IPv4 peers have on a server of both families: {@code
   * ::ffff:127.0.0.1} becomes {@code 127.0.0.1}.
   */
  public HostPort unmapped() {
    boolean mapped = host.startsWith("::ffff:") && host.indexOf('.') > 0;
    return mapped ? new HostPort(host.substring("::ffff:".length()), port, "IPv4") : this;
  }

  static HostPort ofPath(String path) {
    return new HostPort(path, -1, "Unix");
  }

  static HostPort of(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    String family = ip instanceof Inet4Address ? "IPv4" : "IPv6";
    return new HostPort(text(ip), address.getPort(), family);
  }

  /** An address as text, with its zone if it has one: {@code fe80::1%eth0} (RFC 4007 §11). */
  static String text(InetAddress ip) {
    String text = NetUtil.toAddressString(ip);
    boolean zoned = ip instanceof Inet6Address six && six.getScopeId() != 0;
    return zoned ? text + "%" + zone(((Inet6Address) ip).getScopeId()) : text;
  }

  private static String zone(int index) {
    try {
      NetworkInterface network = NetworkInterface.getByIndex(index);
      return network == null ? String.valueOf(index) : network.getName();
    } catch (SocketException unknown) {
      return String.valueOf(index);
    }
  }

  /** An IPv4 address as a socket that serves both families shows it: {@code ::ffff:127.0.0.1}. */
  HostPort mapped() {
    return family.equals("IPv4") ? new HostPort("::ffff:" + host, port, "IPv6") : this;
  }
}
