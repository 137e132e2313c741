package io.netloop.net;

import io.netloop.engine.Reactor;
import io.netloop.engine.Transport;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Makes one connection: looks the name up and tries its addresses one after another, the families
 * in turns, each but the last for a limited time (as Node does it; RFC 8305 §5 in its simplest
 * form). The first that answers wins.
 */
final class Connector {
  private final Reactor reactor;
  private final TcpSocket socket;
  private final ConnectOptions to;
  private final ArrayDeque<InetAddress> left = new ArrayDeque<>();
  private final List<NetException> failures = new ArrayList<>(1);
  private @Nullable SocketChannel trying;
  private @Nullable Future<?> attemptTimeout;
  private boolean over;

  Connector(Reactor reactor, TcpSocket socket, ConnectOptions to) {
    this.reactor = reactor;
    this.socket = socket;
    this.to = to;
  }

  /** Begins, later than this call: who asked for the connection may still add listeners. */
  void start() {
    byte[] numeric = NetUtil.createByteArrayFromIpAddressString(to.host());
    if (numeric == null) {
      Loop.offload(() -> InetAddress.getAllByName(to.host()))
          .onResult(this::lookedUp)
          .onError(failure -> lookupFailed());
      return;
    }
    reactor.nextTick(() -> {
      left.add(Failures.unchecked(() -> InetAddress.getByAddress(numeric)));
      tryNext();
    });
  }

  /** The socket was destroyed. */
  void cancel() {
    over = true;
    endAttempt();
  }

  private void lookedUp(InetAddress[] found) {
    if (over) {
      return;
    }
    for (InetAddress address : found) {
      String family = address instanceof Inet4Address ? "IPv4" : "IPv6";
      if (to.family() == 0 || family.endsWith(String.valueOf(to.family()))) {
        left.add(address);
        socket.tellLookup(new Lookup(null, NetUtil.toAddressString(address), family, to.host()));
      }
    }
    if (left.isEmpty()) {
      lookupFailed();
      return;
    }
    takeFamiliesInTurns();
    tryNext();
  }

  private void lookupFailed() {
    if (!over) {
      over = true;
      NetException failure = Failures.lookup(to.host());
      socket.tellLookup(new Lookup(failure, null, null, to.host()));
      socket.connectFailed(failure);
    }
  }

  private void takeFamiliesInTurns() {
    ArrayDeque<InetAddress> first = new ArrayDeque<>();
    ArrayDeque<InetAddress> second = new ArrayDeque<>();
    boolean firstIsIpv4 = left.getFirst() instanceof Inet4Address;
    for (InetAddress address : left) {
      (address instanceof Inet4Address == firstIsIpv4 ? first : second).add(address);
    }
    left.clear();
    while (!first.isEmpty() || !second.isEmpty()) {
      if (!first.isEmpty()) {
        left.add(first.remove());
      }
      if (!second.isEmpty()) {
        left.add(second.remove());
      }
    }
  }

  private void tryNext() {
    InetAddress address = left.poll();
    if (over || address == null) {
      return;
    }
    InetSocketAddress target = new InetSocketAddress(address, to.port());
    HostPort shown = HostPort.of(target);
    socket.tellAttempt(shown);
    if (over) {
      return;
    }
    SocketChannel channel = Transport.chosen().newSocketChannel();
    trying = channel;
    channel.config().setAutoRead(false);
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.pipeline().addLast(new ChannelEvents(reactor, socket));
    reactor.eventLoop().register(channel);
    if (!left.isEmpty()) {
      attemptTimeout =
          reactor.schedule(() -> timedOut(channel, shown), to.attemptTimeout().toNanos());
    }
    channel
        .connect(target)
        .addListener(
            (ChannelFuture done) -> reactor.call(() -> attempted(channel, shown, done.cause())));
  }

  private void attempted(SocketChannel channel, HostPort address, @Nullable Throwable failure) {
    if (over || !channel.equals(trying)) {
      return;
    }
    if (failure != null) {
      failed(Failures.of("connect", failure, address.host(), address.port()));
      return;
    }
    trying = null;
    over = true;
    endAttempt();
    socket.opened(channel);
    socket.begin();
  }

  private void timedOut(SocketChannel channel, HostPort address) {
    if (!over && channel.equals(trying)) {
      failed(
          NetException.system("connect", "ETIMEDOUT", null, address.host(), address.port(), null));
    }
  }

  private void failed(NetException failure) {
    failures.add(failure);
    endAttempt();
    if (!left.isEmpty()) {
      tryNext();
      return;
    }
    over = true;
    socket.connectFailed(failures.size() == 1 ? failure : NetException.several(failures));
  }

  private void endAttempt() {
    if (attemptTimeout != null) {
      attemptTimeout.cancel(false);
      attemptTimeout = null;
    }
    if (trying != null) {
      SocketChannel abandoned = trying;
      trying = null;
      abandoned.close();
    }
  }
}
