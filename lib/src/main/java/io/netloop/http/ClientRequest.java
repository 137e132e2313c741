package io.netloop.http;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.loop.AbortSignal;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.NetException;
import io.netloop.net.ConnectOptions;
import io.netloop.net.Net;
import io.netloop.net.TcpSocket;
import io.netloop.tls.Tls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request under way to a server: made by {@link Http#request}, sent by {@link #end()}. What
 * nobody listens to is thrown away: a response too. An 'error' without a listener reaches the
 * program's uncaught handler. <i>Loop-confined:</i> listeners run on the loop that the request was
 * made on, or the default loop; methods that act may be called from any thread.
 *
 * @see <a href="https://nodejs.org/api/http.html#class-httpclientrequest">Node:
 *     http.ClientRequest</a>
 */
public final class ClientRequest extends OutgoingMessage<ClientRequest> {
  /** How long what nobody takes waits for a listener on its way from another thread. */
  private static final long GRACE_NANOS = 100_000_000;

  private final RequestOptions options;
  private final Agent agent;
  private final boolean madeOutside;
  private final Runnable onAbortSignal = this::signalled;

  /** The server has said that it did not look at it. */
  boolean unprocessed;

  private @Nullable ClientExchange exchange;
  private volatile @Nullable TcpSocket socket;
  private volatile @Nullable ClientResponse response;
  private @Nullable ClientResponse cutResponse;
  private boolean socketTold;
  private boolean responseTold;
  private volatile boolean reusedSocket;
  private volatile boolean aborted;

  // Headers of ours that the program has taken out.
  boolean noConnection;
  boolean noLength;
  boolean noEncoding;

  private volatile long timeoutMillis;

  private Listeners<Consumer<TcpSocket>> onSocket = Listeners.none();
  private Listeners<Consumer<ClientResponse>> onResponse = Listeners.none();
  private Listeners<Consumer<Information>> onInformation = Listeners.none();
  private Listeners<Runnable> onContinue = Listeners.none();
  private Listeners<ClientUpgradeListener> onUpgrade = Listeners.none();
  private Listeners<ClientUpgradeListener> onConnect = Listeners.none();
  private Listeners<Runnable> onTimeout = Listeners.none();
  private Listeners<Runnable> onAbort = Listeners.none();

  private ClientRequest(Reactor reactor, RequestOptions options) {
    // The queue is bounded once there is somebody to ask.
    super(reactor, new Backlog(options.tcp().limits().highWaterMark(), () -> {}));
    this.options = options;
    this.madeOutside = !reactor.inLoop();
    this.timeoutMillis = options.timeout().toMillis();
    if (options.createConnection() != null) {
      agent = new Agent();
    } else {
      agent = options.agent() == null ? Agent.global() : options.agent();
    }
    strictLength(true);
    setOptionsHeaders();
  }

  /** Makes a request, and looks for a connection; nothing is sent before it is written to. */
  static ClientRequest start(
      RequestOptions options, @Nullable Consumer<ClientResponse> onResponse) {
    ClientRequest request = new ClientRequest(Reactor.current(), options);
    request.wire = new Backlog(request.highWaterMark(), request::checkBacklog);
    if (onResponse != null) {
      request.onResponse = request.onResponse.withOnce(onResponse);
    }
    request.reactor.run(request::begin);
    return request;
  }

  private void begin() {
    agent.pool(reactor).add(this);
    AbortSignal signal = options.signal();
    if (signal != null) {
      signal.onAbort(onAbortSignal);
    }
    if (headers.has("expect")) {
      // The server is asked before the body is there: it waits for nothing else.
      reactor.nextTick(() -> {
        if (!destroyed()) {
          flushHeaders();
        }
      });
    }
  }

  private void setOptionsHeaders() {
    List<String> lines = options.headers();
    boolean hasHost = false;
    for (int i = 0; i < lines.size(); i += 2) {
      hasHost |= lines.get(i).equalsIgnoreCase("host");
    }
    if (!hasHost && options.setHost()) {
      headers.add("Host", HttpUrl.hostAndPort(options.protocol(), options.host(), options.port()));
    }
    for (int i = 0; i < lines.size(); i += 2) {
      headers.add(lines.get(i), lines.get(i + 1));
    }
    String auth = options.auth();
    if (auth != null && !headers.has("authorization")) {
      byte[] bytes = auth.getBytes(StandardCharsets.UTF_8);
      headers.add("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }
  }

  // The head

  @Override
  void putHead(HeadWriter head, long bodyLength) {
    new RequestHead(this).put(head, bodyLength);
  }

  @Override
  void putFields(OutgoingFields fields, HeadWriter to, long bodyLength) {
    fields.request(this, to, bodyLength);
  }

  @Override
  void headRefused() {
    declaredLength = -1;
    chunked = false;
    last = false;
    hasBody = true;
  }

  /** Whether the agent would take the connection back. */
  boolean agentKeeps() {
    AgentOptions keeper = agent.options();
    return keeper.keepAlive() || keeper.maxSockets() != AgentOptions.UNLIMITED;
  }

  /** Whether another request may follow, as far as this one is concerned. */
  boolean keepsAlive() {
    return !last && agentKeeps();
  }

  @Override
  void removed(String lowerName) {
    switch (lowerName) {
      case "connection" -> noConnection = true;
      case "content-length" -> noLength = true;
      case "transfer-encoding" -> noEncoding = true;
      default -> {
        // Only these are added when it is sent.
      }
    }
  }

  // What the connection says

  /** A new connection to where it goes. */
  TcpSocket newSocket() {
    String path = options.socketPath();
    ConnectOptions to =
        path != null ? ConnectOptions.path(path) : ConnectOptions.port(options.port());
    to =
        to.withHost(options.host()).withFamily(options.family()).withLocalPort(options.localPort());
    if (options.localAddress() != null) {
      to = to.withLocalAddress(options.localAddress());
    }
    if (options.lookup() != null) {
      to = to.withLookup(options.lookup());
    }
    to = to.withSocket(options.tcp());
    if (options.createConnection() != null) {
      return options.createConnection().apply(to);
    }
    return options.isSecure() ? Tls.connect(to, options.tlsToConnect()) : Net.createConnection(to);
  }

  /** It has a connection: what was written so far goes there. */
  void assigned(ClientExchange to, boolean reused) {
    exchange = to;
    reusedSocket = reused;
    socket = to.socket();
    if (timeoutMillis > 0) {
      to.setTimeout(timeoutMillis);
    }
    if (wire instanceof Backlog backlog) {
      wire = to.wire();
      backlog.moveTo(wire, this);
      wire.written();
    }
    reactor.nextTick(() -> {
      if (!destroyed()) {
        socketTold = true;
        onSocket.forEach(listener -> guard(() -> listener.accept(to.socket())));
        if (!wire.isFull()) {
          drained();
        }
      }
    });
  }

  /** No connection could be made for it. */
  void refused(RuntimeException why) {
    NetException failure =
        why instanceof NetException known
            ? known
            : new NetException("ERR_INTERNAL", "No connection could be made: " + why, why);
    over(new CloseCause(By.US, "http", failure.code(), 0, failure));
  }

  /** An answer before the answer. */
  void informed(Information information) {
    if (information.statusCode() == 100) {
      onContinue.forEach(this::guard);
    }
    onInformation.forEach(listener -> guard(() -> listener.accept(information)));
  }

  /** The response's head has come. */
  void answered(ClientResponse answer) {
    response = answer;
    if (tellResponse(answer)) {
      return;
    }
    if (madeOutside) {
      reactor.schedule(() -> throwAway(answer), GRACE_NANOS);
    } else {
      answer.resume();
    }
  }

  private boolean tellResponse(ClientResponse answer) {
    Listeners<Consumer<ClientResponse>> told = onResponse;
    onResponse = onResponse.afterOnce();
    told.forEach(listener -> guard(() -> listener.accept(answer)));
    responseTold |= !told.isEmpty();
    return !told.isEmpty();
  }

  private void throwAway(ClientResponse answer) {
    if (!responseTold) {
      answer.resume();
    }
  }

  boolean wantsUpgrade() {
    return !upgradeListeners().isEmpty();
  }

  private Listeners<ClientUpgradeListener> upgradeListeners() {
    return options.method().equals("CONNECT") ? onConnect : onUpgrade;
  }

  /** The connection has left HTTP. */
  void upgraded(ClientResponse answer, TcpSocket to, Buffer head) {
    response = answer;
    upgradeListeners().forEach(listener -> guard(() -> listener.upgrade(answer, to, head)));
  }

  void timedOut() {
    onTimeout.forEach(this::guard);
  }

  static NetException socketHangUp() {
    return new NetException("ECONNRESET", "socket hang up");
  }

  private void checkBacklog() {
    long limit = options.tcp().limits().hardLimitBytes();
    if (wire instanceof Backlog && wire.queuedBytes() > limit) {
      cut(
          new NetException(
              "ERR_OUTBOX_LIMIT",
              "%d bytes wait for a connection, more than the limit of %d."
                  .formatted(wire.queuedBytes(), limit)));
    }
  }

  // Its life

  /** It is over, and a response cut off: that is told behind an error and before 'close'. */
  void overWith(ClientResponse cut, CloseCause why) {
    if (why.error() == null || destroyed()) {
      cut.abort();
    } else {
      cutResponse = cut;
    }
    over(why);
  }

  @Override
  void wasOver() {
    AbortSignal signal = options.signal();
    if (signal != null) {
      signal.off(onAbortSignal);
    }
  }

  @Override
  void tellError(NetException failure) {
    boolean known = failure.code().equals("LISTENER_FAILED"); // The uncaught handler has had it.
    if (!known && hasErrorListeners()) {
      super.tellError(failure);
    } else if (!known && madeOutside) {
      reactor.schedule(() -> tellNobody(failure), GRACE_NANOS);
    } else if (!known) {
      tellNobody(failure);
    }
    if (cutResponse != null) {
      cutResponse.abort();
    }
  }

  private void tellNobody(NetException failure) {
    if (!hasErrorListeners()) { // One that has come meanwhile was told when it came.
      reactor.uncaught(failure);
    }
  }

  /** Behind a head that says that there is none it would be taken for another request. */
  @Override
  boolean refusesBody() {
    return headersSent() && !hasBody;
  }

  @Override
  boolean isWatched() {
    return false;
  }

  @Override
  void wasEnded() {
    if (exchange != null) {
      exchange.requestWritten();
    }
  }

  @Override
  void wasFinished() {}

  /** The connection says why it ended, and that is the error. */
  @Override
  void couldNotBeSent(NetException failure) {}

  @Override
  void listenerFailed(Throwable failure) {
    if (exchange != null) {
      exchange.listenerFailed(this, failure);
    } else {
      reactor.uncaught(failure);
      cut(new NetException("LISTENER_FAILED", "A listener threw " + failure, failure));
    }
  }

  @Override
  void cut(@Nullable NetException failure) {
    if (destroyed()) {
      return;
    }
    ClientExchange from = exchange;
    if (from == null) {
      agent.pool(reactor).forget(this);
    }
    if (from == null || !socketTold) {
      NetException told = failure == null && !aborted ? socketHangUp() : failure;
      over(new CloseCause(By.US, "app", told == null ? "ABORTED" : told.code(), 0, told));
    }
    if (from != null) {
      from.cut(this, failure);
    }
  }

  private void signalled() {
    destroy(new NetException("ABORT_ERR", "The operation was aborted"));
  }

  @Override
  int highWaterMark() {
    return options.tcp().limits().highWaterMark();
  }

  /**
   * Gives the request up; 'abort' tells it. The old name of {@link #destroy()}.
   *
   * @see <a href="https://nodejs.org/api/http.html#requestabort">Node: request.abort</a>
   */
  @Deprecated
  public ClientRequest abort() {
    reactor.run(() -> {
      if (!aborted) {
        aborted = true;
        reactor.nextTick(() -> onAbort.forEach(this::guard));
        cut(null);
      }
    });
    return this;
  }

  /**
   * Gives the request up, and ends its connection: before the response the error is {@code
   * ECONNRESET}, "socket hang up"; after its begin the response tells 'aborted'.
   */
  @Override
  public ClientRequest destroy() {
    super.destroy();
    return this;
  }

  /** As {@link #destroy()}, with an error of the program's own. */
  @Override
  public ClientRequest destroy(NetException failure) {
    super.destroy(failure);
    return this;
  }

  /** Tells 'timeout' after this long without activity on the connection; 0 turns it off. */
  public ClientRequest setTimeout(long millis) {
    if (millis < 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"msecs\" is out of range. It must be a non-negative finite number."
              + " Received "
              + millis);
    }
    reactor.run(() -> {
      timeoutMillis = millis;
      if (exchange != null && !destroyed()) {
        exchange.setTimeout(millis);
      }
    });
    return this;
  }

  /** As {@link #setTimeout(long)}, with a 'timeout' listener. */
  public ClientRequest setTimeout(long millis, Runnable listener) {
    onTimeout(listener);
    return setTimeout(millis);
  }

  /** As {@link #setTimeout(long)}. */
  public ClientRequest setTimeout(Duration time) {
    return setTimeout(time.toMillis());
  }

  /** Has small pieces sent at once, or not, on its connection; as by default, see the options. */
  public ClientRequest setNoDelay(boolean on) {
    return whileItHasOne(to -> to.setNoDelay(on));
  }

  /** Has the system probe a silent server on its connection. */
  public ClientRequest setSocketKeepAlive(boolean on, Duration initialDelay) {
    return whileItHasOne(to -> to.setKeepAlive(on, initialDelay));
  }

  /** Not when it is over: then the connection may be another request's. */
  private ClientRequest whileItHasOne(Consumer<TcpSocket> change) {
    return onSocket(to -> {
      if (!destroyed()) {
        change.accept(to);
      }
    });
  }

  // Listeners

  /** It has a connection, which may still be connecting. */
  public ClientRequest onSocket(Consumer<TcpSocket> listener) {
    add(
        () -> onSocket = onSocket.with(listener),
        () -> socketTold,
        () -> listener.accept(Objects.requireNonNull(socket)));
    return this;
  }

  /**
   * The response's headers have come. Who listens must read the response, or {@code resume()} it.
   */
  public ClientRequest onResponse(Consumer<ClientResponse> listener) {
    reactor.run(() -> {
      ClientResponse come = response;
      if (come != null && !responseTold && madeOutside && !come.readableFlowing()) {
        responseTold = true;
        guard(() -> listener.accept(come));
      } else {
        onResponse = onResponse.with(listener);
      }
    });
    return this;
  }

  /** An answer before the answer: 100, 102, 103 or another from 100 to 199, but for 101. */
  public ClientRequest onInformation(Consumer<Information> listener) {
    reactor.run(() -> onInformation = onInformation.with(listener));
    return this;
  }

  /** The server wants the body: {@code 100 Continue}. */
  public ClientRequest onContinue(Runnable listener) {
    reactor.run(() -> onContinue = onContinue.with(listener));
    return this;
  }

  /** {@code 101 Switching Protocols}: without a listener the connection is closed in silence. */
  public ClientRequest onUpgrade(ClientUpgradeListener listener) {
    reactor.run(() -> onUpgrade = onUpgrade.with(listener));
    return this;
  }

  /**
   * The answer to {@code CONNECT}, whatever its status; without a listener the connection is closed
   * in silence.
   */
  public ClientRequest onConnect(ClientUpgradeListener listener) {
    reactor.run(() -> onConnect = onConnect.with(listener));
    return this;
  }

  /** Nothing has come or gone for a while; the request goes on unless it is destroyed. */
  public ClientRequest onTimeout(Runnable listener) {
    reactor.run(() -> onTimeout = onTimeout.with(listener));
    return this;
  }

  /** {@link #abort} was called. */
  @Deprecated
  public ClientRequest onAbort(Runnable listener) {
    reactor.run(() -> onAbort = onAbort.with(listener));
    return this;
  }

  @Override
  public ClientRequest off(Object listener) {
    super.off(listener);
    reactor.run(() -> {
      onSocket = onSocket.without(listener);
      onResponse = onResponse.without(listener);
      onInformation = onInformation.without(listener);
      onContinue = onContinue.without(listener);
      onUpgrade = onUpgrade.without(listener);
      onConnect = onConnect.without(listener);
      onTimeout = onTimeout.without(listener);
      onAbort = onAbort.without(listener);
    });
    return this;
  }

  // What can be asked

  /** Whether request and response become a tunnel once the server agrees. */
  boolean isTunnel() {
    return options.method().equals("CONNECT");
  }

  long timeoutMillis() {
    return timeoutMillis;
  }

  /** What the host is called in the request. */
  String authority() {
    return HttpUrl.hostAndPort(options.protocol(), options.host(), options.port());
  }

  String scheme() {
    return options.protocol().substring(0, options.protocol().length() - 1);
  }

  RequestOptions options() {
    return options;
  }

  /** The method, in capital letters. */
  public String method() {
    return options.method();
  }

  /** The path with its query. */
  public String path() {
    return options.path();
  }

  /** The host it goes to. */
  public String host() {
    return options.host();
  }

  /** {@code http:} or {@code https:}. */
  public String protocol() {
    return options.protocol();
  }

  /** Who keeps its connection. */
  public Agent agent() {
    return agent;
  }

  /** The connection, or null while it waits for one. */
  public @Nullable TcpSocket socket() {
    return socket;
  }

  /** The response, or null before its headers have come. */
  public @Nullable ClientResponse response() {
    return response;
  }

  /**
   * Whether its connection has served another request before. An {@code ECONNRESET} may then only
   * mean that the server has closed the connection just before: the program may try again.
   */
  public boolean reusedSocket() {
    return reusedSocket;
  }

  /** Whether {@link #abort} was called. */
  @Deprecated
  public boolean aborted() {
    return aborted;
  }

  @Override
  public String toString() {
    return method() + " " + HttpUrl.hostAndPort(protocol(), host(), options.port()) + path();
  }
}
