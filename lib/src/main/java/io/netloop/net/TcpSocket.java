package io.netloop.net;

import io.netloop.engine.CaptureAccess;
import io.netloop.engine.Encoding;
import io.netloop.engine.Encryption;
import io.netloop.engine.Encryption.Facts;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import io.netloop.engine.SocketAccess;
import io.netloop.engine.Transport;
import io.netloop.loop.AbortSignal;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.Pipes;
import io.netloop.loop.Readable;
import io.netloop.loop.Writable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection, of either side. <i>Loop-confined:</i> its listeners run on its loop, one at a
 * time and in the order in which they were added; its methods may be called from any thread and
 * take effect in the order of the calls.
 *
 * <p>The events and their order are those of Node's {@code net.Socket}, with these differences. A
 * listener added from another thread never misses what happens once (connect, end, finish, error,
 * close): if it has happened already, the listener is told. A listener that throws costs its
 * connection, and nothing else. An 'error' without a listener reaches the program's uncaught
 * handler, except for network noise on accepted connections (resets, broken pipes, time-outs),
 * which {@link TcpServer#noise} counts.
 *
 * @see <a href="https://nodejs.org/api/net.html#class-netsocket">Node: net.Socket</a>
 */
public final class TcpSocket implements Readable, Writable {
  static {
    SocketAccess.share(
        new SocketAccess<TcpSocket>() {
          @Override
          public void rewind(TcpSocket socket) {
            socket.in.rewind();
          }

          @Override
          public void encrypt(TcpSocket socket, Supplier<Encryption> encryptions) {
            socket.secure.use(encryptions);
          }

          @Override
          public void encryptNow(TcpSocket socket, Supplier<Encryption> encryption) {
            socket.encryptNow(encryption);
          }

          @Override
          public boolean isTruncated(TcpSocket socket) {
            return socket.secure.isTruncated();
          }

          @Override
          public boolean isFull(TcpSocket socket) {
            return socket.out.outbox().isFull();
          }

          @Override
          public void writeNow(TcpSocket socket, byte[] bytes, int offset, int length) {
            socket.out.writeNow(bytes, offset, length);
          }
        });
  }

  private final Reactor reactor = Reactor.current();
  private final Loop loop = Loop.current();
  private final TcpOptions options;
  private final @Nullable TcpServer server;
  private final Ref ref = new Ref();
  private final boolean madeOutside = !reactor.inLoop();

  private final SocketEvents events = new SocketEvents(reactor, this::listenerFailed);
  private @Nullable IdleWatch idle;
  private final ReadSide in;
  private final WriteSide out;
  private final SecureSide secure = new SecureSide(this);

  private @Nullable DuplexChannel channel;
  private @Nullable Connector connector;
  private volatile @Nullable HostPort local;
  private volatile @Nullable HostPort remote;
  private @Nullable Pipes pipes;
  private @Nullable AbortSignal signal;
  private @Nullable Runnable onAbort;

  private volatile boolean connecting;
  private volatile boolean connected;
  private boolean endedFirst;
  private boolean destroyAtFinish;
  private boolean resetAtConnect;
  private volatile boolean destroyed;
  private volatile boolean closed;
  private volatile @Nullable CloseCause cause;
  private @Nullable LastError error;

  private SocketTuning tuning;
  private volatile long timeoutMillis = -1;
  private volatile List<String> attempted = List.of();

  private Reactor.@Nullable Tenant tenant;

  private @Nullable Capture capture;

  /** What the capture is told; null where there is none, or no connection. */
  private @Nullable TcpTrace trace;

  /** Told of bytes that were read into an array of the user's. */
  public interface OnRead {
    /**
     * Takes what was read; after the return the array is written to again.
     *
     * @param length how many bytes there are, from the array's begin
     * @return whether to go on; false pauses, until {@link TcpSocket#resume}
     */
    boolean read(int length, byte[] array);
  }

  /** A socket that is not connected. */
  public TcpSocket(TcpOptions options) {
    this(options, null);
  }

  /** A socket that is not connected, with the default options. */
  public TcpSocket() {
    this(TcpOptions.defaults());
  }

  private TcpSocket(TcpOptions options, @Nullable TcpServer server) {
    this.options = options;
    this.server = server;
    this.tuning = server == null ? SocketTuning.of(options) : server.tuning();
    this.in = new ReadSide(reactor, events, options.limits().highWaterMark(), this::readToTheEnd);
    this.out = new WriteSide(this, reactor, events, options.limits());
  }

  /** The socket of an accepted channel, which is registered already. */
  static TcpSocket accepted(
      TcpServer server,
      TcpOptions options,
      DuplexChannel channel,
      @Nullable HostPort local,
      @Nullable HostPort remote) {
    TcpSocket socket = new TcpSocket(options, server);
    Supplier<Encryption> encryptions = server.encryptions();
    if (encryptions != null) {
      socket.secure.use(encryptions);
    }
    socket.ref.open();
    if (options.pauseOnConnect()) {
      socket.in.startPaused();
    }
    socket.opened(channel, local, remote);
    return socket;
  }

  // Connecting

  /**
   * Begins to connect. A socket that has closed may connect again, and keeps its listeners.
   *
   * @throws NetException {@code ERR_SOCKET_CONNECTED} where it is connected, or not closed yet
   */
  public TcpSocket connect(ConnectOptions to) {
    return connect(to, () -> {});
  }

  /** Begins to connect; the listener is told once, before other 'connect' listeners. */
  public TcpSocket connect(ConnectOptions to, Runnable listener) {
    if (!reactor.inLoop()) {
      reactor.execute(() -> connect(to, listener));
      return this;
    }
    if (reactor.hasEnded()) {
      throw Failures.loopEnded();
    }
    if (closed && server == null) {
      reset();
    }
    if (connecting || connected || destroyed) {
      throw new NetException(
          "ERR_SOCKET_CONNECTED",
          "This socket is connected, or was and has not closed yet: connect again after 'close'.");
    }
    ref.open();
    if (reactor.group() != null) {
      tenant = this::leave;
      reactor.moveIn(tenant);
    }
    connecting = true;
    attempted = List.of();
    events.connect = events.connect.withOnce(listener);
    connector = new Connector(reactor, this, to);
    if (to.timeout().isPositive()) {
      setTimeout(to.timeout().toMillis());
    }
    watch(to.signal());
    connector.start();
    return this;
  }

  /** Destroys the socket when the signal is given; at the socket's end the signal forgets it. */
  private void watch(@Nullable AbortSignal newSignal) {
    signal = newSignal;
    if (newSignal != null) {
      onAbort = () -> destroy(new NetException("ABORT_ERR", "The operation was aborted"));
      newSignal.onAbort(onAbort);
    }
  }

  /** A socket that has closed is as new, but for its listeners and its wishes. */
  private void reset() {
    if (error != null) {
      error.giveUp();
    }
    out.reset();
    channel = null;
    remote = null;
    trace = null;
    in.reset();
    connected = false;
    endedFirst = false;
    destroyAtFinish = false;
    resetAtConnect = false;
    destroyed = false;
    closed = false;
    cause = null;
    error = null;
  }

  /** The channel is there: the end of connecting, or the begin of an accepted connection. */
  void opened(DuplexChannel open, @Nullable HostPort ours, @Nullable HostPort peers) {
    connector = null;
    channel = open;
    local = ours;
    remote = peers;
    connecting = false;
    connected = true;
    tuning.begin(open);
    touch();
    in.open(open);
    if (!secure.open()) {
      out.open(open);
    }
    if (capture != null) {
      beginTrace(capture);
    }
  }

  /** Reading begins once the listeners of the connection have had their say. */
  void begin() {
    if (server == null) {
      events.tellConnect();
    }
    if (destroyed) {
      return;
    }
    if (resetAtConnect) {
      resetAndDestroy();
      return;
    }
    if (channel == null || !secure.begin(channel)) {
      beginToRead();
    }
  }

  private void beginToRead() {
    in.begin(server != null ? options.pauseOnConnect() : in.isPaused());
    out.finishIfDone();
  }

  // Encryption

  /** The handshake is done: what was written so far goes, and what comes is plain. */
  void secured() {
    touch();
    out.open(Objects.requireNonNull(channel));
    if (server == null) {
      events.tellSecureConnect();
    } else {
      server.secured(this);
    }
    if (!destroyed) {
      beginToRead();
    }
  }

  /** The handshake has failed, or what came later can't be decrypted. */
  void encryptionFailed(By by, NetException failure, boolean inHandshake) {
    TcpServer told = inHandshake && !destroyed ? server : null;
    shut(by, "tls", failure.code(), failure, told == null);
    if (told != null) {
      told.handshakeFailed(this, failure);
    }
  }

  private void encryptNow(Supplier<Encryption> encryption) {
    reactor.run(() -> {
      if (channel == null || destroyed || secure.encryption() != null) {
        destroy(Failures.notConnected());
        return;
      }
      try {
        in.startOver();
        out.reopen();
        secure.begin(encryption.get(), channel);
      } catch (NetException mixed) {
        destroy(mixed);
      }
    });
  }

  /** What encrypts the connection, or null. */
  @Nullable Encryption encryption() {
    return secure.encryption();
  }

  /** Whether what is written waits for a handshake. */
  boolean isSecuring() {
    return secure.isPending();
  }

  /** Whether events of this channel are ours: not those of one that was given up. */
  boolean isOn(Channel source) {
    return source.equals(channel);
  }

  /** Whether this socket belongs to that loop. */
  boolean isOf(Reactor that) {
    return reactor.equals(that);
  }

  /** Passes on what another socket of this loop has read; its memory stays the other's. */
  boolean relay(ByteBuf data) {
    return out.relay(data);
  }

  /** Something was read or written. */
  void touch() {
    if (idle != null) {
      idle.touch();
    }
  }

  /** The last attempt failed. */
  void connectFailed(NetException failure) {
    connector = null;
    shut(By.NETWORK, "tcp", failure.code(), failure, true);
  }

  SocketEvents events() {
    return events;
  }

  /** An attempt begins: its address joins the list. */
  void attempting(HostPort address) {
    List<String> more = new ArrayList<>(attempted);
    more.add(address.host() + ":" + address.port());
    attempted = List.copyOf(more);
    events.tell(events.attempt, address);
  }

  // Reading

  /** Bytes from the channel. */
  void received(ByteBuf data) {
    if (!destroyed) {
      touch();
      if (trace != null) {
        trace.received(data);
      }
      in.received(data);
    }
  }

  /** All that was there has been received, for this turn. */
  void readComplete() {
    in.readComplete();
  }

  /** The peer has sent its FIN. */
  void peerEnded() {
    if (!destroyed && in.peerEnded()) {
      endedFirst = !out.isEnding();
      if (trace != null) {
        trace.peerEnded();
      }
      in.endIfRead();
    }
  }

  /** Whether the peer's end was told, and ours follows from it. */
  boolean endedByPeer() {
    return in.isEndSeen() && !options.allowHalfOpen();
  }

  private void readToTheEnd() {
    if (destroyed) {
      return;
    }
    events.tell(events.end);
    if (!options.allowHalfOpen()) {
      out.end(null);
    }
    closeIfOver();
  }

  @Override
  public TcpSocket pause() {
    reactor.run(in::pause);
    return this;
  }

  @Override
  public TcpSocket resume() {
    reactor.run(in::resume);
    return this;
  }

  @Override
  public boolean isPaused() {
    return in.isPaused();
  }

  /** Whether what comes flows to listeners: false before the first of them, and while paused. */
  public boolean readableFlowing() {
    return in.isFlowing();
  }

  /**
   * Has bytes read into this array, again and again, instead of telling 'data': for who can't
   * afford an object for each piece. Begins to read.
   */
  public TcpSocket onRead(byte[] array, OnRead listener) {
    reactor.run(() -> in.readInto(array, listener));
    return this;
  }

  /** Has 'data' deliver whole characters of UTF-8. */
  public TcpSocket setEncoding() {
    return setEncoding("utf8");
  }

  /**
   * Has 'data' deliver text: each buffer's {@code toString()} is the text decoded so far, and a
   * character that came in pieces is in one of them whole. For the names see {@link Buffer}.
   *
   * @throws NetException {@code ERR_UNKNOWN_ENCODING}
   */
  public TcpSocket setEncoding(String name) {
    Encoding encoding = Encoding.of(name);
    if (encoding == null) {
      throw new NetException("ERR_UNKNOWN_ENCODING", "Unknown encoding: " + name);
    }
    reactor.run(() -> in.decode(encoding));
    return this;
  }

  @Override
  public Pipes pipes() {
    synchronized (this) {
      if (pipes == null) {
        pipes = new Pipes(this, loop);
        in.piped(pipes);
      }
      return pipes;
    }
  }

  // Writing

  @Override
  public boolean write(Buffer data) {
    return out.write(data, null);
  }

  @Override
  public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    return out.write(data, callback);
  }

  /** Queues text in a named encoding; for the names see {@link Buffer}. */
  public boolean write(String text, String encoding) {
    return write(Buffer.from(text, encoding));
  }

  /**
   * Queues a part of a file, which the system sends without it passing through this program. Where
   * the bytes have to be seen on their way, as by a {@link Capture}, it is read in blocks, on
   * another thread. It takes no memory while it waits, and counts with its length in {@link
   * #writableLength}, not in the limits of what may be queued; a {@link #write} behind it returns
   * false until it has been sent. A file that becomes shorter meanwhile ends the connection, with
   * {@code ERR_FILE_CUT_SHORT}. Not in Node.
   *
   * @param file open for reading; its own position is neither used nor changed
   * @param position where the part begins, in bytes
   * @param length how many bytes there are in it
   * @param whenUnused told once, later and on the loop, when the file is not needed any more and
   *     may be closed: with null when all was handed to the system, or with what prevented it
   * @throws NetException {@code ERR_OUT_OF_RANGE} for a negative number
   */
  public TcpSocket writeFile(
      FileChannel file, long position, long length, Consumer<@Nullable NetException> whenUnused) {
    Failures.checkFilePart(position, length);
    reactor.run(() -> out.writeFile(file, position, length, whenUnused));
    return this;
  }

  /**
   * Sends what is queued now and not at the end of the loop's turn. Not in Node, which always does.
   */
  public TcpSocket flush() {
    reactor.run(() -> out.outbox().flush());
    return this;
  }

  /**
   * Holds writes back until {@link #uncork} has been called as often; {@link #end()} ends all
   * corks.
   */
  public TcpSocket cork() {
    reactor.run(() -> out.outbox().cork());
    return this;
  }

  /** Takes back one {@link #cork}; after the last one everything goes out in one piece. */
  public TcpSocket uncork() {
    reactor.run(() -> out.outbox().uncork());
    return this;
  }

  /** How many corks hold writes back. */
  public int writableCorked() {
    return out.outbox().corks();
  }

  @Override
  public TcpSocket end() {
    reactor.run(() -> out.end(null));
    return this;
  }

  @Override
  public TcpSocket end(Buffer data) {
    reactor.run(() -> {
      out.write(data, null);
      out.end(null);
    });
    return this;
  }

  @Override
  public TcpSocket end(String text) {
    return end(Buffer.from(text));
  }

  /**
   * Ends; the callback is told before the 'finish' listeners, or gets the error that prevented it.
   */
  public TcpSocket end(Consumer<@Nullable NetException> callback) {
    reactor.run(() -> out.end(callback));
    return this;
  }

  /** Everything is with the system, and our FIN sent. */
  void finished() {
    if (destroyAtFinish) {
      shut(By.US, "tcp", "END", null, false);
    }
    closeIfOver();
  }

  private void closeIfOver() {
    if (out.isFinished() && in.isEndSeen()) {
      shut(endedFirst ? By.PEER : By.US, "tcp", "END", null, false);
    }
  }

  // Ending

  /** Ends the connection at once, both ways; what is queued is dropped. */
  public TcpSocket destroy() {
    reactor.run(() -> shut(By.US, "app", "DESTROYED", null, false));
    return this;
  }

  @Override
  public TcpSocket destroy(NetException failure) {
    reactor.run(() -> shut(By.US, "app", failure.code(), failure, true));
    return this;
  }

  /** Its worker ends. */
  private CompletableFuture<?> leave(Duration within) {
    CompletableFuture<?> gone = new CompletableFuture<>();
    onClose(why -> gone.complete(null));
    destroy();
    return gone;
  }

  /** Destroys the connection for a reason that the close event tells: {@code code}. */
  void destroyAs(String code) {
    shut(By.US, "app", code, null, false);
  }

  /** Ends after what is queued, then destroys without waiting for the peer's end. */
  public TcpSocket destroySoon() {
    reactor.run(() -> {
      destroyAtFinish = true;
      if (out.isFinished()) {
        shut(By.US, "tcp", "END", null, false);
      } else {
        out.end(null);
      }
    });
    return this;
  }

  /**
   * Ends the connection with a reset, which the peer sees as {@code ECONNRESET}; while connecting,
   * once it is connected.
   *
   * @throws NetException {@code ERR_INVALID_HANDLE_TYPE} on a Unix domain socket, which knows no
   *     reset
   */
  public TcpSocket resetAndDestroy() {
    if (channel != null && !(channel instanceof SocketChannel)) {
      throw new NetException("ERR_INVALID_HANDLE_TYPE", "This handle type cannot be sent");
    }
    reactor.run(() -> {
      if (destroyed || (!connected && !connecting)) {
        NetException notConnected = Failures.notConnected();
        shut(By.US, "app", notConnected.code(), notConnected, true);
        return;
      }
      if (connecting) {
        resetAtConnect = true;
        return;
      }
      if (channel != null) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      }
      shut(By.US, "tcp", "RESET", null, false);
    });
    return this;
  }

  /** The channel failed while reading or writing. */
  void broken(String syscall, Throwable failure) {
    Encryption encryption = secure.encryption();
    if (encryption != null && encryption.explain(failure) instanceof NetException explained) {
      encryptionFailed(By.PEER, explained, secure.isPending());
      return;
    }
    NetException broken = Failures.of(syscall, failure);
    boolean reset = broken.code().equals("ECONNRESET") || broken.code().equals("EPIPE");
    shut(reset ? By.PEER : By.NETWORK, "tcp", broken.code(), broken, true);
  }

  /** The channel is closed, and not by us. */
  void gone() {
    shut(
        By.NETWORK, "tcp", "ECONNABORTED", Failures.of("read", new ClosedChannelException()), true);
  }

  private void listenerFailed(Throwable failure) {
    reactor.uncaught(failure);
    shut(
        By.US,
        "app",
        "LISTENER_FAILED",
        new NetException(
            "LISTENER_FAILED", "A listener of this connection threw " + failure, failure),
        false);
  }

  /** The one way to the end: whatever ends the connection first decides its cause. */
  void shut(By by, String layer, String code, @Nullable NetException failure, boolean tellError) {
    if (destroyed) {
      return;
    }
    destroyed = true;
    connecting = false;
    cause = new CloseCause(by, layer, code, out.outbox().queuedBytes(), failure);
    error = tellError && failure != null ? new LastError(reactor, events, failure) : null;
    NetException unsent = failure != null ? failure : Failures.destroyed("write");
    out.close(unsent);
    in.drop();
    local = null;
    if (trace != null) {
      endTrace(trace, by, code);
    }
    if (idle != null) {
      idle.set(0);
    }
    if (signal != null) {
      signal.off(Objects.requireNonNull(onAbort));
    }
    if (tenant != null) {
      reactor.moveOut(tenant);
    }
    if (connector != null) {
      connector.cancel();
    }
    if (channel != null) {
      Transport.chosen().prepareClose(channel);
    }
    Encryption encryption = secure.encryption();
    if (encryption != null && secure.hasBegun()) {
      encryption.close();
    } else if (channel != null) {
      channel.close();
    }
    // An error comes in the order of what was put off, 'close' after all of it.
    reactor.nextTick(() -> {
      if (error != null) {
        error.tell(server, madeOutside, ref::close);
      }
      reactor.nextTick(this::tellClose);
    });
  }

  private void tellClose() {
    closed = true;
    CloseCause why = Objects.requireNonNull(cause);
    events.tell(events.close, why);
    if (server != null) {
      server.gone(this, why);
    }
    boolean connectsAgain = !closed;
    if (!connectsAgain && (error == null || error.isTold())) {
      ref.close();
    }
  }

  // Capturing

  /**
   * Has what is read and written from now on, and what is still queued, written to a file that
   * Wireshark opens. Before connecting, it begins with the connection; so does it with each further
   * one of a socket that connects again. An HTTP server: {@code server.onConnection(socket ->
   * socket.capture(capture))}.
   *
   * <p>Bytes stand there as soon as they were written: a connection that breaks may not have sent
   * the last of them. Captured are the bytes that this socket reads and writes, without the
   * system's encryption or ours. A Unix domain socket, which has no addresses of IP, is shown on
   * 127.0.0.1 with a port of its own, its server with port 1.
   *
   * @param to takes the place of another one that was given before
   */
  public TcpSocket capture(Capture to) {
    reactor.run(() -> {
      boolean news = !to.equals(capture);
      capture = to;
      if (news && connected && !destroyed) {
        beginTrace(to);
      }
    });
    return this;
  }

  private void beginTrace(Capture to) {
    TcpTrace begun = TcpTrace.begin(CaptureAccess.fileOf(to), server != null, local, remote);
    out.outbox().eachWaiting(begun::sent, begun::fileBegins);
    if (in.hasPeerEnded()) {
      begun.peerEnded();
    }
    if (out.isFinSent()) {
      begun.ended();
    }
    trace = begun;
  }

  private static void endTrace(TcpTrace trace, By by, String code) {
    boolean byPeer = by == By.PEER && !code.equals("END");
    if (byPeer || by == By.NETWORK || code.equals("RESET")) {
      trace.reset(byPeer);
    } else {
      trace.closed();
    }
  }

  /** Who is to be told of what is written, or null. */
  @Nullable TcpTrace trace() {
    return trace;
  }

  // Idle time

  /**
   * Tells 'timeout' after this long without a read or a write; 0 turns it off. The connection
   * stays.
   */
  public TcpSocket setTimeout(long millis) {
    if (millis < 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"msecs\" is out of range. It must be a non-negative finite number. Received "
              + millis);
    }
    reactor.run(() -> {
      if (!destroyed) {
        if (idle == null) {
          idle = new IdleWatch(reactor, events::tellTimeout);
        }
        idle.set(TimeUnit.MILLISECONDS.toNanos(millis));
      }
    });
    timeoutMillis = millis;
    return this;
  }

  /** As {@link #setTimeout(long)}; the listener is told once. */
  public TcpSocket setTimeout(long millis, Runnable listener) {
    setTimeout(millis);
    reactor.run(() -> events.timeout = events.timeout.withOnce(listener));
    return this;
  }

  /** The time of {@link #setTimeout} in milliseconds, or null where none was ever set. */
  public @Nullable Long timeout() {
    return timeoutMillis < 0 ? null : timeoutMillis;
  }

  // Listeners

  /** The name was resolved, or could not be; not told for numeric addresses. */
  public TcpSocket onLookup(Consumer<Lookup> listener) {
    reactor.run(() -> events.lookup = events.lookup.with(listener));
    return this;
  }

  /** An attempt at one address begins. */
  public TcpSocket onConnectionAttempt(Consumer<HostPort> listener) {
    reactor.run(() -> events.attempt = events.attempt.with(listener));
    return this;
  }

  /** An attempt at one address failed. */
  public TcpSocket onConnectionAttemptFailed(BiConsumer<HostPort, NetException> listener) {
    reactor.run(() -> events.attemptFailed = events.attemptFailed.with(listener));
    return this;
  }

  /** An attempt at one address took longer than it may while there are others to try. */
  public TcpSocket onConnectionAttemptTimeout(Consumer<HostPort> listener) {
    reactor.run(() -> events.attemptTimeout = events.attemptTimeout.with(listener));
    return this;
  }

  /** The connection is there. */
  public TcpSocket onConnect(Runnable listener) {
    events.add(() -> events.connect = events.connect.with(listener), () -> connected, listener);
    return this;
  }

  /**
   * The connection is encrypted, and the peer's certificate looked at: from now on bytes go. For a
   * client; a server tells it of all its connections.
   */
  public TcpSocket onSecureConnect(Runnable listener) {
    events.add(
        () -> events.secureConnect = events.secureConnect.with(listener),
        () -> secure.facts() != null,
        listener);
    return this;
  }

  /** The socket may be used; directly after 'connect'. */
  public TcpSocket onReady(Runnable listener) {
    events.add(() -> events.ready = events.ready.with(listener), () -> connected, listener);
    return this;
  }

  @Override
  public TcpSocket onData(Consumer<Buffer> listener) {
    reactor.run(() -> {
      events.data = events.data.with(listener);
      if (!in.isPaused()) {
        in.resume();
      }
    });
    return this;
  }

  /** The flow was stopped. */
  public TcpSocket onPause(Runnable listener) {
    reactor.run(() -> events.pause = events.pause.with(listener));
    return this;
  }

  /** The flow begins, or goes on. */
  public TcpSocket onResume(Runnable listener) {
    reactor.run(() -> events.resume = events.resume.with(listener));
    return this;
  }

  @Override
  public TcpSocket onEnd(Runnable listener) {
    events.add(() -> events.end = events.end.with(listener), in::isEndSeen, listener);
    return this;
  }

  @Override
  public TcpSocket onDrain(Runnable listener) {
    reactor.run(() -> events.drain = events.drain.with(listener));
    return this;
  }

  @Override
  public TcpSocket onFinish(Runnable listener) {
    events.add(() -> events.finish = events.finish.with(listener), out::isFinished, listener);
    return this;
  }

  /** Nothing was read or written for the time of {@link #setTimeout}; once per quiet period. */
  public TcpSocket onTimeout(Runnable listener) {
    reactor.run(() -> events.timeout = events.timeout.with(listener));
    return this;
  }

  @Override
  public TcpSocket onError(Consumer<NetException> listener) {
    events.add(
        () -> events.error = events.error.with(listener),
        () -> error != null && error.isDue(),
        () -> {
          LastError last = Objects.requireNonNull(error);
          listener.accept(last.error());
          last.toldTo();
          ref.close();
        });
    return this;
  }

  @Override
  public TcpSocket onClose(Consumer<CloseCause> listener) {
    events.add(
        () -> events.close = events.close.with(listener),
        () -> closed,
        () -> listener.accept(Objects.requireNonNull(cause)));
    return this;
  }

  @Override
  public TcpSocket off(Object listener) {
    reactor.run(() -> events.off(listener));
    return this;
  }

  void guard(Runnable listener) {
    events.guard(listener);
  }

  // What can be asked

  /** Our side's address and port; null while not connected and after the end. */
  public @Nullable HostPort address() {
    return local;
  }

  /** Our side's address; null while not connected and after the end. */
  public @Nullable String localAddress() {
    HostPort at = local;
    return at == null ? null : at.host();
  }

  /** Our side's port; 0 while not connected and after the end. */
  public int localPort() {
    HostPort at = local;
    return at == null ? 0 : at.port();
  }

  /** {@code IPv4} or {@code IPv6}; null while not connected and after the end. */
  public @Nullable String localFamily() {
    HostPort at = local;
    return at == null ? null : at.family();
  }

  /** The peer's address; null while not connected and after the end. */
  public @Nullable String remoteAddress() {
    HostPort peer = remote;
    return peer == null || destroyed ? null : peer.host();
  }

  /** The peer's port; 0 while not connected and after the end. */
  public int remotePort() {
    HostPort peer = remote;
    return peer == null || destroyed ? 0 : peer.port();
  }

  /** {@code IPv4} or {@code IPv6}; null while not connected and after the end. */
  public @Nullable String remoteFamily() {
    HostPort peer = remote;
    return peer == null || destroyed ? null : peer.family();
  }

  /** The peer's address and port, which stay known after the end; null if never connected. */
  public @Nullable HostPort remote() {
    return remote;
  }

  /** The server that accepted this connection; null on the client's side. */
  public @Nullable TcpServer server() {
    return server;
  }

  /** {@code opening}, {@code open}, {@code readOnly}, {@code writeOnly} or {@code closed}. */
  public String readyState() {
    if (connecting) {
      return "opening";
    }
    if (!connected || destroyed) {
      return "closed";
    }
    boolean readable = !in.isEndSeen();
    boolean writable = !out.isEnding();
    return readable && writable
        ? "open"
        : readable ? "readOnly" : writable ? "writeOnly" : "closed";
  }

  /** Whether connecting is under way. */
  public boolean connecting() {
    return connecting;
  }

  /** Whether it is not connected: not yet, or no more. */
  public boolean pending() {
    return !connected || destroyed;
  }

  /** Whether 'close' was told. */
  public boolean closed() {
    return closed;
  }

  /** The error that ended it, or null. */
  public @Nullable NetException errored() {
    CloseCause why = cause;
    return why == null ? null : why.error();
  }

  /** The addresses that connecting has tried so far, for example {@code ::1:8080}. */
  public List<String> autoSelectFamilyAttemptedAddresses() {
    return attempted;
  }

  /** Whether it is at its end, though 'close' may still be to come. */
  public boolean destroyed() {
    return destroyed;
  }

  /** Bytes read from the system so far. */
  public long bytesRead() {
    return in.bytesRead();
  }

  /** Bytes written so far, those in the queue included. */
  public long bytesWritten() {
    return out.outbox().acceptedBytes();
  }

  @Override
  public long writableLength() {
    return out.outbox().queuedBytes();
  }

  @Override
  public boolean writableNeedDrain() {
    return out.outbox().wantsDrain();
  }

  /** The old name of {@link #writableLength}. */
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // users have no such annotation
  public long bufferSize() {
    return writableLength();
  }

  /** Bytes that have come and wait for a listener. */
  public int readableLength() {
    return in.waitingBytes();
  }

  /** The waiting bytes from which reading stops. */
  public int readableHighWaterMark() {
    return options.limits().highWaterMark();
  }

  /** The limits on what may be queued. */
  public OutboxLimits limits() {
    return options.limits();
  }

  /** The queued bytes from which {@code write} returns false. */
  public int writableHighWaterMark() {
    return out.outbox().highWaterMark();
  }

  // What can be asked of the encryption

  /** Whether its connections are encrypted, by TLS. */
  public boolean encrypted() {
    return secure.isEncrypted();
  }

  /**
   * Whether the peer's certificate was looked at, and is right. Without TLS, before its handshake,
   * and on a server that has asked for no certificate it is false.
   */
  public boolean authorized() {
    Facts facts = secure.facts();
    return facts != null && facts.authorized();
  }

  /** What is wrong with the peer's certificate, which was taken all the same; or null. */
  public @Nullable NetException authorizationError() {
    Facts facts = secure.facts();
    return facts == null ? null : (NetException) facts.authorizationError();
  }

  /** The name that the client has asked the server for (RFC 6066 §3), or null. */
  public @Nullable String servername() {
    Facts facts = secure.facts();
    return facts == null ? null : facts.servername();
  }

  /** The protocol agreed on above TLS, for example {@code http/1.1} (RFC 7301), or null. */
  public @Nullable String alpnProtocol() {
    Facts facts = secure.facts();
    return facts == null ? null : facts.alpnProtocol();
  }

  /** The version of TLS, {@code TLSv1.2} or {@code TLSv1.3}; null before the handshake. */
  public @Nullable String getProtocol() {
    Facts facts = secure.facts();
    return facts == null ? null : facts.protocol();
  }

  /** The cipher suite by its name in the standards; null before the handshake. */
  public @Nullable String getCipher() {
    Facts facts = secure.facts();
    return facts == null ? null : facts.cipher();
  }

  /** The peer's certificate; null where it has shown none. */
  public @Nullable X509Certificate getPeerCertificate() {
    List<X509Certificate> chain = getPeerCertificates();
    return chain.isEmpty() ? null : chain.getFirst();
  }

  /** The peer's certificate and those it has sent with it, its own first; empty without one. */
  public List<X509Certificate> getPeerCertificates() {
    Facts facts = secure.facts();
    return facts == null ? List.of() : facts.peerCertificates();
  }

  /** Our own certificate; null where we have shown none. */
  public @Nullable X509Certificate getCertificate() {
    Facts facts = secure.facts();
    return facts == null || facts.certificates().isEmpty() ? null : facts.certificates().getFirst();
  }

  /** Whether the handshake went on with an earlier session: shorter, and without certificates. */
  public boolean isSessionReused() {
    Facts facts = secure.facts();
    return facts != null && facts.sessionReused();
  }

  /** Turns Nagle's algorithm off ({@code true}) or on, now or once connected. */
  public TcpSocket setNoDelay(boolean on) {
    reactor.run(() -> {
      tuning = tuning.withNoDelay(on);
      if (!destroyed) {
        tuning.applyNoDelay(channel);
      }
    });
    return this;
  }

  /** Has the system probe a silent peer, or no more, at its own pace; now or once connected. */
  public TcpSocket setKeepAlive(boolean on) {
    return setKeepAlive(on, Duration.ZERO);
  }

  /**
   * As {@link #setKeepAlive(boolean)}; the first probe comes after this silence, in whole seconds.
   */
  public TcpSocket setKeepAlive(boolean on, Duration initialDelay) {
    return setKeepAlive(on, initialDelay, Duration.ZERO, 0);
  }

  /**
   * As {@link #setKeepAlive(boolean)}. Whole seconds count; less than one, and a count of 0, leave
   * the system's own value.
   *
   * @param initialDelay the silence before the first probe
   * @param interval the time between two probes
   * @param count how many probes may go unanswered before the connection fails with {@code
   *     ETIMEDOUT}
   */
  public TcpSocket setKeepAlive(boolean on, Duration initialDelay, Duration interval, int count) {
    reactor.run(() -> {
      tuning = tuning.withKeepAlive(on, initialDelay.toSeconds(), interval.toSeconds(), count);
      if (!destroyed) {
        tuning.applyKeepAlive(channel);
      }
    });
    return this;
  }

  /** The type of service that the system marks packets with, 0 to 255; 0 while not connected. */
  public int getTypeOfService() {
    Integer tos =
        channel instanceof SocketChannel ? channel.config().getOption(ChannelOption.IP_TOS) : null;
    return tos == null ? 0 : tos;
  }

  /**
   * Has the system mark packets with this type of service.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE} for what is not from 0 to 255
   */
  public TcpSocket setTypeOfService(int tos) {
    if (tos < 0 || tos > 255) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"tos\" is out of range. It must be >= 0 && <= 255. Received " + tos);
    }
    reactor.run(() -> {
      if (channel instanceof SocketChannel && !destroyed) {
        channel.config().setOption(ChannelOption.IP_TOS, tos);
      }
    });
    return this;
  }

  /** Counts the socket again among what keeps the program alive. */
  public TcpSocket ref() {
    ref.ref();
    return this;
  }

  /** Lets the program end although the socket is open. */
  public TcpSocket unref() {
    ref.unref();
    return this;
  }

  @Override
  public void piped(Readable source, boolean begins) {
    reactor.run(() -> out.piped(source, begins));
  }

  @Override
  public String toString() {
    HostPort peer = remote;
    return "TcpSocket " + (peer == null ? "" : peer + " ") + readyState();
  }
}
