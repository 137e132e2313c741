package io.netloop.net;

import io.netloop.engine.Errno;
import io.netloop.engine.IpText;
import io.netloop.engine.PortHolder;
import io.netloop.engine.Reactor;
import io.netloop.engine.Transport;
import io.netloop.engine.WorkerGroup;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One listening channel, and the servers that it accepts for in turns: one server as a rule; in
 * workers the servers of all of them, each on its own loop. Its fields belong to its reactor.
 */
final class Acceptor {
  /** How long accepting rests when the process has no descriptor left for another connection. */
  private static final long REST_NANOS = 1_000_000_000;

  private final Reactor reactor;
  private final ListenOptions options;
  private final @Nullable WorkerGroup group;
  private final @Nullable Object key;
  private final List<TcpServer> servers = new ArrayList<>(1);
  private @Nullable ServerChannel channel;
  private volatile @Nullable HostPort address;
  private @Nullable NetException failure;
  private boolean started;
  private boolean closed;
  private boolean released;

  /** Servers that were about to join when it closed. */
  private final List<TcpServer> late = new ArrayList<>(0);

  /** Servers that have left, and are to know when the port is free. */
  private final List<TcpServer> leaving = new ArrayList<>(0);

  private boolean dualStack;
  private int turn;

  private Acceptor(
      Reactor reactor, ListenOptions options, @Nullable WorkerGroup group, @Nullable Object key) {
    this.reactor = reactor;
    this.options = options;
    this.group = group;
    this.key = key;
  }

  /** The acceptor that a server needs: one of its own, or the one that its workers share. */
  static Acceptor of(Reactor reactor, ListenOptions options) {
    WorkerGroup group = reactor.group();
    if (group == null || options.exclusive() || options.reusePort()) {
      return new Acceptor(reactor, options, null, null);
    }
    Object place =
        List.of(
            options.port(),
            String.valueOf(options.host()),
            String.valueOf(options.path()),
            String.valueOf(options.fd()));
    // As in Node's cluster, the first port 0 of each worker is one port, the second another.
    Object key =
        options.port() == 0 && options.path() == null
            ? List.of(place, group.next(List.of(place, reactor.name())))
            : place;
    return group.shared(key, () -> new Acceptor(group.acceptor(), options, group, key));
  }

  /** Accepts for this server too; it is told where, or why not, on its own loop. */
  void join(TcpServer server) {
    reactor.run(() -> {
      NetException why = failure;
      if (why != null) {
        server.onReactor(() -> server.listenFailed(this, why));
        return;
      }
      if (closed) {
        late.add(server);
        if (released) {
          sendOn();
        }
        return;
      }
      servers.add(server);
      if (!started) {
        started = true;
        start();
      } else if (address != null) {
        tellListening(server);
      }
    });
  }

  /** Accepts no more for this server; with the last one the channel closes. */
  void leave(TcpServer server) {
    boolean taken =
        reactor.run(() -> {
          remove(server);
          late.remove(server);
          leaving.add(server);
          if (servers.isEmpty() && failure == null && !closed) {
            close();
          } else if (!closed || released) {
            tellReleased();
          }
        });
    if (!taken) {
      server.onReactor(server::released);
    }
  }

  private void tellReleased() {
    List<TcpServer> told = List.copyOf(leaving);
    leaving.clear();
    told.forEach(server -> server.onReactor(server::released));
  }

  private void remove(TcpServer server) {
    int index = servers.indexOf(server);
    if (index >= 0) {
      servers.remove(index);
      turn = index < turn ? turn - 1 : turn;
    }
  }

  /** The acceptor to join after this one, which has closed under who was about to join it. */
  @Nullable Acceptor next(Reactor joining) {
    return group == null ? null : of(joining, options);
  }

  /** Whether peers by IPv4 show in their IPv6 form. */
  boolean isDualStack() {
    return dualStack;
  }

  /** Where it listens; null before and after. */
  @Nullable HostPort address() {
    return address;
  }

  private void close() {
    closed = true;
    boolean listened = address != null;
    address = null;
    if (channel != null) {
      channel.close();
      if (options.path() != null && listened) {
        SocketFiles.delete(options.path());
      }
      channel = null;
    }
    if (Transport.chosen().closesInTheNextTurn()) {
      reactor.immediate(() -> reactor.immediate(this::released));
    } else {
      released();
    }
  }

  /** The port is free: who was about to join may have it again. */
  private void released() {
    released = true;
    if (group != null && key != null) {
      group.forget(key, this);
    }
    tellReleased();
    sendOn();
  }

  private void sendOn() {
    List<TcpServer> told = List.copyOf(late);
    late.clear();
    told.forEach(server -> server.onReactor(() -> server.joinAnother(this)));
  }

  // Binding

  private void start() {
    String path = options.path();
    Integer fd = options.fd();
    String host = options.host();
    if (fd != null) {
      reactor.nextTick(() -> adopt(fd));
    } else if (path != null) {
      reactor.nextTick(() -> bindPath(path, options.unlinkStale()));
    } else if (host == null) {
      reactor.nextTick(() -> bindIp(anyAddress(), "::"));
    } else {
      resolve(host);
    }
  }

  private void resolve(String host) {
    byte[] numeric = IpText.parse(host);
    if (numeric != null && host.indexOf('%') < 0) {
      InetAddress ip = Failures.unchecked(() -> InetAddress.getByAddress(numeric));
      reactor.nextTick(() -> bindIp(ip, host));
      return;
    }
    Loop.offload(() -> InetAddress.getByName(host))
        .onResult(ip -> bindIp(ip, HostPort.text(ip)))
        .onError(unknown -> fail(numeric == null ? Failures.lookup(host) : noSuchZone(host)));
  }

  private NetException noSuchZone(String host) {
    Integer port = options.port() == 0 ? null : options.port();
    Errno invalid = Errno.EINVAL;
    return NetException.system("listen", invalid.name(), invalid.words(), host, port, null);
  }

  /** {@code ::} where there is IPv6, which serves IPv4 as well; else {@code 0.0.0.0}. */
  private static InetAddress anyAddress() {
    byte[] any = new byte[NetUtil.isIpV4StackPreferred() || !hasIpv6() ? 4 : 16];
    return Failures.unchecked(() -> InetAddress.getByAddress(any));
  }

  private static boolean hasIpv6() {
    return NetUtil.LOCALHOST6 != null
        && NetUtil.NETWORK_INTERFACES.stream()
            .anyMatch(network ->
                network.inetAddresses().anyMatch(address -> address instanceof Inet6Address));
  }

  private void bindIp(InetAddress ip, String shownHost) {
    if (closed) {
      return;
    }
    Transport transport = Transport.chosen();
    boolean anyIpv4 = ip instanceof Inet4Address && ip.isAnyLocalAddress();
    ServerChannel listening =
        anyIpv4 ? transport.newIpv4ServerChannel() : transport.newServerChannel();
    listening.config().setOption(ChannelOption.SO_REUSEADDR, true);
    boolean anyIpv6 = ip instanceof Inet6Address && ip.isAnyLocalAddress();
    dualStack = anyIpv6 && !options.ipv6Only();
    boolean refused =
        (options.ipv6Only() && anyIpv6 && !transport.ipv6Only(listening))
            || (options.reusePort() && !transport.reusePort(listening));
    if (refused) {
      listening.unsafe().closeForcibly();
      fail(
          NetException.system(
              "listen",
              "ENOTSUP",
              "operation not supported",
              shownHost,
              options.port(),
              "the transport " + transport + " cannot do that"));
      return;
    }
    bind(
        listening,
        new InetSocketAddress(ip, options.port()),
        problem -> ipFailed(problem, ip.isAnyLocalAddress() ? shownHost : HostPort.text(ip)));
  }

  private void ipFailed(Throwable problem, String host) {
    int port = options.port();
    if (Errno.of(problem) != Errno.EADDRINUSE) {
      fail(Failures.listen(problem, host, port, null));
      return;
    }
    Loop.offload(() -> PortHolder.ofTcp(port))
        .onResult(holder -> fail(Failures.listen(problem, host, port, holder)))
        .onError(unknown -> fail(Failures.listen(problem, host, port, null)));
  }

  private void bindPath(String path, boolean unlinkStale) {
    if (closed) {
      return;
    }
    if (SocketFiles.isTooLong(path)) {
      fail(
          pathError(
              Errno.EINVAL,
              path,
              Transport.chosen().mostPathBytes() + " bytes is the most a path may have"));
      return;
    }
    if (SocketFiles.isNoPath(path)) {
      fail(pathError(Errno.EINVAL, path, null));
      return;
    }
    // Netty's native transports remove whatever file is there before they bind: none may be.
    if (SocketFiles.exists(path)) {
      if (unlinkStale) {
        unlinkStale(path);
      } else {
        fail(pathError(Errno.EADDRINUSE, path, null));
      }
      return;
    }
    bind(
        Transport.chosen().newPathServerChannel(),
        Transport.chosen().pathAddress(path),
        problem -> {
          Errno errno = SocketFiles.exists(path) ? Errno.EADDRINUSE : Errno.of(problem);
          // A missing directory is EACCES in Node.
          boolean named = errno == Errno.EADDRINUSE || errno == Errno.EINVAL;
          fail(pathError(named ? errno : Errno.EACCES, path, null));
        });
  }

  private void unlinkStale(String path) {
    Loop.offload(() -> SocketFiles.deleteIfStale(path))
        .onResult(deleted -> {
          if (deleted) {
            bindPath(path, false);
          } else {
            fail(pathError(Errno.EADDRINUSE, path, null));
          }
        })
        .onError(undeletable ->
            fail(pathError(Errno.EADDRINUSE, path, String.valueOf(undeletable.getMessage()))));
  }

  private static NetException pathError(Errno errno, String path, @Nullable String more) {
    return NetException.system("listen", errno.name(), errno.words(), path, -1, more);
  }

  private void adopt(int fd) {
    if (closed) {
      return;
    }
    String path = SocketFiles.pathOf(fd);
    ServerChannel listening;
    try {
      listening = Transport.chosen().adoptServer(fd, path != null);
    } catch (RuntimeException | Error unfit) {
      fail(
          NetException.system(
              "listen",
              "EINVAL",
              Errno.EINVAL.words(),
              null,
              null,
              "descriptor " + fd + ": " + unfit.getMessage()));
      return;
    }
    prepare(listening);
    reactor.eventLoop().register(listening);
    listens(listening, path);
  }

  private interface Problem {
    void is(Throwable failure);
  }

  private void bind(ServerChannel listening, SocketAddress to, Problem problem) {
    prepare(listening);
    listening.config().setOption(ChannelOption.SO_BACKLOG, options.backlog());
    reactor.eventLoop().register(listening);
    listening
        .bind(to)
        .addListener((ChannelFuture done) ->
            reactor.call(() -> {
              if (!listening.equals(channel)) {
                return;
              }
              Throwable failed = done.cause();
              if (failed == null) {
                listens(listening, options.path());
              } else {
                channel = null;
                listening.close();
                problem.is(failed);
              }
            }));
  }

  private void prepare(ServerChannel listening) {
    channel = listening;
    listening.pipeline().addLast(new Accepting());
  }

  private void listens(ServerChannel listening, @Nullable String path) {
    if (path != null && (options.readableAll() || options.writableAll())) {
      SocketFiles.open(path, options.readableAll(), options.writableAll());
    }
    if (path != null) {
      address = HostPort.ofPath(path);
    } else {
      HostPort bound = HostPort.of((InetSocketAddress) listening.localAddress());
      address = dualStack ? new HostPort("::", bound.port(), "IPv6") : bound;
    }
    servers.forEach(this::tellListening);
  }

  private void tellListening(TcpServer server) {
    HostPort at = address;
    server.onReactor(() -> server.listens(this, at));
  }

  private void fail(NetException why) {
    failure = why;
    if (group != null && key != null) {
      group.forget(key, this);
    }
    List<TcpServer> told = List.copyOf(servers);
    servers.clear();
    told.forEach(server -> server.onReactor(() -> server.listenFailed(this, why)));
  }

  // Accepting

  /** The listening channel's events: each message is an accepted channel. */
  private final class Accepting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean outermost = reactor.enter();
      try {
        handOut((DuplexChannel) message);
      } finally {
        reactor.exit(outermost);
      }
    }

    /** Out of descriptors, as a rule: to try again at once would only burn the processor. */
    @Override
    @SuppressWarnings("deprecation") // not deprecated for inbound handlers, only for outbound ones
    public void exceptionCaught(ChannelHandlerContext context, Throwable problem) {
      Channel listening = context.channel();
      listening.config().setAutoRead(false);
      reactor.schedule(() -> listening.config().setAutoRead(true), REST_NANOS);
      NetException why = Failures.of("accept", problem);
      servers.forEach(server -> server.onReactor(() -> server.tellError(why)));
    }
  }

  private void handOut(DuplexChannel accepted) {
    while (!servers.isEmpty()) {
      turn = turn % servers.size();
      TcpServer server = servers.get(turn++);
      if (server.onReactor(() -> server.accept(this, accepted))) {
        return;
      }
      remove(server); // its worker has ended
    }
    // It came with others, one of whose listeners has closed the last server.
    accepted.unsafe().closeForcibly();
  }

  /** A server that has closed in the meantime gives a connection back: it is the next one's. */
  void giveBack(DuplexChannel accepted) {
    if (!reactor.run(() -> handOut(accepted))) {
      accepted.unsafe().closeForcibly();
    }
  }
}
