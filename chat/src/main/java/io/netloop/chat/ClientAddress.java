package io.netloop.chat;

import io.netloop.http.HttpRequest;
import io.netloop.net.BlockList;
import io.netloop.net.Net;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells who has sent a request where a proxy may stand between: the peer itself, unless that is a
 * proxy that we trust, and then whom it names. Anybody can send {@code X-Forwarded-For}; so what
 * the others say in it is not heard. <i>Loop-confined.</i>
 */
final class ClientAddress {
  /** The longest text of an address: IPv6 with an IPv4 tail and a zone. */
  private static final int MOST_CHARACTERS = 64;

  private final BlockList trusted;

  ClientAddress(BlockList trusted) {
    this.trusted = trusted;
  }

  /** The address of who has sent it. */
  String of(HttpRequest request) {
    String peer = String.valueOf(request.socket().remoteAddress());
    if (!isTrusted(peer)) {
      return peer;
    }
    List<String> lines = request.headers().getAll("x-forwarded-for");
    String client = peer;
    // Each proxy adds at the end whom it has heard: the last one that is no proxy of ours counts.
    String[] hops = String.join(",", lines).split(",", -1);
    for (int i = hops.length - 1; i >= 0; i--) {
      String hop = address(hops[i].strip());
      if (hop == null) {
        return client;
      }
      client = hop;
      if (!isTrusted(hop)) {
        return client;
      }
    }
    return client;
  }

  /** Whether this is a proxy that we believe. */
  boolean isTrusted(String address) {
    return trusted.size() > 0 && (trusted.check(address, "ipv4") || trusted.check(address, "ipv6"));
  }

  /** The address that is meant, in the form of the system's own, or null where it is none. */
  private static @Nullable String address(String hop) {
    String text =
        hop.startsWith("[") && hop.endsWith("]") ? hop.substring(1, hop.length() - 1) : hop;
    if (text.isEmpty() || text.length() > MOST_CHARACTERS || Net.isIP(text) == 0) {
      return null;
    }
    return text;
  }
}
