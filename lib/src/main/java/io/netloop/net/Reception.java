package io.netloop.net;

import io.netloop.engine.IpText;
import io.netloop.engine.Reactor;
import io.netloop.engine.Transport;
import io.netloop.loop.Buffer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a server's new connections come in: decides which are taken, makes a socket of each of
 * these, and sends the others away in the way that is due to them. The fields that users set may be
 * set by any thread; all else is on the server's loop.
 */
final class Reception {
  /** How many refused connections may be waited for at a time, so that they hear the farewell. */
  private static final int MOST_FAREWELLS = 1000;

  private final TcpServer server;
  private final Reactor reactor;
  private final TcpOptions options;

  /** From how many open connections on new ones are refused. */
  volatile int mostConnections = Integer.MAX_VALUE;

  volatile @Nullable Admission admission;

  /** What refused connections are told. */
  volatile @Nullable Buffer farewell;

  private int farewells;

  /** Of the connection before: mostly the same for all, and so kept once. */
  private @Nullable HostPort lastLocal;

  Reception(TcpServer server, Reactor reactor, TcpOptions options) {
    this.server = server;
    this.reactor = reactor;
    this.options = options;
  }

  /**
   * Takes a connection that was accepted, or refuses it.
   *
   * @param dualStack whether peers by IPv4 show in their IPv6 form
   */
  void receive(DuplexChannel accepted, boolean dualStack) {
    HostPort local = local(accepted, dualStack);
    HostPort remote = shown(accepted.remoteAddress(), dualStack);
    if (isBlocked(remote)) {
      accepted.unsafe().closeForcibly();
      return;
    }
    Admission.Refusal refusal = null;
    String peer = remote == null ? "unix" : remote.host();
    boolean full = server.connections() >= mostConnections;
    Admission counting = admission;
    if (!full && counting != null) {
      refusal = counting.enter(peer);
    }
    if (full || refusal != null) {
      sendAway(accepted);
      server.dropped(new Drop(local, remote, refusal));
      return;
    }
    TcpSocket socket = socketOf(accepted, local, remote);
    if (counting != null) {
      socket.onClose(cause -> counting.leave(peer));
    }
    server.welcome(socket);
  }

  private boolean isBlocked(@Nullable HostPort remote) {
    BlockList list = options.blockList();
    if (list == null || remote == null) {
      return false;
    }
    byte[] bytes = IpText.parse(remote.host());
    return bytes != null && list.check(bytes);
  }

  private TcpSocket socketOf(
      DuplexChannel accepted, @Nullable HostPort local, @Nullable HostPort remote) {
    accepted.config().setOption(ChannelOption.AUTO_READ, false);
    reactor.register(accepted);
    Transport.chosen().allowHalfOpen(accepted);
    TcpSocket socket = TcpSocket.accepted(server, options, accepted, local, remote);
    accepted.pipeline().addLast(new ChannelEvents(reactor, socket));
    return socket;
  }

  /** The peer sees its connection, the farewell if there is one, and its end, without an error. */
  private void sendAway(DuplexChannel accepted) {
    reactor.eventLoop().register(accepted);
    Buffer words = farewell;
    if (words == null) {
      accepted.close();
    } else {
      Farewell.say(words, accepted, farewells++ < MOST_FAREWELLS);
      accepted.closeFuture().addListener(done -> farewells--);
    }
  }

  private @Nullable HostPort local(DuplexChannel accepted, boolean dualStack) {
    HostPort local = shown(accepted.localAddress(), dualStack);
    if (local == null || !local.equals(lastLocal)) {
      lastLocal = local;
    }
    return lastLocal;
  }

  /** An address as this server shows it; null for a Unix domain socket. */
  private static @Nullable HostPort shown(@Nullable SocketAddress address, boolean dualStack) {
    if (!(address instanceof InetSocketAddress ip)) {
      return null;
    }
    HostPort plain = HostPort.of(ip);
    return dualStack ? plain.mapped() : plain;
  }
}
