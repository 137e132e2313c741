package io.netloop.dgram;

import io.netloop.engine.IpText;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of those who talk, in the system's form and as text, so that the answer to a
 * datagram costs no conversion. It has a fixed number of places, each for the latest of several
 * addresses: those of strangers cost nothing more. Loop-confined.
 */
final class Peers {
  private static final int BITS = 8;
  private static final int GOLDEN = 0x9E3779B9;

  private final boolean ipv6;
  private @Nullable Peer @Nullable [] bySender;
  private @Nullable Peer @Nullable [] byText;
  private @Nullable Peer last;

  Peers(boolean ipv6) {
    this.ipv6 = ipv6;
  }

  /** The sender of a datagram. */
  Peer sender(InetSocketAddress sender) {
    Peer peer = last;
    if (peer == null || !peer.socketAddress.equals(sender)) {
      peer = known(sender);
      last = peer;
    }
    return peer;
  }

  private Peer known(InetSocketAddress sender) {
    if (bySender == null) {
      bySender = new @Nullable Peer[1 << BITS];
    }
    int place = place(sender.hashCode());
    Peer peer = bySender[place];
    if (peer == null || !peer.socketAddress.equals(sender)) {
      peer = peer(sender);
      bySender[place] = peer;
      remember(peer);
    }
    return peer;
  }

  /** The peer at an address given as text; null where the text is a name. */
  @Nullable Peer target(String host, int port) {
    Peer peer = last;
    if (peer != null && peer.port == port && peer.host.equals(host)) {
      return peer;
    }
    peer = byText == null ? null : byText[place(host.hashCode() + port)];
    if (peer != null && peer.port == port && peer.host.equals(host)) {
      return peer;
    }
    byte[] bytes = IpText.parse(host);
    if (bytes == null) {
      return null;
    }
    peer = numeric(host, bytes, port);
    remember(peer);
    return peer;
  }

  private void remember(Peer peer) {
    if (byText == null) {
      byText = new @Nullable Peer[1 << BITS];
    }
    byText[place(peer.host.hashCode() + peer.port)] = peer;
  }

  private Peer numeric(String host, byte[] bytes, int port) {
    if (bytes.length == (ipv6 ? 16 : 4)) {
      try {
        InetAddress address =
            host.indexOf('%') < 0
                ? InetAddress.getByAddress(bytes)
                : Inet6Address.getByAddress(null, bytes, zone(host));
        return new Peer(new InetSocketAddress(address, port), host, family());
      } catch (UnknownHostException unknownZone) {
        // It is no address of this host's networks.
      }
    }
    return new Peer(InetSocketAddress.createUnresolved(host, port), host, family());
  }

  private static NetworkInterface zone(String host) throws UnknownHostException {
    String zone = host.substring(host.indexOf('%') + 1);
    try {
      boolean digits = zone.chars().allMatch(c -> c >= '0' && c <= '9') && zone.length() < 10;
      NetworkInterface found =
          digits
              ? NetworkInterface.getByIndex(Integer.parseInt(zone))
              : NetworkInterface.getByName(zone);
      if (found != null) {
        return found;
      }
    } catch (IOException unknown) {
      // as below
    }
    throw new UnknownHostException(host);
  }

  /** The peer at an address that a name has been resolved to. */
  Peer resolved(InetAddress address, int port) {
    return sender(new InetSocketAddress(address, port));
  }

  private Peer peer(InetSocketAddress address) {
    return new Peer(address, text(address.getAddress(), ipv6), family());
  }

  private String family() {
    return ipv6 ? "IPv6" : "IPv4";
  }

  /** An address as a socket of this family shows it; that of a link with its zone. */
  static String text(InetAddress address, boolean ipv6) {
    String text = IpText.format(address.getAddress());
    if (address instanceof Inet4Address) {
      return ipv6 ? "::ffff:" + text : text;
    }
    int scope = ((Inet6Address) address).getScopeId();
    if (scope == 0 || !address.isLinkLocalAddress()) {
      return text;
    }
    try {
      NetworkInterface network = NetworkInterface.getByIndex(scope);
      return text + "%" + (network == null ? scope : network.getName());
    } catch (IOException unknown) {
      return text + "%" + scope;
    }
  }

  private static int place(int hash) {
    return (hash * GOLDEN) >>> (32 - BITS);
  }
}
