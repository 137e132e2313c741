package io.netloop.http;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.engine.ServerAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.Admission;
import io.netloop.net.DrainReport;
import io.netloop.net.Drop;
import io.netloop.net.HostPort;
import io.netloop.net.ListenOptions;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import io.netloop.tls.CertificateSource;
import io.netloop.tls.TlsOptions;
import io.netloop.tls.TlsServer;
import io.netloop.tls.TlsStats;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server. <i>Loop-confined:</i> its listeners run on the loop that it was made on; its
 * methods may be called from any thread and take effect in the order of the calls.
 *
 * @see <a href="https://nodejs.org/api/http.html#class-httpserver">Node: http.Server</a>
 */
public final class HttpServer {
  private static final ServerAccess<TcpServer> SERVERS = ServerAccess.of(TcpServer.class);

  /** How often the connections are looked through at the least, and at the most. */
  private static final long SELDOM_NANOS = 1_000_000_000;

  private static final long OFTEN_NANOS = 10_000_000;

  private final Reactor reactor = Reactor.current();
  private final Loop loop = Loop.current();
  private final HttpServerOptions options;
  private final TcpServer tcp;

  /** What encrypts the connections of an HTTPS server, or null. */
  private final @Nullable TlsServer tls;

  private final List<Runnable> onNewSources = new CopyOnWriteArrayList<>();

  private final DateLine dateLine = new DateLine(reactor);
  private final HeaderLines headerLines = new HeaderLines();
  private final RepeatedHeads repeatedHeads = new RepeatedHeads();
  private final Map<TcpSocket, Served> connections = new HashMap<>();
  private final ServedList served = new ServedList();

  private final Duration keptFor;
  private final long checkNanos;
  private @Nullable Future<?> check;
  private volatile boolean closing;

  // What is counted. Written by the loop alone; who reads from elsewhere may be a moment late.
  private long accepted;
  private long requests;
  private long bytesRead;
  private long bytesWritten;
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

  private Listeners<RequestListener> onRequest = Listeners.none();
  private Listeners<RequestListener> onCheckContinue = Listeners.none();
  private Listeners<RequestListener> onCheckExpectation = Listeners.none();
  private Listeners<UpgradeListener> onUpgrade = Listeners.none();
  private Listeners<UpgradeListener> onConnect = Listeners.none();

  /** Who opens tunnels over HTTP/2, by what is spoken through them; an empty text for CONNECT. */
  private final Map<String, RequestListener> tunnels = new HashMap<>(0);

  private Listeners<BiConsumer<ClientError, TcpSocket>> onClientError = Listeners.none();
  private Listeners<BiConsumer<HttpRequest, TcpSocket>> onDropRequest = Listeners.none();
  private Listeners<Consumer<TcpSocket>> onTimeout = Listeners.none();
  private Listeners<Consumer<AccessEntry>> onAccess = Listeners.none();
  private Listeners<Consumer<Duration>> onDrain = Listeners.none();
  private @Nullable Predicate<HttpRequest> shouldUpgrade;

  /** A server that does not listen yet. */
  public HttpServer(HttpServerOptions options) {
    this(options, null);
  }

  /** With options for TLS it is a server of HTTPS. */
  HttpServer(HttpServerOptions options, @Nullable TlsOptions secure) {
    this.options = options;
    this.keptFor =
        options.keepAliveTimeout().isPositive()
            ? options.keepAliveTimeout().plus(options.keepAliveTimeoutBuffer())
            : Duration.ZERO;
    this.checkNanos = checkNanos(keptFor, options.headersTimeout(), options.requestTimeout());
    TcpOptions connections = options.tcp().withAllowHalfOpen(true).withNoDelay(true);
    if (secure == null) {
      this.tls = null;
      this.tcp = new TcpServer(connections);
      tcp.onConnection(this::accept);
    } else {
      this.tls = new TlsServer(withProtocols(secure), connections, true);
      this.tcp = tls.tcp();
      tcp.onSecureConnection(this::accept);
      tcp.onTlsClientError((error, socket) -> countError(error.code()));
    }
  }

  /** HTTP/2 is offered first; a server whose options name protocols of their own offers those. */
  private TlsOptions withProtocols(TlsOptions secure) {
    if (!secure.alpnProtocols().isEmpty()) {
      return secure;
    }
    return options.http2().enabled()
        ? secure.withAlpnProtocols("h2", "http/1.1")
        : secure.withAlpnProtocols("http/1.1");
  }

  /** So often that no limit is passed by much. */
  private static long checkNanos(Duration... limits) {
    long least = SELDOM_NANOS;
    for (Duration limit : limits) {
      if (limit.isPositive() && limit.compareTo(Duration.ofSeconds(4)) < 0) {
        least = Math.min(least, limit.toNanos() / 4);
      }
    }
    return Math.max(OFTEN_NANOS, least);
  }

  // Connections

  private void accept(TcpSocket socket) {
    accepted++;
    Served connection;
    if ("h2".equals(socket.alpnProtocol())) {
      Http2ServerConnection young = new Http2ServerConnection(this, socket, options);
      young.start();
      connection = young;
    } else {
      ServerConnection old = new ServerConnection(this, socket, options);
      old.start();
      connection = old;
    }
    connections.put(socket, connection);
    served.add(connection);
    if (check == null) {
      checkLater();
    }
    if (closing) { // Its handshake was under way.
      connection.closeIfIdle();
    }
  }

  /** A connection has begun with HTTP/2: its bytes are another's from the first one on. */
  void speaksHttp2(TcpSocket socket, Served before, byte[] bytes, int from, int to) {
    served.remove(before);
    Http2ServerConnection connection = new Http2ServerConnection(this, socket, options);
    connections.put(socket, connection);
    served.add(connection);
    connection.start();
    connection.intake.read(bytes, from, to);
  }

  /** A connection was silent for the option's time. */
  void timedOut(TcpSocket socket) {
    if (onTimeout.isEmpty()) {
      socket.destroy();
    } else {
      onTimeout.forEach(listener -> reactor.call(() -> listener.accept(socket)));
    }
  }

  private void checkLater() {
    check = reactor.schedule(this::checkAll, checkNanos);
  }

  private void checkAll() {
    long now = reactor.now();
    served.forEach(connection -> connection.check(now));
    checkLater();
  }

  /** A connection has closed, or is no more ours. */
  void forget(TcpSocket socket) {
    Served connection = connections.remove(socket);
    if (connection != null) {
      served.remove(connection);
      bytesRead += socket.bytesRead();
      bytesWritten += socket.bytesWritten();
    }
    if (connections.isEmpty() && check != null) {
      check.cancel(false);
      check = null;
    }
  }

  // What connections tell

  void request(HttpRequest request, HttpResponse response) {
    if (onRequest.isEmpty()) {
      response.statusCode(404).end();
    } else {
      tell(onRequest, request, response);
    }
  }

  void checkContinue(HttpRequest request, HttpResponse response) {
    if (onCheckContinue.isEmpty()) {
      response.writeContinue();
      request(request, response);
    } else {
      tell(onCheckContinue, request, response);
    }
  }

  void checkExpectation(HttpRequest request, HttpResponse response) {
    if (onCheckExpectation.isEmpty()) {
      response.statusCode(417).end();
    } else {
      tell(onCheckExpectation, request, response);
    }
  }

  private static void tell(
      Listeners<RequestListener> listeners, HttpRequest request, HttpResponse response) {
    try {
      for (int i = 0; i < listeners.size(); i++) {
        listeners.get(i).request(request, response);
      }
    } catch (Throwable failure) {
      response.listenerFailed(failure);
    }
  }

  /** Whether a request to upgrade is one: without a listener it is a request as any. */
  boolean upgrades(HttpRequest request) {
    return !onUpgrade.isEmpty() && (shouldUpgrade == null || shouldUpgrade.test(request));
  }

  /** Whether there is another protocol that HTTP/2 can be a tunnel for. */
  boolean tunnels() {
    return tunnels.size() > (tunnels.containsKey("") ? 1 : 0);
  }

  /** Whether somebody opens tunnels for this protocol, null for any. */
  boolean tunnels(@Nullable String protocol) {
    return tunnels.containsKey(protocol == null ? "" : protocol);
  }

  void tunnel(HttpRequest request, HttpResponse response) {
    String protocol = request.protocol();
    RequestListener listener = tunnels.get(protocol == null ? "" : protocol);
    if (listener != null) {
      try {
        listener.request(request, response);
      } catch (Throwable failure) {
        response.listenerFailed(failure);
      }
    }
  }

  void handOver(HttpRequest request, TcpSocket socket, Buffer head) {
    Listeners<UpgradeListener> listeners =
        request.method().equals("CONNECT") ? onConnect : onUpgrade;
    if (listeners.isEmpty()) {
      socket.destroy();
      return;
    }
    listeners.forEach(listener -> {
      try {
        listener.upgrade(request, socket, head);
      } catch (Throwable failure) {
        countError("LISTENER_FAILED");
        reactor.uncaught(failure);
        socket.destroy();
      }
    });
  }

  /** Returns whether somebody was told, who then answers. */
  boolean clientError(ClientError error, TcpSocket socket) {
    onClientError.forEach(listener -> reactor.call(() -> listener.accept(error, socket)));
    return !onClientError.isEmpty();
  }

  void dropRequest(HttpRequest request, TcpSocket socket) {
    onDropRequest.forEach(listener -> reactor.call(() -> listener.accept(request, socket)));
  }

  void countRequest() {
    requests++;
  }

  void countError(String code) {
    errors.computeIfAbsent(code, unknown -> new LongAdder()).increment();
  }

  /** A response is complete, or never will be. */
  void log(HttpResponse response, @Nullable CloseCause cut) {
    if (onAccess.isEmpty()) {
      return;
    }
    HttpRequest request = response.request();
    HostPort remote = request.socket().remote();
    AccessEntry entry =
        new AccessEntry(
            remote == null ? null : remote.host(),
            request.method(),
            request.url(),
            request.httpVersion(),
            response.statusCode(),
            response.bodyBytes(),
            Duration.ofNanos(reactor.now() - response.beganNanos),
            cut);
    onAccess.forEach(listener -> reactor.call(() -> listener.accept(entry)));
  }

  Reactor reactor() {
    return reactor;
  }

  Loop loop() {
    return loop;
  }

  HeaderLines headerLines() {
    return headerLines;
  }

  RepeatedHeads repeatedHeads() {
    return repeatedHeads;
  }

  DateLine dateLine() {
    return dateLine;
  }

  Duration keptFor() {
    return keptFor;
  }

  boolean isClosing() {
    return closing;
  }

  // Listening

  /** Listens on this port of all addresses, both families; 0 has the system choose one. */
  public HttpServer listen(int port) {
    return listen(ListenOptions.port(port));
  }

  /** Listens on this port of all addresses, both families; the listener is told once. */
  public HttpServer listen(int port, Runnable listener) {
    return listen(ListenOptions.port(port), listener);
  }

  /** Listens on this port of one address; a name is resolved first. */
  public HttpServer listen(int port, String host) {
    return listen(ListenOptions.port(port).withHost(host));
  }

  /** Listens on this port of one address; the listener is told once. */
  public HttpServer listen(int port, String host, Runnable listener) {
    return listen(ListenOptions.port(port).withHost(host), listener);
  }

  /** Listens on a port, where the text is a number, else on a Unix domain socket of this path. */
  public HttpServer listen(String pathOrPort, Runnable listener) {
    closing = false;
    tcp.listen(pathOrPort, listener);
    return this;
  }

  /** Listens; see {@link TcpServer#listen(ListenOptions, Runnable)}. */
  public HttpServer listen(ListenOptions where) {
    return listen(where, () -> {});
  }

  /**
   * Listens; the listener is told once.
   *
   * @throws NetException {@code ERR_SERVER_ALREADY_LISTEN} while the server listens
   */
  public HttpServer listen(ListenOptions where, Runnable listener) {
    closing = false;
    tcp.listen(where, listener);
    return this;
  }

  /** Whether it listens: true from 'listening' on. */
  public boolean listening() {
    return tcp.listening();
  }

  /** Where it listens; null before 'listening' and after {@link #close()}. */
  public @Nullable HostPort address() {
    return tcp.address();
  }

  /** The server of connections beneath: all that {@code net} offers holds for it. */
  public TcpServer tcp() {
    return tcp;
  }

  // Closing

  /**
   * Accepts no more and ends the idle connections. Requests under way are answered, with {@code
   * Connection: close}; 'close' follows when the last connection has closed.
   */
  public HttpServer close() {
    return close(nothing -> {});
  }

  /** As {@link #close()}; the listener is told once at 'close'; see {@link TcpServer#close}. */
  public HttpServer close(Consumer<@Nullable NetException> listener) {
    closing = true;
    tcp.close(listener);
    return closeIdleConnections();
  }

  /** Ends the connections that are between two requests, or have sent none yet. */
  public HttpServer closeIdleConnections() {
    reactor.run(() -> {
      served.forEach(Served::closeIfIdle);
      SERVERS.endHandshakes(tcp);
    });
    return this;
  }

  /** Destroys all connections, except those that were upgraded. */
  public HttpServer closeAllConnections() {
    reactor.run(() -> List.copyOf(connections.keySet()).forEach(TcpSocket::destroy));
    return this;
  }

  /**
   * Closes politely within a time: accepts no more, says {@code Connection: close} with every
   * answer from now on, ends idle connections, spread over the first half of the time and each only
   * after a look whether a request has come, and destroys what is still there when the time is up.
   * Upgraded connections are left to 'drain' listeners, and where there are none ended as {@link
   * TcpServer#drain(Duration)} does.
   *
   * @return completed on the server's loop when all are gone; it never fails
   */
  public CompletableFuture<DrainReport> drain(Duration within) {
    closing = true;
    reactor.run(() -> onDrain.forEach(listener -> reactor.call(() -> listener.accept(within))));
    return tcp.drain(within, this::retire);
  }

  private void retire(TcpSocket socket) {
    Served connection = connections.get(socket);
    if (connection == null) {
      if (onDrain.isEmpty()) {
        socket.end();
      }
    } else {
      // Once more through the kernel's events: a request that has come by now is answered.
      reactor.immediate(() -> reactor.execute(connection::retire));
    }
  }

  // Listeners

  /** A request has come: its headers, and its body as a stream. */
  public HttpServer onRequest(RequestListener listener) {
    reactor.run(() -> onRequest = onRequest.with(listener));
    return this;
  }

  /**
   * A request with {@code Expect: 100-continue}, in place of 'request'. The listener calls {@link
   * HttpResponse#writeContinue} or answers. Without a listener the client is told to go on.
   */
  public HttpServer onCheckContinue(RequestListener listener) {
    reactor.run(() -> onCheckContinue = onCheckContinue.with(listener));
    return this;
  }

  /** A request that expects something else, which 417 answers where nobody listens. */
  public HttpServer onCheckExpectation(RequestListener listener) {
    reactor.run(() -> onCheckExpectation = onCheckExpectation.with(listener));
    return this;
  }

  /** A client asks for another protocol. Without a listener it is a request like others. */
  public HttpServer onUpgrade(UpgradeListener listener) {
    reactor.run(() -> onUpgrade = onUpgrade.with(listener));
    return this;
  }

  /**
   * A client asks for a tunnel with {@code CONNECT} over HTTP/2, where there is no socket to hand
   * over: answer with 200 and {@link HttpResponse#flushHeaders}, then the request is what comes
   * through the tunnel and the response what goes. There is one such listener; without one the
   * answer is 405.
   */
  public HttpServer onTunnel(RequestListener listener) {
    reactor.run(() -> tunnels.put("", listener));
    return this;
  }

  /**
   * As {@link #onTunnel(RequestListener)}, for one protocol that clients want to speak through the
   * tunnel: {@code websocket} for example (RFC 8441). Clients are told that this can be asked for
   * when they connect. Without a listener the answer is 501.
   */
  public HttpServer onTunnel(String protocol, RequestListener listener) {
    reactor.run(() -> tunnels.put(protocol, listener));
    return this;
  }

  /** Which requests to upgrade are handed to 'upgrade' listeners; the others are requests. */
  public HttpServer shouldUpgrade(Predicate<HttpRequest> test) {
    reactor.run(() -> shouldUpgrade = test);
    return this;
  }

  /** A client asks for a tunnel with {@code CONNECT}. Without a listener the connection closes. */
  public HttpServer onConnect(UpgradeListener listener) {
    reactor.run(() -> onConnect = onConnect.with(listener));
    return this;
  }

  /**
   * What a client sent was no HTTP, too much, or too slow; or its connection failed. The listener
   * has to end the socket itself; where there is none, the client is answered and the connection
   * ends.
   */
  public HttpServer onClientError(BiConsumer<ClientError, TcpSocket> listener) {
    reactor.run(() -> onClientError = onClientError.with(listener));
    return this;
  }

  /** A request more than a connection may bring; 503 answers it. */
  public HttpServer onDropRequest(BiConsumer<HttpRequest, TcpSocket> listener) {
    reactor.run(() -> onDropRequest = onDropRequest.with(listener));
    return this;
  }

  /** A connection was silent for the option's time; without a listener it is destroyed. */
  public HttpServer onTimeout(Consumer<TcpSocket> listener) {
    reactor.run(() -> onTimeout = onTimeout.with(listener));
    return this;
  }

  /** {@link #drain} was called, with this time: what was upgraded is the listener's to end. */
  public HttpServer onDrain(Consumer<Duration> listener) {
    reactor.run(() -> onDrain = onDrain.with(listener));
    return this;
  }

  /** A request was answered, or its connection lost: for an access log. */
  public HttpServer onAccess(Consumer<AccessEntry> listener) {
    reactor.run(() -> onAccess = onAccess.with(listener));
    return this;
  }

  /** A connection was accepted; nothing has been read from it, no handshake made. */
  public HttpServer onConnection(Consumer<TcpSocket> listener) {
    tcp.onConnection(listener);
    return this;
  }

  /** HTTPS: a connection's handshake is done. */
  public HttpServer onSecureConnection(Consumer<TcpSocket> listener) {
    tcp.onSecureConnection(listener);
    return this;
  }

  /** HTTPS: a connection's handshake has failed, and the connection is closed. */
  public HttpServer onTlsClientError(BiConsumer<NetException, TcpSocket> listener) {
    tcp.onTlsClientError(listener);
    return this;
  }

  /** It listens; {@link #address} is known. */
  public HttpServer onListening(Runnable listener) {
    tcp.onListening(listener);
    return this;
  }

  /** Listening or accepting failed. No 'close' follows; the server may listen again. */
  public HttpServer onError(Consumer<NetException> listener) {
    tcp.onError(listener);
    return this;
  }

  /** A connection was refused because of {@link #maxConnections} or {@link #admission}. */
  public HttpServer onDrop(Consumer<Drop> listener) {
    tcp.onDrop(listener);
    return this;
  }

  /** After {@link #close()}: it no longer listens, and its last connection has closed. */
  public HttpServer onClose(Runnable listener) {
    tcp.onClose(listener);
    return this;
  }

  /**
   * Takes out a listener that was added to any event, the same object; unknown ones are no error.
   */
  public HttpServer off(Object listener) {
    tcp.off(listener);
    reactor.run(() -> {
      onRequest = onRequest.without(listener);
      onCheckContinue = onCheckContinue.without(listener);
      onCheckExpectation = onCheckExpectation.without(listener);
      tunnels.values().remove(listener);
      onUpgrade = onUpgrade.without(listener);
      onConnect = onConnect.without(listener);
      onClientError = onClientError.without(listener);
      onDropRequest = onDropRequest.without(listener);
      onTimeout = onTimeout.without(listener);
      onAccess = onAccess.without(listener);
      onDrain = onDrain.without(listener);
    });
    return this;
  }

  // What can be asked and set

  /** Tells how many connections are open, later and on the server's loop. */
  public HttpServer getConnections(IntConsumer listener) {
    tcp.getConnections(listener);
    return this;
  }

  /** Limits the connections; see {@link TcpServer#maxConnections(int)}. */
  public HttpServer maxConnections(int most) {
    tcp.maxConnections(most);
    return this;
  }

  /** Has new connections counted and, over a limit, refused; see {@link Admission}. */
  public HttpServer admission(Admission admission) {
    tcp.admission(admission);
    return this;
  }

  /** Whether it is a server of HTTPS. */
  public boolean encrypted() {
    return tls != null;
  }

  /**
   * HTTPS: has these options hold for new connections; those that are open go on with the old ones,
   * and so do the old sources of certificates: see {@link TlsServer#setSecureContext}.
   *
   * @throws NetException where TLS can't be set up with them, and the old ones stay; {@code
   *     ERR_INVALID_STATE} without TLS
   */
  public HttpServer setSecureContext(TlsOptions secure) {
    tls().setSecureContext(withProtocols(secure));
    onNewSources.forEach(Runnable::run);
    return this;
  }

  /** HTTPS: other certificates for clients that ask for this name; see {@link TlsServer}. */
  public HttpServer addContext(String servername, TlsOptions secure) {
    tls().addContext(servername, secure);
    onNewSources.forEach(Runnable::run);
    return this;
  }

  /** Where its certificates come from. Any thread. */
  List<CertificateSource> certificateSources() {
    return tls().sources();
  }

  /** Tells when its certificates come from elsewhere, on the thread that has them do so. */
  void onNewSources(Runnable listener) {
    onNewSources.add(listener);
  }

  /** HTTPS: its handshakes so far. Any thread. */
  public TlsStats tlsStats() {
    return tls().stats();
  }

  private TlsServer tls() {
    TlsServer known = tls;
    if (known == null) {
      throw new NetException(
          "ERR_INVALID_STATE", "This server speaks plain HTTP: Https.createServer makes others.");
    }
    return known;
  }

  /** The limits that it was made with. */
  public HttpServerOptions options() {
    return options;
  }

  /** What it has done so far. Any thread. */
  public HttpStats stats() {
    Map<String, Long> byCode = new TreeMap<>();
    errors.forEach((code, count) -> byCode.put(code, count.sum()));
    return new HttpStats(
        tcp.connections(), accepted, requests, bytesRead, bytesWritten, Map.copyOf(byCode));
  }

  /** Counts the server again among what keeps the program alive. */
  public HttpServer ref() {
    tcp.ref();
    return this;
  }

  /** Lets the program end although the server listens. */
  public HttpServer unref() {
    tcp.unref();
    return this;
  }

  @Override
  public String toString() {
    return "HttpServer " + (address() == null ? "not listening" : address());
  }
}
