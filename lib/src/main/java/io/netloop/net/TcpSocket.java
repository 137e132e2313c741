package io.netloop.net;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Encoding;
import io.netloop.engine.Listeners;
import io.netloop.engine.Outbox;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import io.netloop.engine.TextDecoder;
import io.netloop.engine.Transport;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.OutboxLimits.AtLimit;
import io.netloop.loop.Pipes;
import io.netloop.loop.Readable;
import io.netloop.loop.Writable;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** How long the error of a socket made outside the loop waits for a listener still on its way. */
  private static final long GRACE_NANOS = 100_000_000;

  private final Reactor reactor = Reactor.current();
  private final Loop loop = Loop.current();
  private final TcpOptions options;
  private final @Nullable TcpServer server;
  private final Ref ref = new Ref();
  private final AtomicLong onTheWay = new AtomicLong();
  private final boolean madeOutside = !reactor.inLoop();

  private volatile Outbox outbox;
  private @Nullable SocketChannel channel;
  private @Nullable Connector connector;
  private volatile @Nullable HostPort local;
  private volatile @Nullable HostPort remote;
  private @Nullable Pipes pipes;

  // What has come and waits for a reader.
  private @Nullable ArrayDeque<Buffer> arrived;
  private int arrivedBytes;
  private @Nullable TextDecoder decoder;
  private long bytesRead;

  private volatile boolean connecting;
  private volatile boolean connected;
  private volatile boolean flowing;
  private volatile boolean paused;
  private boolean flowScheduled;
  private boolean peerEnded;
  private volatile boolean endSeen;
  private volatile boolean ending;
  private boolean endedFirst;
  private boolean finSent;
  private volatile boolean finished;
  private boolean destroyAtFinish;
  private boolean resetAtConnect;
  private volatile boolean destroyed;
  private volatile boolean closed;
  private volatile @Nullable CloseCause cause;
  private @Nullable NetException error;
  private boolean errorTold;

  private boolean noDelay;
  private long idleNanos;
  private long lastActivity;
  private boolean idleTold;
  private @Nullable Future<?> idleCheck;

  private Listeners<Consumer<Lookup>> onLookup = Listeners.none();
  private Listeners<Consumer<HostPort>> onAttempt = Listeners.none();
  private Listeners<Runnable> onConnect = Listeners.none();
  private Listeners<Runnable> onReady = Listeners.none();
  private Listeners<Consumer<Buffer>> onData = Listeners.none();
  private Listeners<Runnable> onEnd = Listeners.none();
  private Listeners<Runnable> onDrain = Listeners.none();
  private Listeners<Runnable> onFinish = Listeners.none();
  private Listeners<Runnable> onTimeout = Listeners.none();
  private Listeners<Consumer<NetException>> onError = Listeners.none();
  private Listeners<Consumer<CloseCause>> onClose = Listeners.none();
  private @Nullable List<Consumer<@Nullable NetException>> endCallbacks;
  private @Nullable List<Readable> sources;

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
    this.noDelay = options.noDelay();
    this.outbox = newOutbox();
  }

  private Outbox newOutbox() {
    OutboxLimits limits = options.limits();
    return new Outbox(
        reactor,
        new Exit(),
        limits.highWaterMark(),
        limits.hardLimitBytes(),
        limits.softLimitBytes(),
        limits.softLimitFor().toNanos());
  }

  /** The socket of an accepted channel, which is registered already. */
  static TcpSocket accepted(TcpServer server, TcpOptions options, SocketChannel channel) {
    TcpSocket socket = new TcpSocket(options, server);
    socket.ref.open();
    socket.opened(channel);
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
    if (closed && server == null) {
      reset();
    }
    if (connecting || connected || destroyed) {
      throw new NetException(
          "ERR_SOCKET_CONNECTED",
          "This socket is connected, or was and has not closed yet: connect again after 'close'.");
    }
    ref.open();
    connecting = true;
    onConnect = onConnect.withOnce(listener);
    connector = new Connector(reactor, this, to);
    connector.start();
    return this;
  }

  /** A socket that has closed is as new, but for its listeners and its wishes. */
  private void reset() {
    if (error != null && !errorTold) {
      reactor.uncaught(error);
    }
    outbox = newOutbox();
    channel = null;
    remote = null;
    bytesRead = 0;
    if (decoder != null) {
      decoder.finish();
    }
    connected = false;
    peerEnded = false;
    endSeen = false;
    ending = false;
    endedFirst = false;
    finSent = false;
    finished = false;
    destroyAtFinish = false;
    resetAtConnect = false;
    destroyed = false;
    closed = false;
    cause = null;
    error = null;
    errorTold = false;
  }

  /** The channel is there: the end of connecting, or the begin of an accepted connection. */
  void opened(SocketChannel open) {
    connector = null;
    channel = open;
    local = hostPort(open.localAddress());
    remote = hostPort(open.remoteAddress());
    connecting = false;
    connected = true;
    open.config().setTcpNoDelay(noDelay);
    if (options.keepAlive()) {
      Transport.chosen().keepAlive(open, options.keepAliveInitialDelay().toSeconds());
    }
    touch();
    outbox.open(open);
  }

  /** Reading begins once the listeners of the connection have had their say. */
  void begin() {
    if (server == null) {
      Listeners<Runnable> listeners = onConnect;
      onConnect = onConnect.afterOnce();
      tell(listeners);
      tell(onReady);
    }
    if (destroyed) {
      return;
    }
    if (resetAtConnect) {
      resetAndDestroy();
      return;
    }
    boolean waits = server != null && options.pauseOnConnect() && !flowing;
    if (!waits) {
      readFromSystem(true);
    }
    finishIfDone();
  }

  /** Whether events of this channel are ours: not those of one that was given up. */
  boolean isOn(Channel source) {
    return source.equals(channel);
  }

  /** Whether an accepted socket is to wait for {@link #resume}; set before its listeners run. */
  void pauseIfAsked() {
    if (options.pauseOnConnect()) {
      paused = true;
    }
  }

  /** The last attempt failed. */
  void connectFailed(NetException failure) {
    connector = null;
    shut(By.NETWORK, "tcp", failure.code(), failure, true);
  }

  void tellLookup(Lookup lookup) {
    onLookup.forEach(listener -> guard(() -> listener.accept(lookup)));
  }

  void tellAttempt(HostPort address) {
    onAttempt.forEach(listener -> guard(() -> listener.accept(address)));
  }

  // Reading

  /**
   * Bytes from the channel, which may come even while we do not read: what is on the way arrives.
   */
  void received(byte[] bytes) {
    if (destroyed) {
      return;
    }
    bytesRead += bytes.length;
    touch();
    if (decoder == null) {
      deliver(BYTES.wrap(bytes));
      return;
    }
    String text = decoder.decode(bytes);
    if (!text.isEmpty()) {
      deliver(Buffer.from(text));
    }
  }

  private void deliver(Buffer data) {
    if (flowing && arrivedBytes == 0) {
      tellData(data);
      return;
    }
    if (arrived == null) {
      arrived = new ArrayDeque<>(4);
    }
    arrived.add(data);
    arrivedBytes += data.length();
    if (arrivedBytes >= options.limits().highWaterMark()) {
      readFromSystem(false);
    }
  }

  /** The peer has sent its FIN. */
  void peerEnded() {
    if (destroyed || peerEnded) {
      return;
    }
    peerEnded = true;
    endedFirst = !ending;
    if (decoder != null) {
      String tail = decoder.finish();
      if (!tail.isEmpty()) {
        deliver(Buffer.from(tail));
      }
    }
    endIfRead();
  }

  private void endIfRead() {
    if (!peerEnded || endSeen || destroyed || arrivedBytes > 0) {
      return;
    }
    endSeen = true;
    tell(onEnd);
    if (!options.allowHalfOpen()) {
      doEnd(null);
    }
    closeIfOver();
  }

  /** Runs after the listener that started it, so that a program can add all its listeners first. */
  private void flowLater() {
    if (!flowScheduled) {
      flowScheduled = true;
      reactor.nextTick(this::flow);
    }
  }

  private void flow() {
    flowScheduled = false;
    Buffer data;
    while (flowing && !destroyed && arrived != null && (data = arrived.poll()) != null) {
      arrivedBytes -= data.length();
      tellData(data);
    }
    if (flowing && !destroyed) {
      readFromSystem(true);
      endIfRead();
    }
  }

  private void tellData(Buffer data) {
    Listeners<Consumer<Buffer>> listeners = onData;
    try {
      for (int i = 0; i < listeners.size(); i++) {
        listeners.get(i).accept(data);
      }
    } catch (Throwable failure) {
      listenerFailed(failure);
    }
  }

  private void readFromSystem(boolean on) {
    if (channel != null && connected && !peerEnded) {
      channel.config().setAutoRead(on);
    }
  }

  @Override
  public TcpSocket pause() {
    reactor.run(() -> {
      paused = true;
      flowing = false;
    });
    return this;
  }

  @Override
  public TcpSocket resume() {
    reactor.run(() -> {
      paused = false;
      if (!flowing) {
        flowing = true;
        flowLater();
      }
    });
    return this;
  }

  @Override
  public boolean isPaused() {
    return paused;
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
    reactor.run(() -> decoder = new TextDecoder(encoding));
    return this;
  }

  @Override
  public Pipes pipes() {
    synchronized (this) {
      if (pipes == null) {
        pipes = new Pipes(this, loop);
      }
      return pipes;
    }
  }

  // Writing

  @Override
  public boolean write(Buffer data) {
    if (reactor.inLoop()) {
      return doWrite(data, null);
    }
    return handIn(data, null);
  }

  @Override
  public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    if (reactor.inLoop()) {
      return doWrite(data, callback);
    }
    return handIn(data, callback);
  }

  /** A write from another thread: what is on its way to the loop counts as queued. */
  private boolean handIn(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    long before = onTheWay.getAndAdd(data.length()) + outbox.queuedBytes();
    boolean full = before >= outbox.highWaterMark();
    reactor.execute(() -> {
      onTheWay.addAndGet(-data.length());
      doWrite(data, callback);
      if (full) {
        outbox.promiseDrain();
      }
    });
    return !full && !destroyed;
  }

  /** Queues text in a named encoding; for the names see {@link Buffer}. */
  public boolean write(String text, String encoding) {
    return write(Buffer.from(text, encoding));
  }

  private boolean doWrite(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    if (destroyed) {
      refuse(callback, Failures.destroyed("write"));
      return false;
    }
    if (ending) {
      NetException afterEnd = new NetException("ERR_STREAM_WRITE_AFTER_END", "write after end");
      refuse(callback, afterEnd);
      shut(By.US, "app", afterEnd.code(), afterEnd, true);
      return false;
    }
    if (!connected && !connecting) {
      NetException notConnected = Failures.notConnected();
      refuse(callback, notConnected);
      shut(By.US, "app", notConnected.code(), notConnected, true);
      return false;
    }
    touch();
    return outbox.write(
        BYTES.array(data),
        BYTES.offset(data),
        data.length(),
        callback == null ? null : failure -> answer(callback, (NetException) failure));
  }

  private void refuse(@Nullable Consumer<@Nullable NetException> callback, NetException why) {
    if (callback != null) {
      reactor.nextTick(() -> answer(callback, why));
    }
  }

  private void answer(Consumer<@Nullable NetException> callback, @Nullable NetException failure) {
    guard(() -> callback.accept(failure));
  }

  /**
   * Sends what is queued now and not at the end of the loop's turn. Not in Node, which always does.
   */
  public TcpSocket flush() {
    reactor.run(() -> outbox.flush());
    return this;
  }

  /**
   * Holds writes back until {@link #uncork} has been called as often; {@link #end()} ends all
   * corks.
   */
  public TcpSocket cork() {
    reactor.run(() -> outbox.cork());
    return this;
  }

  /** Takes back one {@link #cork}; after the last one everything goes out in one piece. */
  public TcpSocket uncork() {
    reactor.run(() -> outbox.uncork());
    return this;
  }

  /** How many corks hold writes back. */
  public int writableCorked() {
    return outbox.corks();
  }

  @Override
  public TcpSocket end() {
    reactor.run(() -> doEnd(null));
    return this;
  }

  @Override
  public TcpSocket end(Buffer data) {
    reactor.run(() -> {
      doWrite(data, null);
      doEnd(null);
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
    reactor.run(() -> doEnd(callback));
    return this;
  }

  private void doEnd(@Nullable Consumer<@Nullable NetException> callback) {
    if (callback != null) {
      if (destroyed) {
        refuse(callback, Failures.destroyed("end"));
        return;
      }
      if (finished) {
        reactor.nextTick(() -> answer(callback, null));
        return;
      }
      if (endCallbacks == null) {
        endCallbacks = new ArrayList<>(1);
      }
      endCallbacks.add(callback);
    }
    if (!ending && !destroyed) {
      ending = true;
      outbox.uncorkFully();
      finishIfDone();
    }
  }

  /** Sends our FIN once all that was written is with the system. */
  private void finishIfDone() {
    if (!ending || finSent || destroyed || channel == null || !outbox.isEmpty()) {
      return;
    }
    finSent = true;
    // That it fails means that the peer has gone: the reading side tells.
    channel.shutdownOutput().addListener(done -> reactor.nextTick(this::finish));
  }

  private void finish() {
    if (destroyed || finished) {
      return;
    }
    finished = true;
    if (endCallbacks != null) {
      List<Consumer<@Nullable NetException>> callbacks = endCallbacks;
      endCallbacks = null;
      for (Consumer<@Nullable NetException> callback : callbacks) {
        answer(callback, null);
      }
    }
    tell(onFinish);
    if (destroyAtFinish) {
      shut(By.US, "tcp", "END", null, false);
    }
    closeIfOver();
  }

  private void closeIfOver() {
    if (finished && endSeen) {
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

  /** Destroys the connection for a reason that the close event tells: {@code code}. */
  void destroyAs(String code) {
    shut(By.US, "app", code, null, false);
  }

  /** Ends after what is queued, then destroys without waiting for the peer's end. */
  public TcpSocket destroySoon() {
    reactor.run(() -> {
      destroyAtFinish = true;
      if (finished) {
        shut(By.US, "tcp", "END", null, false);
      } else {
        doEnd(null);
      }
    });
    return this;
  }

  /**
   * Ends the connection with a reset, which the peer sees as {@code ECONNRESET}; while connecting,
   * once it is connected.
   */
  public TcpSocket resetAndDestroy() {
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
        channel.config().setSoLinger(0);
      }
      shut(By.US, "tcp", "RESET", null, false);
    });
    return this;
  }

  /** The channel failed while reading or writing. */
  void broken(String syscall, Throwable failure) {
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
  private void shut(
      By by, String layer, String code, @Nullable NetException failure, boolean tellError) {
    if (destroyed) {
      return;
    }
    destroyed = true;
    connecting = false;
    cause = new CloseCause(by, layer, code, outbox.queuedBytes(), failure);
    error = tellError ? failure : null;
    NetException unsent = failure != null ? failure : Failures.destroyed("write");
    outbox.close(unsent);
    if (endCallbacks != null) {
      for (Consumer<@Nullable NetException> callback : endCallbacks) {
        refuse(callback, unsent);
      }
      endCallbacks = null;
    }
    arrived = null;
    arrivedBytes = 0;
    local = null;
    setIdle(0);
    if (connector != null) {
      connector.cancel();
    }
    if (channel != null) {
      channel.close();
    }
    reactor.nextTick(this::tellEnd);
  }

  private void tellEnd() {
    if (error != null) {
      tellError(error);
    }
    closed = true;
    CloseCause why = Objects.requireNonNull(cause);
    onClose.forEach(listener -> guard(() -> listener.accept(why)));
    if (server != null) {
      server.gone(this, why);
    }
    boolean connectsAgain = !closed;
    if (!connectsAgain && (errorTold || error == null)) {
      ref.close();
    }
  }

  private void tellError(NetException failure) {
    if (!onError.isEmpty()) {
      errorTold = true;
      onError.forEach(listener -> guard(() -> listener.accept(failure)));
    } else if (server != null && Failures.isNoise(failure)) {
      errorTold = true;
      server.countNoise();
    } else if (madeOutside) {
      reactor.schedule(() -> tellNobody(failure), GRACE_NANOS);
    } else {
      tellNobody(failure);
    }
  }

  @SuppressWarnings("ReferenceEquality") // the socket may have connected again, and failed again
  private void tellNobody(NetException failure) {
    if (!errorTold && error == failure) {
      errorTold = true;
      reactor.uncaught(failure);
      ref.close();
    }
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
          "The value of \"msecs\" is out of range. It must be >= 0. Received " + millis);
    }
    reactor.run(() -> {
      if (!destroyed) {
        setIdle(TimeUnit.MILLISECONDS.toNanos(millis));
      }
    });
    return this;
  }

  /** As {@link #setTimeout(long)}; the listener is told once. */
  public TcpSocket setTimeout(long millis, Runnable listener) {
    setTimeout(millis);
    reactor.run(() -> onTimeout = onTimeout.withOnce(listener));
    return this;
  }

  private void setIdle(long nanos) {
    idleNanos = nanos;
    if (idleCheck != null) {
      idleCheck.cancel(false);
      idleCheck = null;
    }
    if (nanos > 0) {
      lastActivity = reactor.now();
      idleTold = false;
      idleCheck = reactor.schedule(this::checkIdle, nanos);
    }
  }

  /** Activity costs no timer: the check that is due looks when the last was. */
  private void touch() {
    if (idleNanos > 0) {
      lastActivity = reactor.now();
      if (idleTold) {
        idleTold = false;
        idleCheck = reactor.schedule(this::checkIdle, idleNanos);
      }
    }
  }

  private void checkIdle() {
    idleCheck = null;
    long left = lastActivity + idleNanos - reactor.now();
    if (left > 0) {
      idleCheck = reactor.schedule(this::checkIdle, left);
      return;
    }
    idleTold = true;
    Listeners<Runnable> listeners = onTimeout;
    onTimeout = onTimeout.afterOnce();
    tell(listeners);
  }

  // Listeners

  /** The name was resolved, or could not be; not told for numeric addresses. */
  public TcpSocket onLookup(Consumer<Lookup> listener) {
    reactor.run(() -> onLookup = onLookup.with(listener));
    return this;
  }

  /** An attempt at one address begins. */
  public TcpSocket onConnectionAttempt(Consumer<HostPort> listener) {
    reactor.run(() -> onAttempt = onAttempt.with(listener));
    return this;
  }

  /** The connection is there. */
  public TcpSocket onConnect(Runnable listener) {
    return add(() -> onConnect = onConnect.with(listener), () -> connected, listener);
  }

  /** The socket may be used; directly after 'connect'. */
  public TcpSocket onReady(Runnable listener) {
    return add(() -> onReady = onReady.with(listener), () -> connected, listener);
  }

  @Override
  public TcpSocket onData(Consumer<Buffer> listener) {
    reactor.run(() -> {
      onData = onData.with(listener);
      if (!paused) {
        resume();
      }
    });
    return this;
  }

  @Override
  public TcpSocket onEnd(Runnable listener) {
    return add(() -> onEnd = onEnd.with(listener), () -> endSeen, listener);
  }

  @Override
  public TcpSocket onDrain(Runnable listener) {
    reactor.run(() -> onDrain = onDrain.with(listener));
    return this;
  }

  @Override
  public TcpSocket onFinish(Runnable listener) {
    return add(() -> onFinish = onFinish.with(listener), () -> finished, listener);
  }

  /** Nothing was read or written for the time of {@link #setTimeout}; once per quiet period. */
  public TcpSocket onTimeout(Runnable listener) {
    reactor.run(() -> onTimeout = onTimeout.with(listener));
    return this;
  }

  @Override
  public TcpSocket onError(Consumer<NetException> listener) {
    return add(
        () -> onError = onError.with(listener),
        () -> closed && error != null,
        () -> {
          listener.accept(Objects.requireNonNull(error));
          errorTold = true;
          ref.close();
        });
  }

  @Override
  public TcpSocket onClose(Consumer<CloseCause> listener) {
    return add(
        () -> onClose = onClose.with(listener),
        () -> closed,
        () -> listener.accept(Objects.requireNonNull(cause)));
  }

  @Override
  public TcpSocket off(Object listener) {
    reactor.run(() -> {
      onLookup = onLookup.without(listener);
      onAttempt = onAttempt.without(listener);
      onConnect = onConnect.without(listener);
      onReady = onReady.without(listener);
      onData = onData.without(listener);
      onEnd = onEnd.without(listener);
      onDrain = onDrain.without(listener);
      onFinish = onFinish.without(listener);
      onTimeout = onTimeout.without(listener);
      onError = onError.without(listener);
      onClose = onClose.without(listener);
    });
    return this;
  }

  /**
   * From another thread nobody can tell what has happened already: then the listener is told late.
   */
  private TcpSocket add(Runnable add, BooleanSupplier happened, Runnable tellLate) {
    if (reactor.inLoop()) {
      add.run();
    } else {
      reactor.execute(() -> {
        boolean late = happened.getAsBoolean();
        add.run();
        if (late) {
          guard(tellLate);
        }
      });
    }
    return this;
  }

  private void tell(Listeners<Runnable> listeners) {
    listeners.forEach(this::guard);
  }

  void guard(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable failure) {
      listenerFailed(failure);
    }
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
    boolean readable = !endSeen;
    boolean writable = !ending;
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

  /** Whether it is at its end, though 'close' may still be to come. */
  public boolean destroyed() {
    return destroyed;
  }

  /** Bytes read from the system so far. */
  public long bytesRead() {
    return bytesRead;
  }

  /** Bytes written so far, those in the queue included. */
  public long bytesWritten() {
    return outbox.acceptedBytes();
  }

  @Override
  public long writableLength() {
    return outbox.queuedBytes();
  }

  @Override
  public boolean writableNeedDrain() {
    return outbox.wantsDrain();
  }

  /** The queued bytes from which {@code write} returns false. */
  public int writableHighWaterMark() {
    return outbox.highWaterMark();
  }

  /** Turns Nagle's algorithm off ({@code true}) or on, now or once connected. */
  public TcpSocket setNoDelay(boolean on) {
    reactor.run(() -> {
      noDelay = on;
      if (channel != null && !destroyed) {
        channel.config().setTcpNoDelay(on);
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
    reactor.run(() -> {
      if (sources == null) {
        sources = new ArrayList<>(1);
      }
      if (begins) {
        sources.add(source);
      } else {
        sources.remove(source);
      }
    });
  }

  @Override
  public String toString() {
    HostPort peer = remote;
    return "TcpSocket " + (peer == null ? "" : peer + " ") + readyState();
  }

  private @Nullable HostPort hostPort(@Nullable InetSocketAddress address) {
    if (address == null) {
      return null;
    }
    HostPort hostPort = HostPort.of(address);
    return server != null && server.isDualStack() ? hostPort.mapped() : hostPort;
  }

  /**
   * Pauses the sources of the pipes to here until the queue is empty.
   *
   * @param again whether those count that are paused already; else one of them must have been
   *     flowing, since a write that comes while all are paused comes from no pipe
   */
  private boolean holdSources(boolean again) {
    boolean held = false;
    if (sources != null) {
      for (Readable source : sources) {
        held |= again || !source.isPaused();
        source.pipes().hold(this);
      }
    }
    if (held) {
      outbox.promiseDrain();
    }
    return held;
  }

  /** The outbox's view of this socket. */
  private final class Exit implements Outbox.Owner {
    @Override
    public void drained() {
      reactor.nextTick(() -> {
        if (!destroyed) {
          tell(onDrain);
        }
      });
    }

    @Override
    public void emptied() {
      touch();
      finishIfDone();
    }

    @Override
    public void failed(Throwable failure) {
      broken("write", failure);
    }

    @Override
    public boolean limitReached(long queuedBytes, long limitBytes, long nanos) {
      boolean soft = nanos > 0;
      if (options.limits().atLimit() == AtLimit.PAUSE_SOURCE && holdSources(soft)) {
        return true;
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
      String time = millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
      String soFar = soft ? " for " + time : "";
      NetException limit =
          new NetException(
              "ERR_OUTBOX_LIMIT",
              "The peer reads too slowly: %d bytes are queued, more than the limit of %d%s."
                  .formatted(queuedBytes, limitBytes, soFar));
      shut(By.US, "tcp", limit.code(), limit, true);
      return false;
    }
  }
}
