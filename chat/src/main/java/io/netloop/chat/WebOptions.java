package io.netloop.chat;

import io.netloop.loop.NetException;
import io.netloop.net.BlockList;
import io.netloop.net.Net;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a chat room is served to browsers: its page, and a WebSocket at {@code /ws}.
 * <i>Immutable.</i>
 *
 * @param port 0 to 65535, 8080 by default; 0 has the system choose. The address is that of the room
 * @param origins the origins whose pages may join, such as {@code https://chat.example.org}; none,
 *     the default, for the pages of the host that the browser has asked. A client that sends no
 *     {@code Origin} is no browser, and may
 * @param trustedProxies the addresses of proxies, such as {@code 127.0.0.1} or {@code 10.0.0.0/8},
 *     that are believed when they say in {@code X-Forwarded-For} whom they speak for; none by
 *     default
 * @param accessLog whether each request is logged, to the logger {@code io.netloop.chat.access};
 *     false by default
 * @param redirectPort 0 to 65535: with TLS, a port that sends those who come by plain HTTP to the
 *     encrypted one, and on which names can be proved to an ACME authority; null, the default, for
 *     none
 * @param strictTransport whether browsers are told that this host is to be had by TLS only, for a
 *     year (RFC 6797); false by default, because they do not forget it earlier
 */
public record WebOptions(
    int port,
    Set<String> origins,
    List<String> trustedProxies,
    boolean accessLog,
    @Nullable Integer redirectPort,
    boolean strictTransport) {
  private static final WebOptions DEFAULTS =
      new WebOptions(8080, Set.of(), List.of(), false, null, false);

  /**
   * Checks them.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE} for the port, {@code ERR_INVALID_ARG_VALUE} for
   *     an origin or an address that is none
   */
  public WebOptions {
    check("port", port);
    if (redirectPort != null) {
      check("redirectPort", redirectPort);
    }
    origins = Set.copyOf(origins);
    trustedProxies = List.copyOf(trustedProxies);
    for (String origin : origins) {
      if (!isOrigin(origin)) {
        throw new NetException(
            "ERR_INVALID_ARG_VALUE",
            "An origin is a scheme, a host and perhaps a port, such as https://chat.example.org,"
                + " and not '"
                + Harmless.text(origin)
                + "'.");
      }
    }
    proxies(trustedProxies);
  }

  private static void check(String name, int port) {
    if (port < 0 || port > 65_535) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"%s\" is out of range. It must be >= 0 && <= 65535. Received %d"
              .formatted(name, port));
    }
  }

  /** The defaults named above. */
  public static WebOptions defaults() {
    return DEFAULTS;
  }

  public WebOptions withPort(int newPort) {
    return new WebOptions(
        newPort, origins, trustedProxies, accessLog, redirectPort, strictTransport);
  }

  public WebOptions withOrigins(Set<String> allowed) {
    return new WebOptions(port, allowed, trustedProxies, accessLog, redirectPort, strictTransport);
  }

  public WebOptions withTrustedProxies(List<String> addresses) {
    return new WebOptions(port, origins, addresses, accessLog, redirectPort, strictTransport);
  }

  public WebOptions withAccessLog(boolean on) {
    return new WebOptions(port, origins, trustedProxies, on, redirectPort, strictTransport);
  }

  public WebOptions withRedirectPort(@Nullable Integer newPort) {
    return new WebOptions(port, origins, trustedProxies, accessLog, newPort, strictTransport);
  }

  public WebOptions withStrictTransport(boolean on) {
    return new WebOptions(port, origins, trustedProxies, accessLog, redirectPort, on);
  }

  /** Whether this can be the origin of a page (RFC 6454 §7). */
  public static boolean isOrigin(String text) {
    return text.matches("(?i)https?://[^\\s/,?#@]+");
  }

  /** The proxies as a list that can be asked. */
  BlockList proxies() {
    return proxies(trustedProxies);
  }

  private static BlockList proxies(List<String> addresses) {
    BlockList list = new BlockList();
    for (String address : addresses) {
      if (address.indexOf('/') >= 0) {
        list.addCidr(address);
      } else {
        list.addAddress(address, Net.isIPv6(address) ? "ipv6" : "ipv4");
      }
    }
    return list;
  }
}
