package io.netloop.web;

import io.netloop.http.HttpRequest;
import io.netloop.net.BlockList;
import io.netloop.net.HostPort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which machines are proxies of ours, so that what they say about a client holds: a client itself
 * could say anything. <i>Immutable</i> once it is made.
 */
final class ProxyTrust {
  /** Nobody. */
  static final ProxyTrust NONE = new ProxyTrust(0, new BlockList());

  private final int hops;
  private final BlockList addresses;

  private ProxyTrust(int hops, BlockList addresses) {
    this.hops = hops;
    this.addresses = addresses;
  }

  /** So many machines before this one. */
  static ProxyTrust hops(int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "There are 0 or more proxies before a server, not " + count);
    }
    return new ProxyTrust(count, new BlockList());
  }

  /** Addresses, subnets, and {@code loopback}, {@code linklocal}, {@code uniquelocal}. */
  static ProxyTrust addresses(String... names) {
    BlockList list = new BlockList();
    for (String name : names) {
      switch (name) {
        case "loopback" -> list.addCidrs(List.of("127.0.0.0/8", "::1/128"));
        case "linklocal" -> list.addCidrs(List.of("169.254.0.0/16", "fe80::/10"));
        case "uniquelocal" ->
            list.addCidrs(List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"));
        default -> {
          if (name.indexOf('/') >= 0) {
            list.addCidr(name);
          } else {
            list.addAddress(name, family(name));
          }
        }
      }
    }
    return new ProxyTrust(0, list);
  }

  private static String family(String address) {
    return address.indexOf(':') >= 0 ? "ipv6" : "ipv4";
  }

  /** Whether what a machine says holds; {@code hop} is 0 for the one that is connected. */
  boolean trusts(@Nullable String address, int hop) {
    return hop < hops || (address != null && addresses.check(address, family(address)));
  }

  /**
   * The client, then the proxies from the far ones to the near: as far as each was named by one
   * that is trusted.
   *
   * @param peer who is connected
   * @param forwarded {@code X-Forwarded-For}, or null
   */
  List<String> way(@Nullable String peer, @Nullable String forwarded) {
    List<String> way = new ArrayList<>();
    way.add(peer == null ? "" : peer);
    if (forwarded != null) {
      List<String> named = MediaType.split(forwarded, ',');
      for (int i = named.size() - 1; i >= 0 && trusts(way.getFirst(), way.size() - 1); i--) {
        if (!named.get(i).isEmpty()) {
          way.addFirst(named.get(i));
        }
      }
    }
    return way;
  }

  // What is known of a request's client

  /** The first element of a header that only proxies send, where a trusted one has sent it. */
  @Nullable String forwarded(HttpRequest request, String name) {
    String value = request.header(name);
    return value == null || !trusts(peer(request), 0)
        ? null
        : MediaType.split(value, ',').getFirst();
  }

  /** The host and port that it asks for. */
  @Nullable String host(HttpRequest request) {
    String host = forwarded(request, "X-Forwarded-Host");
    return host == null ? request.header("Host") : host;
  }

  /** {@code http} or {@code https}. */
  String protocol(HttpRequest request) {
    String said = forwarded(request, "X-Forwarded-Proto");
    if (said != null && (said.equals("http") || said.equals("https"))) {
      return said;
    }
    return request.socket().encrypted() ? "https" : "http";
  }

  /** Its own address; null on a Unix domain socket. */
  @Nullable String address(HttpRequest request) {
    String peer = peer(request);
    String forwarded = request.header("X-Forwarded-For");
    return forwarded == null ? peer : way(peer, forwarded).getFirst();
  }

  /** Its address and those of the proxies, as far as they are named and trusted. */
  List<String> addresses(HttpRequest request) {
    List<String> way = way(peer(request), request.header("X-Forwarded-For"));
    return way.size() < 2 ? List.of() : List.copyOf(way.subList(0, way.size() - 1));
  }

  private static @Nullable String peer(HttpRequest request) {
    HostPort remote = request.socket().remote();
    return remote == null || remote.isPath() ? null : remote.unmapped().host();
  }
}
