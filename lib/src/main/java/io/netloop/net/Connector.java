package io.netloop.net;

import io.netloop.engine.Errno;
import io.netloop.engine.IpText;
import io.netloop.engine.Reactor;
import io.netloop.engine.Transport;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
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
  private @Nullable DuplexChannel trying;
  private @Nullable Future<?> attemptTimeout;
  private boolean several;
  private boolean over;

  Connector(Reactor reactor, TcpSocket socket, ConnectOptions to) {
    this.reactor = reactor;
    this.socket = socket;
    this.to = to;
  }

  /** Begins, later than this call: who asked for the connection may still add listeners. */
  void start() {
    String path = to.path();
    if (path != null) {
      reactor.nextTick(() -> tryPath(path));
      return;
    }
    if (IpText.version(to.host()) != 0) {
      reactor.nextTick(() -> tryOnly(to.host()));
      return;
    }
    Loop.offload(this::lookUp).onResult(this::lookedUp).onError(failure -> lookupFailed());
  }

  private void tryOnly(String numeric) {
    try {
      left.add(InetAddress.getByName(numeric));
      tryNext();
    } catch (UnknownHostException noSuchZone) {
      HostPort shown = new HostPort(numeric, to.port(), "IPv6");
      socket.attempting(shown);
      failed(
          shown,
          NetException.system("connect", Errno.EINVAL.name(), null, numeric, to.port(), null));
    }
  }

  private List<InetAddress> lookUp() throws Exception {
    ConnectOptions.NameLookup lookup = to.lookup();
    if (lookup == null) {
      return List.of(InetAddress.getAllByName(to.host()));
    }
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : lookup.lookup(to.host())) {
      if (IpText.version(text) == 0) {
        throw new UnknownHostException(text);
      }
      addresses.add(InetAddress.getByName(text));
    }
    return addresses;
  }

  /** The socket was destroyed. */
  void cancel() {
    over = true;
    endAttempt();
  }

  private void lookedUp(List<InetAddress> found) {
    if (over) {
      return;
    }
    boolean all =
        to.autoSelectFamily() == null
            ? Net.getDefaultAutoSelectFamily()
            : Boolean.TRUE.equals(to.autoSelectFamily());
    all = all && to.localAddress() == null && to.family() == 0;
    for (InetAddress address : found) {
      String family = address instanceof Inet4Address ? "IPv4" : "IPv6";
      boolean wanted = all || left.isEmpty();
      if (wanted && (to.family() == 0 || family.endsWith(String.valueOf(to.family())))) {
        left.add(address);
        socket
            .events()
            .tell(
                socket.events().lookup,
                new Lookup(null, HostPort.text(address), family, to.host()));
      }
    }
    if (over) {
      return;
    }
    if (left.isEmpty()) {
      lookupFailed();
      return;
    }
    several = left.size() > 1;
    takeFamiliesInTurns();
    tryNext();
  }

  private void lookupFailed() {
    if (!over) {
      over = true;
      NetException failure = Failures.lookup(to.host());
      socket.events().tell(socket.events().lookup, new Lookup(failure, null, null, to.host()));
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
    BlockList blocked = to.socket().blockList();
    if (blocked != null && blocked.check(address.getAddress())) {
      // As in Node: one that is one of several was never tried, the only one fails without a word.
      if (!several) {
        socket.attempting(shown);
      }
      next(
          shown,
          new NetException(
              "ERR_IP_BLOCKED", "IP(" + shown.host() + ") is blocked by net.BlockList"),
          several);
      return;
    }
    if (!left.isEmpty()) {
      Duration time = to.attemptTimeout();
      long nanos =
          time == null
              ? Duration.ofMillis(Net.getDefaultAutoSelectFamilyAttemptTimeout()).toNanos()
              : time.toNanos();
      attemptTimeout = reactor.schedule(() -> timedOut(shown), nanos);
    }
    attempt(Transport.chosen().newSocketChannel(), target, from(address), shown);
  }

  private void tryPath(String path) {
    if (over) {
      return;
    }
    HostPort shown = HostPort.ofPath(path);
    if (SocketFiles.isTooLong(path) || SocketFiles.isNoPath(path)) {
      failed(shown, NetException.system("connect", "EINVAL", null, path, null, null));
      return;
    }
    Transport transport = Transport.chosen();
    attempt(transport.newPathChannel(), transport.pathAddress(path), null, shown);
  }

  /** The address to connect from, or null for the system's choice. */
  private @Nullable InetSocketAddress from(InetAddress target) {
    String address = to.localAddress();
    if (address == null && to.localPort() == 0) {
      return null;
    }
    String any = target instanceof Inet4Address ? "0.0.0.0" : "::";
    return Failures.unchecked(() ->
        new InetSocketAddress(
            InetAddress.getByName(address == null ? any : address), to.localPort()));
  }

  private void attempt(
      DuplexChannel channel,
      SocketAddress target,
      @Nullable InetSocketAddress from,
      HostPort shown) {
    trying = channel;
    channel.config().setOption(ChannelOption.AUTO_READ, false);
    channel.pipeline().addLast(new ChannelEvents(reactor, socket));
    reactor.register(channel);
    Transport.chosen().allowHalfOpen(channel);
    if (from != null) {
      HostPort ours = HostPort.of(from);
      if (target instanceof InetSocketAddress ip
          && !from.getAddress().getClass().equals(ip.getAddress().getClass())) {
        Integer port = ours.port() == 0 ? null : ours.port();
        next(
            shown,
            NetException.system("bind", Errno.EINVAL.name(), null, ours.host(), port, null),
            false);
        return;
      }
      channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
      Throwable refused = channel.bind(from).cause();
      if (refused != null) {
        next(shown, Failures.of("bind", refused, ours.host(), ours.port()), false);
        return;
      }
    }
    if (!shown.isPath()) {
      socket.attempting(shown);
      if (over) {
        return;
      }
    }
    channel
        .connect(target)
        .addListener(
            (ChannelFuture done) -> reactor.call(() -> attempted(channel, shown, done.cause())));
  }

  private void attempted(DuplexChannel channel, HostPort address, @Nullable Throwable failure) {
    if (over || !channel.equals(trying)) {
      return;
    }
    if (failure != null) {
      failed(
          address,
          Failures.of(
              "connect", failure, address.host(), address.isPath() ? null : address.port()));
      return;
    }
    trying = null;
    over = true;
    endAttempt();
    if (channel.localAddress() instanceof InetSocketAddress local) {
      socket.opened(channel, HostPort.of(local), address);
    } else {
      socket.opened(channel, null, null);
    }
    socket.begin();
  }

  private void timedOut(HostPort address) {
    if (!over) {
      socket.events().tell(socket.events().attemptTimeout, address);
      next(
          address,
          NetException.system("connect", "ETIMEDOUT", null, address.host(), address.port(), null),
          false);
    }
  }

  private void failed(HostPort address, NetException failure) {
    next(address, failure, true);
  }

  private void next(HostPort address, NetException failure, boolean tell) {
    failures.add(failure);
    endAttempt();
    if (tell && !address.isPath()) {
      socket.events().tellAttemptFailed(address, failure);
    }
    if (over) {
      return;
    }
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
      DuplexChannel abandoned = trying;
      trying = null;
      abandoned.close();
    }
  }
}
