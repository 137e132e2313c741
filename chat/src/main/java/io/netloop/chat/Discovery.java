package io.netloop.chat;

import io.netloop.dgram.Dgram;
import io.netloop.dgram.MulticastScope;
import io.netloop.loop.NetException;
import io.netloop.net.Net;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where rooms and those who look for them meet, over UDP and IPv4: an {@link Announcer} and a
 * {@link RoomFinder} need the same group and port. <i>Immutable.</i> A value that cannot be is a
 * {@link NetException} {@code ERR_OUT_OF_RANGE} that names it.
 *
 * @param group the multicast group, one of the local scope (239.0.0.0/8); {@code 239.255.77.77} by
 *     default. It is not routed out of the network
 * @param port 1 to 65535; 7777 by default
 * @param via the own IPv4 address by which datagrams come and go; null, as by default, for the
 *     routing table's choice. With {@code 127.0.0.1} nothing leaves this machine
 */
public record Discovery(String group, int port, @Nullable String via) {
  /** A room says so often that it is there. */
  static final Duration PERIOD = Duration.ofSeconds(1);

  private static final Discovery DEFAULTS = new Discovery("239.255.77.77", 7777, null);

  public Discovery {
    if (!Net.isIPv4(group) || Dgram.multicastScope(group) != MulticastScope.LOCAL) {
      throw wrong("group", "a group of 239.0.0.0/8", group);
    }
    if (port < 1 || port > 65_535) {
      throw wrong("port", ">= 1 && <= 65535", "" + port);
    }
    if (via != null && !Net.isIPv4(via)) {
      throw wrong("via", "an IPv4 address", via);
    }
  }

  /** The defaults named above. */
  public static Discovery defaults() {
    return DEFAULTS;
  }

  public Discovery withGroup(String newGroup) {
    return new Discovery(newGroup, port, via);
  }

  public Discovery withPort(int newPort) {
    return new Discovery(group, newPort, via);
  }

  public Discovery withVia(@Nullable String ownAddress) {
    return new Discovery(group, port, ownAddress);
  }

  /** Whether nothing leaves this machine. */
  boolean isLocal() {
    return via != null && isLocal(via);
  }

  /** Whether only this machine reaches the address. */
  static boolean isLocal(String address) {
    return address.startsWith("127.") || address.equals("::1");
  }

  /** Where a datagram to all hosts of the network goes. */
  String broadcast() {
    return isLocal() ? "127.255.255.255" : "255.255.255.255";
  }

  private static NetException wrong(String name, String allowed, String value) {
    return new NetException(
        "ERR_OUT_OF_RANGE",
        "The value of \"%s\" is out of range. It must be %s. Received %s"
            .formatted(name, allowed, value));
  }
}
