package io.netloop.dgram;

/**
 * Who sent a datagram. <i>Immutable.</i>
 *
 * @param host the address as text, IPv6 in its short form and without brackets: {@code ::1}. On a
 *     udp6 socket an IPv4 sender shows as {@code ::ffff:127.0.0.1}
 * @param port 0 to 65535
 * @param family {@code IPv4} or {@code IPv6}
 * @param size the datagram's length in bytes
 * @see <a href="https://nodejs.org/api/dgram.html#event-message">Node: 'message'</a>
 */
public record RemoteInfo(String host, int port, String family, int size) {
  /** The same as {@link #host}, under Node's name. */
  public String address() {
    return host;
  }

  /** For people and logs: {@code 127.0.0.1:3000}, {@code [::1]:3000}. */
  @Override
  public String toString() {
    return family.equals("IPv6") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
