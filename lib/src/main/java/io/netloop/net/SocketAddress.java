package io.netloop.net;

import io.netloop.engine.IpText;
import io.netloop.loop.NetException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An address and a port that have been checked. <i>Immutable.</i>
 *
 * @param address the address in its shortest form: {@code 1:0:0:0:0:0:0:1} becomes {@code 1::1}
 * @param family {@code ipv4} or {@code ipv6}; any letter case is taken
 * @param port 0 to 65535
 * @param flowlabel of IPv6, 0 to 1,048,575; 0 for IPv4
 * @see <a href="https://nodejs.org/api/net.html#class-netsocketaddress">Node: net.SocketAddress</a>
 */
public record SocketAddress(String address, String family, int port, int flowlabel) {
  private static final int MOST_FLOWLABEL = 0xfffff;

  public SocketAddress {
    family = checkFamily(family);
    byte[] bytes = parse(address, family);
    if (port < 0 || port > 65535) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT",
          "options.port should be >= 0 and < 65536. Received type number (" + port + ").");
    }
    if (flowlabel < 0 || flowlabel > MOST_FLOWLABEL) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"options.flowlabel\" is out of range. It must be >= 0 && <= 1048575. Received "
              + flowlabel);
    }
    address = IpText.format(bytes);
  }

  /** The loopback address of IPv4, port 0: Node's default. */
  public SocketAddress() {
    this("127.0.0.1", "ipv4", 0, 0);
  }

  /** An address whose family its text tells. */
  public SocketAddress(String address, int port) {
    this(address, address.indexOf(':') >= 0 ? "ipv6" : "ipv4", port, 0);
  }

  /** The address that stands for none: {@code 127.0.0.1} or {@code ::}, port 0. */
  public static SocketAddress ofFamily(String family) {
    String known = checkFamily(family);
    return new SocketAddress(known.equals("ipv4") ? "127.0.0.1" : "::", known, 0, 0);
  }

  /**
   * Reads {@code 1.2.3.4:8080}, {@code [::1]:8080}, or an address without a port, which then is 0.
   * Null for any other text. Unlike Node's, it keeps port 80 and takes standard forms only.
   */
  public static @Nullable SocketAddress parse(String text) {
    String host = text;
    String port = "0";
    int colon = text.lastIndexOf(':');
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      if (close < 0 || text.indexOf(':') < 0) {
        return null;
      }
      host = text.substring(1, close);
      if (close + 1 < text.length()) {
        if (text.charAt(close + 1) != ':') {
          return null;
        }
        port = text.substring(close + 2);
      }
      if (host.indexOf(':') < 0) {
        return null;
      }
    } else if (colon >= 0) {
      host = text.substring(0, colon);
      port = text.substring(colon + 1);
      if (host.indexOf(':') >= 0) {
        return null; // IPv6 wants brackets
      }
    }
    boolean digits =
        !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || Integer.parseInt(port) > 65535 || IpText.parse(host) == null) {
      return null;
    }
    return new SocketAddress(host, Integer.parseInt(port));
  }

  /** {@code 1.2.3.4:8080} or {@code [::1]:8080}. */
  @Override
  public String toString() {
    return family.equals("ipv6") ? "[" + address + "]:" + port : address + ":" + port;
  }

  static String checkFamily(String family) {
    String known = family.toLowerCase(Locale.ROOT);
    if (!known.equals("ipv4") && !known.equals("ipv6")) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "The argument 'family' must be 'ipv4' or 'ipv6'. Received '" + family + "'");
    }
    return known;
  }

  /** The bytes of an address of this family. */
  static byte[] parse(String address, String family) {
    byte[] bytes = IpText.parse(address);
    if (bytes == null || bytes.length != (family.equals("ipv4") ? 4 : 16)) {
      throw new NetException(
          "ERR_INVALID_ADDRESS",
          "Invalid socket address: '" + address + "' is no " + family + " address");
    }
    return bytes;
  }
}
