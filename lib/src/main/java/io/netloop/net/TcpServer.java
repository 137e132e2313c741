package io.netloop.net;

import io.netloop.engine.Errno;
import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import io.netloop.engine.Transport;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP server. <i>Loop-confined:</i> its listeners, and those of the connections that it accepts,
 * run on the loop that it was made on; its methods may be called from any thread and take effect in
 * the order of the calls.
 *
 * @see <a href="https://nodejs.org/api/net.html#class-netserver">Node: net.Server</a>
 */
public final class TcpServer {
  /** Node's default for the connections that the system holds ready for us. */
  private static final int BACKLOG = 511;

  /** How long accepting rests when the process has no descriptor left for another connection. */
  private static final long ACCEPT_REST_NANOS = 1_000_000_000;

  /**
   * How long an error waits for a listener still on its way from the thread that made the server.
   */
  private static final long GRACE_NANOS = 100_000_000;

  private final Reactor reactor = Reactor.current();
  private final Loop loop = Loop.current();
  private final TcpOptions options;
  private final Ref ref = new Ref();
  private final boolean madeOutside = !reactor.inLoop();

  /** Set by the call of listen, on its thread, so that a second call is refused there and then. */
  private final AtomicBoolean wanted = new AtomicBoolean();

  private final Set<TcpSocket> open = new HashSet<>();
  private volatile int connections;
  private volatile long noise;

  private @Nullable ServerSocketChannel channel;
  private volatile @Nullable HostPort address;
  private boolean dualStack;
  private boolean closing;
  private boolean releasing;
  private volatile boolean closed;
  private final List<Drain> drains = new ArrayList<>(1);

  /** Counts calls of listen and close: what an earlier one has under way is void. */
  private int era;

  private @Nullable NetException untold;

  private Listeners<Runnable> onListening = Listeners.none();
  private Listeners<Consumer<TcpSocket>> onConnection = Listeners.none();
  private Listeners<Consumer<NetException>> onError = Listeners.none();
  private Listeners<Consumer<@Nullable NetException>> onClose = Listeners.none();

  /** A server that does not listen yet; the options hold for the connections that it accepts. */
  public TcpServer(TcpOptions options) {
    this.options = options;
  }

  // Listening

  /** Listens on this port of all addresses, both families; 0 has the system choose one. */
  public TcpServer listen(int port) {
    return listen(port, () -> {});
  }

  /** Listens on this port of all addresses, both families; the listener is told once. */
  public TcpServer listen(int port, Runnable listener) {
    return listen(port, null, BACKLOG, listener);
  }

  /** Listens on this port of one address; a name is resolved first. */
  public TcpServer listen(int port, String host) {
    return listen(port, host, () -> {});
  }

  /** Listens on this port of one address; the listener is told once. */
  public TcpServer listen(int port, String host, Runnable listener) {
    return listen(port, host, BACKLOG, listener);
  }

  /**
   * Listens.
   *
   * @param port 0 to 65535; 0 has the system choose one, which {@link #address} tells
   * @param host an address or a name; null for all addresses
   * @param backlog how many connections the system holds ready for us, 511 by default; it may hold
   *     fewer
   * @param listener told once, when it listens. As in Node it stays for the next try when this one
   *     fails
   * @throws NetException {@code ERR_SOCKET_BAD_PORT} for a port out of range, {@code
   *     ERR_SERVER_ALREADY_LISTEN} while the server listens
   */
  public TcpServer listen(int port, @Nullable String host, int backlog, Runnable listener) {
    if (port < 0 || port > 65535) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT", "options.port should be >= 0 and < 65536. Received " + port + ".");
    }
    if (!wanted.compareAndSet(false, true)) {
      throw new NetException(
          "ERR_SERVER_ALREADY_LISTEN",
          "Listen method has been called more than once without closing.");
    }
    ref.open();
    reactor.run(() -> {
      closing = false;
      closed = false;
      era++;
      onListening = onListening.withOnce(listener);
      resolve(host, port, backlog);
    });
    return this;
  }

  private void resolve(@Nullable String host, int port, int backlog) {
    int mine = era;
    if (host == null) {
      reactor.nextTick(() -> bind(mine, anyAddress(), "::", port, backlog));
      return;
    }
    byte[] numeric = NetUtil.createByteArrayFromIpAddressString(host);
    if (numeric != null) {
      InetAddress ip = Failures.unchecked(() -> InetAddress.getByAddress(numeric));
      reactor.nextTick(() -> bind(mine, ip, host, port, backlog));
      return;
    }
    Loop.offload(() -> InetAddress.getByName(host))
        .onResult(ip -> bind(mine, ip, NetUtil.toAddressString(ip), port, backlog))
        .onError(unknown -> listenFailed(mine, Failures.lookup(host)));
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

  private void bind(int mine, InetAddress ip, String shownHost, int port, int backlog) {
    if (mine != era) {
      return;
    }
    ServerSocketChannel listening = Transport.chosen().newServerChannel();
    channel = listening;
    dualStack = ip instanceof Inet6Address && ip.isAnyLocalAddress();
    listening.config().setReuseAddress(true);
    listening.config().setBacklog(backlog);
    listening.pipeline().addLast(new Accepting());
    reactor.eventLoop().register(listening);
    listening
        .bind(new InetSocketAddress(ip, port))
        .addListener((ChannelFuture done) ->
            reactor.call(() -> bound(listening, ip, shownHost, port, done.cause())));
  }

  private void bound(
      ServerSocketChannel listening,
      InetAddress ip,
      String shownHost,
      int port,
      @Nullable Throwable failure) {
    if (!listening.equals(channel)) {
      return;
    }
    if (failure == null) {
      HostPort bound = HostPort.of(listening.localAddress());
      address = dualStack ? new HostPort("::", bound.port(), "IPv6") : bound;
      reactor.nextTick(() -> {
        if (address != null) {
          Listeners<Runnable> listeners = onListening;
          onListening = onListening.afterOnce();
          listeners.forEach(reactor::call);
        }
      });
      return;
    }
    listening.close();
    channel = null;
    int mine = era;
    String host = ip.isAnyLocalAddress() ? shownHost : NetUtil.toAddressString(ip);
    if (Errno.of(failure) == Errno.EADDRINUSE) {
      Loop.offload(() -> PortHolder.describe(port))
          .onResult(holder -> listenFailed(mine, Failures.listen(failure, host, port, holder)))
          .onError(unknown -> listenFailed(mine, Failures.listen(failure, host, port, null)));
    } else {
      listenFailed(mine, Failures.listen(failure, host, port, null));
    }
  }

  private void listenFailed(int mine, NetException failure) {
    if (mine != era) {
      return;
    }
    wanted.set(false);
    tellError(failure);
    if (untold == null) {
      ref.close();
    }
  }

  // Accepting

  /** The listening channel's events: each message is an accepted channel. */
  private final class Accepting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean outermost = reactor.enter();
      try {
        accept((SocketChannel) message);
      } finally {
        reactor.exit(outermost);
      }
    }

    /** Out of descriptors, as a rule: to try again at once would only burn the processor. */
    @Override
    @SuppressWarnings("deprecation") // not deprecated for inbound handlers, only for outbound ones
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      context.channel().config().setAutoRead(false);
      reactor.schedule(() -> context.channel().config().setAutoRead(true), ACCEPT_REST_NANOS);
      reactor.call(() -> tellError(Failures.of("accept", failure)));
    }
  }

  private void accept(SocketChannel accepted) {
    if (channel == null) {
      // It came with others, one of whose listeners has closed the server.
      accepted.unsafe().closeForcibly();
      return;
    }
    accepted.config().setAutoRead(false);
    accepted.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    reactor.eventLoop().register(accepted);
    TcpSocket socket = TcpSocket.accepted(this, options, accepted);
    accepted.pipeline().addLast(new ChannelEvents(reactor, socket));
    open.add(socket);
    connections = open.size();
    socket.pauseIfAsked();
    onConnection.forEach(listener -> {
      if (!socket.destroyed()) {
        socket.guard(() -> listener.accept(socket));
      }
    });
    socket.begin();
  }

  /** One of our connections has told its 'close'. */
  void gone(TcpSocket socket, CloseCause cause) {
    open.remove(socket);
    connections = open.size();
    for (Drain drain : List.copyOf(drains)) {
      if (drain.gone(cause)) {
        drains.remove(drain);
      }
    }
    closeIfEmpty();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
  void countNoise() {
    noise++;
  }

  boolean isDualStack() {
    return dualStack;
  }

  // Closing

  /** Accepts no more. 'close' follows when the open connections have closed by themselves. */
  public TcpServer close() {
    return close(nothing -> {});
  }

  /**
   * As {@link #close()}; the listener is told once at 'close', or, where that is over, later than
   * this call; with {@code ERR_SERVER_NOT_RUNNING} where the server was not listening.
   */
  public TcpServer close(Consumer<@Nullable NetException> listener) {
    boolean wasWanted = wanted.getAndSet(false);
    address = null;
    reactor.run(() -> {
      NetException notRunning =
          wasWanted ? null : new NetException("ERR_SERVER_NOT_RUNNING", "Server is not running.");
      if (closed) {
        reactor.nextTick(() -> listener.accept(notRunning));
        return;
      }
      onClose = onClose.withOnce(nothing -> listener.accept(notRunning));
      closing = true;
      era++;
      stopListening();
      tellCloseLater();
    });
    return this;
  }

  /** 'close' comes when the port is free: some programs listen again in it. */
  private void tellCloseLater() {
    if (Transport.chosen().closesInTheNextTurn()) {
      releasing = true;
      reactor.immediate(() ->
          reactor.immediate(() -> {
            releasing = false;
            closeIfEmpty();
          }));
    } else {
      reactor.nextTick(this::closeIfEmpty);
    }
  }

  private void stopListening() {
    address = null;
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  private void closeIfEmpty() {
    if (!closing || closed || releasing || !open.isEmpty()) {
      return;
    }
    closed = true;
    Listeners<Consumer<@Nullable NetException>> listeners = onClose;
    onClose = onClose.afterOnce();
    listeners.forEach(listener -> reactor.call(() -> listener.accept(null)));
    ref.close();
  }

  /**
   * Closes politely within a time: accepts no more, ends the open connections, spread over the time
   * so that not all clients come back at once, and destroys those that are still there when it is
   * up.
   *
   * @return completed on the server's loop when all are gone; it never fails
   */
  public CompletableFuture<DrainReport> drain(Duration within) {
    return drain(within, TcpSocket::end);
  }

  /**
   * As {@link #drain(Duration)}; {@code goodbye} says and does what ends one connection politely.
   */
  public CompletableFuture<DrainReport> drain(Duration within, Consumer<TcpSocket> goodbye) {
    CompletableFuture<DrainReport> report = new CompletableFuture<>();
    close();
    reactor.run(() -> {
      Drain drain = new Drain(loop, Set.copyOf(open), within, goodbye, report);
      if (drain.start()) {
        drains.add(drain);
      }
    });
    return report;
  }

  // Listeners

  /** It listens; {@link #address} is known. */
  public TcpServer onListening(Runnable listener) {
    return add(() -> onListening = onListening.with(listener), () -> address != null, listener);
  }

  /** A connection was accepted. */
  public TcpServer onConnection(Consumer<TcpSocket> listener) {
    reactor.run(() -> onConnection = onConnection.with(listener));
    return this;
  }

  /** Listening or accepting failed. No 'close' follows; the server may listen again. */
  public TcpServer onError(Consumer<NetException> listener) {
    return add(
        () -> onError = onError.with(listener),
        () -> untold != null,
        () -> {
          NetException failure = Objects.requireNonNull(untold);
          untold = null;
          try {
            listener.accept(failure);
          } finally {
            ref.close();
          }
        });
  }

  /** After {@link #close()}: it no longer listens, and its last connection has closed. */
  public TcpServer onClose(Runnable listener) {
    return add(() -> onClose = onClose.with(nothing -> listener.run()), () -> closed, listener);
  }

  private TcpServer add(Runnable add, BooleanSupplier happened, Runnable tellLate) {
    if (reactor.inLoop()) {
      add.run();
    } else {
      reactor.execute(() -> {
        boolean late = happened.getAsBoolean();
        add.run();
        if (late) {
          tellLate.run();
        }
      });
    }
    return this;
  }

  /** A listener of a server that throws has told the program's uncaught handler, and no more. */
  private void tellError(NetException failure) {
    if (!onError.isEmpty()) {
      onError.forEach(listener -> reactor.call(() -> listener.accept(failure)));
    } else if (madeOutside) {
      untold = failure;
      reactor.schedule(this::tellNobody, GRACE_NANOS);
    } else {
      reactor.uncaught(failure);
    }
  }

  private void tellNobody() {
    if (untold != null) {
      reactor.uncaught(untold);
      untold = null;
      if (!wanted.get()) {
        ref.close();
      }
    }
  }

  // What can be asked

  /** Whether it listens: true from 'listening' on. */
  public boolean listening() {
    return address != null;
  }

  /** Where it listens; null before 'listening' and after {@link #close()}. */
  public @Nullable HostPort address() {
    return address;
  }

  /** Tells how many connections are open, later and on the server's loop. */
  public TcpServer getConnections(IntConsumer listener) {
    reactor.execute(() -> listener.accept(open.size()));
    return this;
  }

  /** How many connections are open. */
  public int connections() {
    return connections;
  }

  /**
   * How many accepted connections a reset, a broken pipe or a time-out of the network has ended
   * without an 'error' listener to tell: what every server sees all day long.
   */
  public long noise() {
    return noise;
  }

  /** Counts the server again among what keeps the program alive. */
  public TcpServer ref() {
    ref.ref();
    return this;
  }

  /** Lets the program end although the server listens. */
  public TcpServer unref() {
    ref.unref();
    return this;
  }

  @Override
  public String toString() {
    HostPort at = address;
    return "TcpServer " + (at == null ? "not listening" : at);
  }
}
