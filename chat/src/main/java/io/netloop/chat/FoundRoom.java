package io.netloop.chat;

import io.netloop.net.HostPort;

/**
 * A room that announces itself. <i>Immutable.</i> Whoever is on the network can announce anything:
 * the name proves nothing.
 *
 * @param name what it calls itself, made {@linkplain Harmless harmless}
 * @param host the IPv4 address from which it is announced
 * @param port of TCP
 * @param users how many it says are logged in
 */
public record FoundRoom(String name, String host, int port, int users) {
  /** Where it is, for people and for the command line: {@code 192.0.2.7:3000}. */
  public String address() {
    return new HostPort(host, port, "IPv4").toString();
  }
}
