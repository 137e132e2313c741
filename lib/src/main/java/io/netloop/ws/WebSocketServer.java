package io.netloop.ws;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.http.HttpServer;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netloop.net.DrainReport;
import io.netloop.net.TcpSocket;
import io.netloop.ws.ServerHandshake.Refused;
import io.netloop.ws.WebSocketServerOptions.LateVerifier;
import io.netloop.ws.WebSocketServerOptions.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSockets on an HTTP server, or where a program hands requests to it.
 * <i>Loop-confined:</i> its listeners run on the loop that it was made on; its methods may be
 * called from any thread.
 *
 * @see <a href="https://github.com/websockets/ws/blob/master/doc/ws.md#class-websocketserver">ws:
 *     WebSocketServer</a>
 */
public final class WebSocketServer {
  private static final long SELDOM_NANOS = 1_000_000_000;
  private static final long OFTEN_NANOS = 10_000_000;
  private static final Duration VERDICT_LIMIT = Duration.ofSeconds(30);

  private final Reactor reactor = Reactor.current();
  private final Loop loop = Loop.current();
  private final WebSocketServerOptions options;
  private final Topics topics;
  private final @Nullable Set<String> origins;
  private final Set<WebSocketConnection> clients = new LinkedHashSet<>();
  private final Deflate.Shared compressors = new Deflate.Shared();
  private final long checkNanos;
  private long contextBytes;
  private @Nullable Future<?> check;
  private @Nullable HttpServer http;
  private volatile boolean closing;
  private volatile int connections;

  private Listeners<Consumer<WebSocketConnection>> onConnection = Listeners.none();
  private Listeners<BiConsumer<List<String>, HttpRequest>> onHeaders = Listeners.none();
  private Listeners<SubscriptionListener> onSubscription = Listeners.none();

  /** Told when a connection has subscribed to a topic, or has ended that. */
  @FunctionalInterface
  public interface SubscriptionListener {
    /**
     * Called on the loop of the connection.
     *
     * @param now how many have subscribed
     * @param before how many had
     */
    void changed(WebSocketConnection connection, String topic, int now, int before);
  }

  /** A server that is handed its requests by {@link #handleUpgrade}, or attached. */
  public WebSocketServer(WebSocketServerOptions options) {
    this(options, Topics.byDefault(options.path()));
  }

  /** A server whose topics others may share, on other loops too. */
  public WebSocketServer(WebSocketServerOptions options, Topics topics) {
    this.options = options;
    this.topics = topics;
    Set<String> allowed = options.origins();
    if (allowed == null) {
      origins = null;
    } else {
      Set<String> small = new LinkedHashSet<>();
      allowed.forEach(origin -> small.add(ServerHandshake.origin(origin)));
      origins = small;
    }
    long least = SELDOM_NANOS;
    for (Duration limit : List.of(options.idleTimeout(), options.maxLifetime())) {
      if (limit.isPositive() && limit.compareTo(Duration.ofSeconds(8)) < 0) {
        least = Math.min(least, limit.toNanos() / 8);
      }
    }
    checkNanos = Math.max(OFTEN_NANOS, least);
  }

  // Opening

  /** Answers the requests of this server that ask for a WebSocket on its path. */
  WebSocketServer attach(HttpServer to) {
    http = to;
    to.onDrain(this::drain);
    Attached.to(to).add(this);
    return this;
  }

  /** Whether a request is for this server: its path is. */
  public boolean shouldHandle(HttpRequest request) {
    String path = options.path();
    return path == null || path.equals(ServerHandshake.path(request));
  }

  /**
   * Opens a WebSocket on a connection that asks for one, or refuses it and ends the connection.
   *
   * @param opened told of the connection, in place of 'connection' listeners
   */
  public void handleUpgrade(
      HttpRequest request, TcpSocket socket, Buffer head, Consumer<WebSocketConnection> opened) {
    begin(request, new SocketCarrier(socket), head, opened);
  }

  /**
   * Opens a WebSocket on a stream of HTTP/2 whose client asks for one (RFC 8441), or refuses it;
   * see {@link HttpServer#onTunnel}.
   *
   * @param opened told of the connection, in place of 'connection' listeners
   */
  public void handleTunnel(
      HttpRequest request, HttpResponse response, Consumer<WebSocketConnection> opened) {
    begin(request, new StreamCarrier(request, response), Buffer.empty(), opened);
  }

  private void begin(
      HttpRequest request, Carrier carrier, Buffer head, Consumer<WebSocketConnection> opened) {
    answering(
        carrier,
        () -> {
          ServerHandshake handshake = ServerHandshake.read(request);
          check(request);
          LateVerifier late = options.lateVerifier();
          if (late == null) {
            open(handshake, request, carrier, head, opened);
          } else {
            openLater(late, handshake, request, carrier, head, opened);
          }
        });
  }

  private interface Answer {
    void give() throws Exception;
  }

  private void answering(Carrier carrier, Answer answer) {
    try {
      answer.give();
    } catch (Refused refused) {
      carrier.refuse(refused);
    } catch (Throwable failure) {
      reactor.uncaught(failure);
      carrier.refuse(new Refused(500, "Internal Server Error"));
    }
  }

  void handle(HttpRequest request, Carrier carrier, Buffer head) {
    begin(
        request,
        carrier,
        head,
        connection -> {
          for (int i = 0; i < onConnection.size(); i++) {
            onConnection.get(i).accept(connection);
          }
        });
  }

  private void check(HttpRequest request) throws Exception {
    if (!shouldHandle(request)) {
      throw new Refused(400, "Bad Request");
    }
    checkOpen();
    checkOrigin(request);
    if (options.verifier() != null) {
      refuse(options.verifier().verify(request));
    }
  }

  private void checkOpen() throws Refused {
    if (closing) {
      throw new Refused(503, "Service Unavailable");
    }
  }

  private static void refuse(@Nullable Refusal refusal) throws Refused {
    if (refusal != null) {
      throw new Refused(refusal.status(), refusal.text());
    }
  }

  /** Nothing is read meanwhile: what the client sends too early waits in the system. */
  private void openLater(
      LateVerifier verifier,
      ServerHandshake handshake,
      HttpRequest request,
      Carrier carrier,
      Buffer head,
      Consumer<WebSocketConnection> opened)
      throws Exception {
    CompletableFuture<@Nullable Refusal> verdict =
        verifier.verify(request).toCompletableFuture().copy();
    Timer cut =
        Loop.current()
            .setTimeout(
                VERDICT_LIMIT,
                () -> verdict.complete(new Refusal(503, "It could not be found out who you are.")));
    // A client that has gone is not waited for.
    carrier.onGone(() -> verdict.cancel(false));
    verdict.whenComplete((refusal, failure) ->
        reactor.run(() -> {
          cut.clear();
          if (carrier.isGone()) {
            return;
          }
          answering(
              carrier,
              () -> {
                if (failure != null) {
                  throw new IllegalStateException("The verifier failed.", failure);
                }
                refuse(refusal);
                checkOpen();
                open(handshake, request, carrier, head, opened);
              });
        }));
  }

  private void open(
      ServerHandshake handshake,
      HttpRequest request,
      Carrier carrier,
      Buffer head,
      Consumer<WebSocketConnection> opened) {
    String protocol = choose(handshake.protocols(), request);
    DeflateAgreement agreed = agree(handshake.extensions());
    List<String> lines = new ArrayList<>(handshake.answer(protocol, agreed));
    onHeaders.forEach(listener -> listener.accept(lines, request));
    carrier.open(lines);
    WebSocketConnection connection =
        new WebSocketConnection(
            this,
            request,
            carrier,
            terms(agreed),
            protocol == null ? "" : protocol,
            agreed == null ? "" : agreed.header());
    clients.add(connection);
    connections = clients.size();
    if (check == null) {
      checkLater();
    }
    try {
      opened.accept(connection);
    } catch (Throwable failure) {
      reactor.uncaught(failure);
      connection.close(CloseCode.INTERNAL_ERROR, "");
    }
    connection.start(head);
  }

  private void checkOrigin(HttpRequest request) throws Refused {
    String origin = request.header("origin");
    if (origins != null && origin != null && !origins.contains(ServerHandshake.origin(origin))) {
      throw new Refused(403, "The origin of this page may not connect.");
    }
  }

  private @Nullable String choose(List<String> offered, HttpRequest request) {
    if (offered.isEmpty()) {
      return null;
    }
    String chosen = options.protocolChooser().choose(offered, request);
    if (chosen != null && !offered.contains(chosen)) {
      throw new IllegalStateException(
          "The protocol '" + chosen + "' was chosen, which is none of those offered: " + offered);
    }
    return chosen;
  }

  private @Nullable DeflateAgreement agree(@Nullable ExtensionOffers offers) {
    DeflateOptions deflate = options.deflate();
    if (deflate == null || offers == null) {
      return null;
    }
    long left = deflate.contextBudgetBytes() - contextBytes;
    boolean own = deflate.serverContextTakeover() && left >= Deflate.DEFLATER_BYTES;
    left -= own ? Deflate.DEFLATER_BYTES : 0;
    boolean peers = deflate.clientContextTakeover() && left >= Deflate.INFLATER_BYTES;
    return DeflateAgreement.accept(offers, own, peers);
  }

  private Endpoint.Terms terms(@Nullable DeflateAgreement agreed) {
    DeflateOptions how = options.deflate();
    Deflate deflate =
        agreed == null || how == null ? null : new Deflate(compressors, agreed, how.level(), false);
    if (deflate != null) {
      contextBytes += deflate.keptBytes();
    }
    return new Endpoint.Terms(
        false,
        options.maxPayload(),
        options.maxFragments(),
        options.autoPong(),
        options.closeTimeout().toNanos(),
        deflate,
        how == null ? 0 : how.threshold());
  }

  void forget(WebSocketConnection connection) {
    clients.remove(connection);
    connections = clients.size();
    contextBytes -= connection.keptBytes();
    if (clients.isEmpty()) {
      compressors.end();
      if (check != null) {
        check.cancel(false);
        check = null;
      }
    }
  }

  private void checkLater() {
    check = reactor.schedule(this::checkAll, checkNanos);
  }

  private void checkAll() {
    long now = reactor.now();
    for (WebSocketConnection connection : List.copyOf(clients)) {
      connection.check(now);
    }
    if (!clients.isEmpty()) {
      checkLater();
    } else {
      check = null;
    }
  }

  // Closing

  /**
   * Opens no more WebSockets: requests for one are answered with 503. Those that are open stay, and
   * so does the HTTP server.
   */
  public WebSocketServer close() {
    reactor.run(() -> closing = true);
    return this;
  }

  /** As {@link #drain(Duration, int)} with 1001, "going away". */
  public CompletableFuture<DrainReport> drain(Duration within) {
    return drain(within, CloseCode.GOING_AWAY);
  }

  /**
   * Closes politely within a time: opens no more, closes the open ones, spread over the first half
   * of the time so that not all clients come back at once, and cuts those that are still there when
   * it is up.
   *
   * @param code 1001 for good, 1012 for a restart
   * @return completed on the server's loop when all are gone; it never fails
   */
  public CompletableFuture<DrainReport> drain(Duration within, int code) {
    return drain(within, connection -> connection.close(code, ""));
  }

  /**
   * As {@link #drain(Duration, int)}; {@code goodbye} says and does what closes one connection
   * politely.
   */
  public CompletableFuture<DrainReport> drain(
      Duration within, Consumer<WebSocketConnection> goodbye) {
    CompletableFuture<DrainReport> report = new CompletableFuture<>();
    reactor.run(() -> {
      closing = true;
      new SocketDrain(loop, List.copyOf(clients), within, goodbye, report).start();
    });
    return report;
  }

  /** Sends a message to all subscribers of a topic; see {@link Topics#publish}. */
  public boolean publish(String topic, Message message) {
    return topics.publish(topic, message);
  }

  /** Sends a text to all subscribers of a topic; see {@link Topics#publish}. */
  public boolean publish(String topic, String text) {
    return topics.publish(topic, text);
  }

  /** How many have subscribed to a topic, on all loops. */
  public int numSubscribers(String topic) {
    return topics.numSubscribers(topic);
  }

  void tellSubscription(WebSocketConnection connection, String topic, int change) {
    if (!onSubscription.isEmpty()) {
      int now = topics.numSubscribers(topic);
      onSubscription.forEach(
          listener -> reactor.call(() -> listener.changed(connection, topic, now, now - change)));
    }
  }

  // Listeners

  /** A WebSocket is open. */
  public WebSocketServer onConnection(Consumer<WebSocketConnection> listener) {
    reactor.run(() -> onConnection = onConnection.with(listener));
    return this;
  }

  /** The lines of the answer that opens a connection are put together, and may be added to. */
  public WebSocketServer onHeaders(BiConsumer<List<String>, HttpRequest> listener) {
    reactor.run(() -> onHeaders = onHeaders.with(listener));
    return this;
  }

  /** A connection has subscribed to a topic, or has ended that. */
  public WebSocketServer onSubscription(SubscriptionListener listener) {
    reactor.run(() -> onSubscription = onSubscription.with(listener));
    return this;
  }

  // What can be asked

  /** The connections that are open. On the server's loop. */
  public Set<WebSocketConnection> clients() {
    return Set.copyOf(clients);
  }

  /** How many are open. Any thread. */
  public int connections() {
    return connections;
  }

  /** Who has subscribed to what. */
  public Topics topics() {
    return topics;
  }

  /** Whether it opens no more WebSockets: for a load balancer that asks whether we are ready. */
  public boolean isClosing() {
    return closing;
  }

  /**
   * The HTTP server that it is attached to.
   *
   * @throws NetException {@code ERR_WS_UNATTACHED} where there is none
   */
  public HttpServer http() {
    if (http == null) {
      throw new NetException(
          "ERR_WS_UNATTACHED", "This WebSocket server is attached to no HTTP server.");
    }
    return http;
  }

  public WebSocketServerOptions options() {
    return options;
  }

  Reactor reactor() {
    return reactor;
  }

  Loop loop() {
    return loop;
  }
}
