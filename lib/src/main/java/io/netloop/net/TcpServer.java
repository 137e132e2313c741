package io.netloop.net;

import io.netloop.engine.Encryption;
import io.netloop.engine.Errno;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import io.netloop.engine.ServerAccess;
import io.netloop.loop.AbortSignal;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP server. <i>Loop-confined:</i> its listeners, and those of the connections that it accepts,
 * run on the loop that it was made on; its methods may be called from any thread and take effect in
 * the order of the calls.
 *
 * @see <a href="https://nodejs.org/api/net.html#class-netserver">Node: net.Server</a>
 */
public final class TcpServer {
  static {
    ServerAccess.share(
        new ServerAccess<TcpServer>() {
          @Override
          public void encrypt(TcpServer server, Supplier<Encryption> encryptions) {
            server.encryptions = encryptions;
          }

          @Override
          public void endHandshakes(TcpServer server) {
            server.endHandshakes();
          }
        });
  }

  private final Reactor reactor = Reactor.current();
  private final Loop loop = Loop.current();
  private final Ref ref = new Ref();
  private final ServerEvents events = new ServerEvents(reactor, this::errorToldLate);

  /** Set by the call of listen, on its thread, so that a second call is refused there and then. */
  private final AtomicBoolean wanted = new AtomicBoolean();

  private final Set<TcpSocket> open = new HashSet<>();
  private volatile int connections;
  private volatile long noise;

  private volatile @Nullable Acceptor acceptor;
  private volatile @Nullable HostPort address;
  private final Reception reception;
  private final SocketTuning tuning;

  /** What encrypts the connections, or null. */
  private volatile @Nullable Supplier<Encryption> encryptions;

  /** A worker's end drains the server. */
  private final Reactor.Tenant tenant =
      new Reactor.Tenant() {
        @Override
        public CompletableFuture<?> leave(Duration within) {
          CompletableFuture<?> gone = new CompletableFuture<>();
          drain(within);
          close(nothing -> gone.complete(null));
          return gone;
        }

        @Override
        public boolean leavesFirst() {
          return true;
        }
      };

  private @Nullable AbortSignal signal;

  @SuppressWarnings("UnnecessaryLambda") // a listener is taken out by being the same object
  private final Runnable onAbort = () -> close();

  private boolean closing;

  /** Acceptors that we have left and that hold their port still. */
  private int releasing;

  private volatile boolean closed;
  private final List<Drain> drains = new ArrayList<>(1);

  /** A server that does not listen yet; the options hold for the connections that it accepts. */
  public TcpServer(TcpOptions options) {
    this.reception = new Reception(this, reactor, options);
    this.tuning = SocketTuning.of(options);
  }

  // Listening

  /** Listens on this port of all addresses, both families; 0 has the system choose one. */
  public TcpServer listen(int port) {
    return listen(ListenOptions.port(port));
  }

  /** Listens on this port of all addresses, both families; the listener is told once. */
  public TcpServer listen(int port, Runnable listener) {
    return listen(ListenOptions.port(port), listener);
  }

  /** Listens on this port of one address; a name is resolved first. */
  public TcpServer listen(int port, String host) {
    return listen(ListenOptions.port(port).withHost(host));
  }

  /** Listens on this port of one address; the listener is told once. */
  public TcpServer listen(int port, String host, Runnable listener) {
    return listen(ListenOptions.port(port).withHost(host), listener);
  }

  /**
   * As {@link #listen(ListenOptions, Runnable)}; null for {@code host} stands for all addresses.
   */
  public TcpServer listen(int port, @Nullable String host, int backlog, Runnable listener) {
    return listen(ListenOptions.port(port).withHost(host).withBacklog(backlog), listener);
  }

  /** Listens on a port, where the text is a number, else on a Unix domain socket of this path. */
  public TcpServer listen(String pathOrPort) {
    return listen(pathOrPort, () -> {});
  }

  /** As {@link #listen(String)}; the listener is told once. */
  public TcpServer listen(String pathOrPort, Runnable listener) {
    if (pathOrPort.isEmpty()) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT", "options.port should be >= 0 and < 65536. Received ''.");
    }
    boolean isPort = pathOrPort.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!isPort) {
      return listen(ListenOptions.path(pathOrPort), listener);
    }
    if (pathOrPort.length() > 9 || Integer.parseInt(pathOrPort) > 65535) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT",
          "options.port should be >= 0 and < 65536. Received type string ('" + pathOrPort + "').");
    }
    return listen(ListenOptions.port(Integer.parseInt(pathOrPort)), listener);
  }

  /** Listens. */
  public TcpServer listen(ListenOptions where) {
    return listen(where, () -> {});
  }

  /**
   * Listens.
   *
   * @param listener told once, when it listens. As in Node it stays for the next try when this one
   *     fails
   * @throws NetException {@code ERR_SERVER_ALREADY_LISTEN} while the server listens
   */
  public TcpServer listen(ListenOptions where, Runnable listener) {
    begin(() -> {
      events.listening = events.listening.withOnce(listener);
      joined(Acceptor.of(reactor, where));
      signal = where.signal();
      if (signal != null) {
        signal.onAbort(onAbort);
      }
    });
    return this;
  }

  /** Listens where another server does: connections go to them in turns. */
  public TcpServer listen(TcpServer handle) {
    return listen(handle, () -> {});
  }

  /** As {@link #listen(TcpServer)}; the listener is told once. */
  public TcpServer listen(TcpServer handle, Runnable listener) {
    Acceptor shared = handle.acceptor;
    if (shared == null) {
      throw new NetException(
          "ERR_INVALID_HANDLE_TYPE", "This handle type cannot be listened on: it does not listen.");
    }
    begin(() -> {
      events.listening = events.listening.withOnce(listener);
      joined(shared);
    });
    return this;
  }

  private void begin(Runnable joining) {
    if (!wanted.compareAndSet(false, true)) {
      throw new NetException(
          "ERR_SERVER_ALREADY_LISTEN",
          "Listen method has been called more than once without closing.");
    }
    ref.open();
    if (reactor.hasEnded() || !reactor.run(joining)) {
      wanted.set(false);
      ref.close();
      throw Failures.loopEnded();
    }
  }

  private void joined(Acceptor with) {
    ref.open();
    closing = false;
    closed = false;
    acceptor = with;
    reactor.moveIn(tenant);
    with.join(this);
  }

  /** Runs something on this server's loop, unless that has ended: the acceptor's may be another. */
  boolean onReactor(Runnable task) {
    return reactor.run(task);
  }

  /** The acceptor has closed before we could join it. */
  void joinAnother(Acceptor closedOne) {
    if (!closedOne.equals(acceptor)) {
      return;
    }
    Acceptor next = closedOne.next(reactor);
    if (next != null) {
      joined(next);
    } else {
      listenFailed(
          closedOne,
          NetException.system("listen", Errno.EBADF.name(), Errno.EBADF.words(), null, null, null));
    }
  }

  /** The acceptor listens. */
  void listens(Acceptor from, @Nullable HostPort at) {
    if (!from.equals(acceptor) || at == null) {
      return;
    }
    address = at;
    reactor.nextTick(() -> {
      if (address != null) {
        events.tellListening();
      }
    });
  }

  void listenFailed(Acceptor from, NetException failure) {
    if (!from.equals(acceptor)) {
      return;
    }
    acceptor = null;
    forgetSignal();
    wanted.set(false);
    reactor.moveOut(tenant);
    events.tellError(failure);
    if (!events.hasUntold()) {
      ref.close();
    }
  }

  // Accepting

  /** What its connections begin with. */
  SocketTuning tuning() {
    return tuning;
  }

  void accept(Acceptor from, DuplexChannel accepted) {
    if (from.equals(acceptor)) {
      reception.receive(accepted, from.isDualStack());
    } else {
      // It came with others, one of whose listeners has closed the server.
      from.giveBack(accepted);
    }
  }

  /** A connection is ours from now on: its listeners may be added, then it begins to read. */
  void welcome(TcpSocket socket) {
    open.add(socket);
    connections = open.size();
    events.tellConnection(socket);
    socket.begin();
  }

  /** What encrypts its connections, or null. */
  @Nullable Supplier<Encryption> encryptions() {
    return encryptions;
  }

  /** A connection's handshake is done. */
  void secured(TcpSocket socket) {
    events.tellSecureConnection(socket);
  }

  private void endHandshakes() {
    if (encryptions != null) {
      for (TcpSocket socket : List.copyOf(open)) {
        if (socket.isSecuring()) {
          socket.destroy();
        }
      }
    }
  }

  /** A connection's handshake has failed. */
  void handshakeFailed(TcpSocket socket, NetException failure) {
    events.tellTlsClientError(failure, socket);
  }

  /** A connection was refused. */
  void dropped(Drop why) {
    events.tellDrop(why);
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
      events.close = events.close.withOnce(nothing -> listener.accept(notRunning));
      closing = true;
      stopListening();
      reactor.nextTick(this::closeIfEmpty);
    });
    return this;
  }

  private void forgetSignal() {
    if (signal != null) {
      signal.off(onAbort);
      signal = null;
    }
  }

  private void stopListening() {
    address = null;
    forgetSignal();
    Acceptor left = acceptor;
    acceptor = null;
    if (left != null) {
      releasing++;
      left.leave(this);
    }
  }

  /** The port is free, or others have it: 'close' waits for that, to listen again in it. */
  void released() {
    releasing--;
    reactor.nextTick(this::closeIfEmpty);
  }

  private void closeIfEmpty() {
    if (!closing || closed || releasing > 0 || !open.isEmpty()) {
      return;
    }
    closed = true;
    events.tellClose();
    if (closed) { // and no listener has had it listen again
      reactor.moveOut(tenant);
      ref.close();
    }
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
    events.add(
        () -> events.listening = events.listening.with(listener), () -> address != null, listener);
    return this;
  }

  /** A connection was accepted. With TLS its handshake is still to come. */
  public TcpServer onConnection(Consumer<TcpSocket> listener) {
    reactor.run(() -> events.connection = events.connection.with(listener));
    return this;
  }

  /** With TLS: a connection's handshake is done, from now on bytes go. */
  public TcpServer onSecureConnection(Consumer<TcpSocket> listener) {
    reactor.run(() -> events.secureConnection = events.secureConnection.with(listener));
    return this;
  }

  /**
   * With TLS: a connection's handshake has failed, and the connection is closed. What every server
   * sees all day long: without a listener nobody is told.
   */
  public TcpServer onTlsClientError(BiConsumer<NetException, TcpSocket> listener) {
    reactor.run(() -> events.tlsClientError = events.tlsClientError.with(listener));
    return this;
  }

  /** A connection was refused because of {@link #maxConnections} or {@link #admission}. */
  public TcpServer onDrop(Consumer<Drop> listener) {
    reactor.run(() -> events.drop = events.drop.with(listener));
    return this;
  }

  /**
   * Takes out a listener that was added to any event, the same object; unknown ones are no error.
   */
  public TcpServer off(Object listener) {
    reactor.run(() -> events.off(listener));
    return this;
  }

  /** Listening or accepting failed. No 'close' follows; the server may listen again. */
  public TcpServer onError(Consumer<NetException> listener) {
    events.addError(listener);
    return this;
  }

  /** After {@link #close()}: it no longer listens, and its last connection has closed. */
  public TcpServer onClose(Runnable listener) {
    events.add(
        () -> events.close = events.close.with(nothing -> listener.run()), () -> closed, listener);
    return this;
  }

  /** Accepting failed. */
  void tellError(NetException failure) {
    events.tellError(failure);
  }

  /** An error of ours was told later than at once. */
  private void errorToldLate() {
    if (!wanted.get()) {
      ref.close();
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

  /**
   * The most connections that may be open at a time; {@code Integer.MAX_VALUE}, the default, is no
   * limit.
   */
  public int maxConnections() {
    return reception.mostConnections;
  }

  /**
   * Limits the connections that may be open at a time: one more is accepted and closed at once, and
   * 'drop' tells. 0 drops all.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE} for less than 0
   */
  public TcpServer maxConnections(int most) {
    if (most < 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE", "maxConnections must be at least 0, not " + most + ".");
    }
    reception.mostConnections = most;
    return this;
  }

  /** Taken and without effect, as outside Node's cluster. */
  public TcpServer dropMaxConnection(boolean on) {
    return this;
  }

  /**
   * Has each new connection counted and, over a limit, refused: accepted, closed, and 'drop' tells.
   */
  public TcpServer admission(Admission newAdmission) {
    reception.admission = newAdmission;
    return this;
  }

  /**
   * What a connection that is refused is sent before it is closed; nothing by default. The peer has
   * a second to take it and to end; past 1,000 such peers at a time nobody waits for more.
   */
  public TcpServer farewell(Buffer bytes) {
    reception.farewell = bytes;
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
