package io.netloop.dgram;

import io.netloop.engine.DatagramHandle;
import io.netloop.engine.Errno;
import io.netloop.engine.IpText;
import io.netloop.engine.PortHolder;
import io.netloop.engine.Reactor;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Binds a socket once: looks the address up, opens the system's socket, sets it up and binds it.
 */
final class Binder {
  private final Reactor reactor;
  private final UdpSocket socket;
  private final BindSide side;
  private final UdpOptions options;
  private final Names names;
  private final BindOptions where;

  Binder(
      Reactor reactor,
      UdpSocket socket,
      BindSide side,
      UdpOptions options,
      Names names,
      BindOptions where) {
    this.reactor = reactor;
    this.socket = socket;
    this.side = side;
    this.options = options;
    this.names = names;
    this.where = where;
  }

  /** Begins, later than this call: who asked for it may still add listeners. */
  void start() {
    Integer fd = where.fd();
    String address = where.address();
    if (fd != null) {
      reactor.nextTick(() -> adopt(fd));
    } else if (address == null || address.isEmpty()) {
      reactor.nextTick(() -> bind(any(), anyText()));
    } else if (IpText.version(address) != 0) {
      reactor.nextTick(() -> bindTo(address));
    } else {
      names.resolve(
          address,
          ip -> {
            if (ip == null) {
              fail(Misuse.unknownName(address));
            } else {
              bind(ip, Peers.text(ip, options.isIpv6()));
            }
          });
    }
  }

  /** Binds to all addresses within this call, for what needs the system's socket at once. */
  void startNow() {
    bind(any(), anyText());
  }

  private String anyText() {
    return options.isIpv6() ? "::" : "0.0.0.0";
  }

  private InetAddress any() {
    return ip(new byte[options.isIpv6() ? 16 : 4]);
  }

  private static InetAddress ip(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void bindTo(String address) {
    try {
      InetAddress ip = InetAddress.getByName(address);
      boolean isOfFamily = IpText.version(address) == (options.isIpv6() ? 6 : 4);
      if (isOfFamily) {
        bind(ip, address);
        return;
      }
    } catch (UnknownHostException unknownZone) {
      // It is no address of this host's networks.
    }
    fail(Misuse.at("bind", Errno.EINVAL, address, where.port(), null));
  }

  private void bind(InetAddress ip, String shown) {
    if (socket.isClosed()) {
      return;
    }
    DatagramHandle handle;
    try {
      handle = DatagramHandle.open(options.isIpv6());
    } catch (RuntimeException refused) {
      fail(Misuse.at("bind", Errno.of(refused), shown, where.port(), null));
      return;
    }
    String missing = setUp(handle);
    if (missing != null) {
      handle.channel().unsafe().closeForcibly();
      fail(Misuse.at("bind", Errno.ENOTSUP, shown, where.port(), missing));
      return;
    }
    register(handle);
    ChannelFuture done = handle.channel().bind(new InetSocketAddress(ip, where.port()));
    done.addListener(nothing -> reactor.call(() -> bound(handle, done.cause(), shown)));
  }

  /** Sets the options that hold from before the bind; the answer says what can't be had. */
  private @Nullable String setUp(DatagramHandle handle) {
    if (options.reuseAddr()) {
      handle.reuseAddress();
    }
    boolean shared = reactor.group() != null && !where.exclusive() && where.port() != 0;
    if ((options.reusePort() || shared) && !handle.reusePort()) {
      return "this system has no reusePort: leave it out";
    }
    if (options.isIpv6() && options.ipv6Only() && !handle.ipv6Only()) {
      return "this transport has no ipv6Only: leave netloop.transport out to take one that has";
    }
    setSizes(handle);
    return null;
  }

  private void setSizes(DatagramHandle handle) {
    if (options.recvBufferSize() > 0) {
      handle.receiveBufferSize(options.recvBufferSize());
    }
    if (options.sendBufferSize() > 0) {
      handle.sendBufferSize(options.sendBufferSize());
    }
  }

  private void register(DatagramHandle handle) {
    handle.channel().pipeline().addLast(new DatagramEvents(reactor, socket));
    reactor.eventLoop().register(handle.channel());
  }

  private void bound(DatagramHandle handle, @Nullable Throwable refused, String shown) {
    if (refused == null && !socket.isClosed()) {
      side.bound(handle);
      return;
    }
    handle.channel().close();
    if (refused == null) {
      return;
    }
    int port = where.port();
    Errno errno = Errno.of(refused);
    if (errno != Errno.EADDRINUSE) {
      fail(Misuse.at("bind", errno, shown, errno == Errno.EADDRNOTAVAIL ? 0 : port, null));
      return;
    }
    Loop.offload(() -> PortHolder.ofUdp(port))
        .onResult(holder -> fail(Misuse.at("bind", errno, shown, port, holder)))
        .onError(unknown -> fail(Misuse.at("bind", errno, shown, port, null)));
  }

  private void adopt(int fd) {
    if (socket.isClosed()) {
      return;
    }
    try {
      DatagramHandle handle = DatagramHandle.adopt(fd, options.isIpv6());
      setSizes(handle);
      register(handle);
      side.bound(handle);
    } catch (RuntimeException | Error unfit) {
      fail(
          NetException.system(
              "bind",
              Errno.EINVAL.name(),
              null,
              null,
              null,
              "descriptor " + fd + ": " + unfit.getMessage()));
    }
  }

  private void fail(NetException why) {
    if (!socket.isClosed()) {
      side.failed(why);
    }
  }
}
