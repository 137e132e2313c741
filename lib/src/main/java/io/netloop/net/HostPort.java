package io.netloop.net;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An address and a port. <i>Immutable.</i>
 *
 * @param host the address as text, IPv6 in its short form and without brackets: {@code ::1}
 * @param port 0 to 65535
 * @param family {@code IPv4} or {@code IPv6}
 */
public record HostPort(String host, int port, String family) {
  /** For people and logs: {@code 127.0.0.1:3000}, {@code [::1]:3000}. */
  @Override
  public String toString() {
    return family.equals("IPv6") ? "[" + host + "]:" + port : host + ":" + port;
  }

  static HostPort of(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    String family = ip instanceof Inet4Address ? "IPv4" : "IPv6";
    return new HostPort(NetUtil.toAddressString(ip), address.getPort(), family);
  }

  /** An IPv4 address as a socket that serves both families shows it: {@code ::ffff:127.0.0.1}. */
  HostPort mapped() {
    return family.equals("IPv6") ? this : new HostPort("::ffff:" + host, port, "IPv6");
  }
}
