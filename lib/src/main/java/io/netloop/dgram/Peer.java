package io.netloop.dgram;

import java.net.InetSocketAddress;

/** Somebody that datagrams come from or go to: the address in the system's form and in ours. */
final class Peer {
  final InetSocketAddress socketAddress;
  final String host;
  final int port;
  private final String family;
  private RemoteInfo last;

  Peer(InetSocketAddress socketAddress, String host, String family) {
    this.socketAddress = socketAddress;
    this.host = host;
    this.port = socketAddress.getPort();
    this.family = family;
    this.last = new RemoteInfo(host, port, family, 0);
  }

  /** The same object for a row of datagrams of one length. */
  RemoteInfo info(int size) {
    RemoteInfo info = last;
    if (info.size() != size) {
      info = new RemoteInfo(host, port, family, size);
      last = info;
    }
    return info;
  }

  /** Whether the address is of the other family than the socket: nothing can be sent there. */
  boolean isForeign() {
    return socketAddress.isUnresolved();
  }
}
