package io.netloop.chat;

import io.netloop.http.HttpRequest;
import io.netloop.http.HttpServer;
import io.netloop.http.HttpServerOptions;
import io.netloop.http.HttpStats;
import io.netloop.http.Https;
import io.netloop.loop.NetException;
import io.netloop.net.Admission;
import io.netloop.net.DrainReport;
import io.netloop.net.HostPort;
import io.netloop.net.TcpSocket;
import io.netloop.tls.TlsOptions;
import io.netloop.ws.WebSocketConnection;
import io.netloop.ws.WebSocketServer;
import io.netloop.ws.WebSocketServerOptions;
import io.netloop.ws.WebSocketServerOptions.Refusal;
import io.netloop.ws.WebSockets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The browsers' way into the room: WebSockets on an HTTP server. <i>Loop-confined.</i> */
final class WebGate {
  static final String PATH = "/ws";

  /** A peer that is silent for so long is gone; proxies often wait no longer for a word of ours. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** How long those may take that have a last answer to read. */
  private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(WebGate.class);

  private final TcpGate.Terms terms;
  private final ChatOptions options;
  private final int port;
  private final Room room;
  private final Set<String> origins = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final ClientAddress clients;
  private final AccessLog access;
  private final HttpServer http;
  private final WebSocketServer sockets;
  private final Map<WebSocketConnection, WebSeat> seats = new HashMap<>();
  private final List<Consumer<NetException>> onError = new CopyOnWriteArrayList<>();
  private final @Nullable Integer redirectPort;
  private @Nullable HttpServer redirect;

  /** For connections of HTTP: who loads the page takes no seat from anybody. */
  private final Admission visitors;

  /**
   * A gate that is closed.
   *
   * @param tcp the other way in, whose state is told with this one's
   */
  WebGate(TcpGate.Terms terms, WebOptions web, Room room, Gates tcp) {
    this.terms = terms;
    this.options = terms.options();
    this.port = web.port();
    this.room = room;
    this.clients = new ClientAddress(web.proxies());
    this.access = new AccessLog(web.accessLog(), clients);
    this.visitors = new Admission(options.admission());
    origins.addAll(web.origins());
    http = server(options);
    redirectPort = web.redirectPort();
    RoomMetrics metrics = new RoomMetrics(room, tcp, this, terms.admission());
    WebPages pages =
        new WebPages(
            new PageFiles(PageSource.read()),
            web.strictTransport() && options.tls() != null,
            this::draining,
            metrics::scrape);
    http.onConnection(this::accepted)
        .onRequest((request, response) -> {
          access.watch(request, response);
          pages.request(request, response);
        });
    sockets = WebSockets.attach(http, socketOptions(), this::opened);
  }

  private static HttpServer server(ChatOptions options) {
    HttpServerOptions limits =
        HttpServerOptions.defaults().withTcp(TcpGate.tcpOptions(options)).withMaxBodySize(0);
    TlsOptions tls = options.tls();
    return tls == null
        ? new HttpServer(limits)
        : Https.createServer(TcpGate.handshaking(tls), limits);
  }

  private WebSocketServerOptions socketOptions() {
    return WebSocketServerOptions.defaults()
        .withPath(PATH)
        .withVerifier(this::refusalOf)
        // What is a little too long is answered in the room's own words.
        .withMaxPayload(2L * options.room().maxMessageBytes())
        .withIdleTimeout(SILENCE)
        .withCloseTimeout(terms.patience().goodbye());
  }

  // Coming in

  private void accepted(TcpSocket socket) {
    TcpGate.capture(socket, options);
    String address = String.valueOf(socket.remoteAddress());
    if (clients.isTrusted(address)) {
      return; // it speaks for many
    }
    Admission.Refusal refusal = visitors.enter(address);
    if (refusal == null) {
      socket.onClose(cause -> visitors.leave(address));
    } else {
      log.debug("{} refused: {}", socket.remote(), refusal);
      socket.destroy();
    }
  }

  private @Nullable Refusal refusalOf(HttpRequest request) {
    String origin = request.header("origin");
    if (origin == null || mayJoin(origin, request.header("host"))) {
      return null;
    }
    log.debug("{} refused: its page is of {}", clients.of(request), Harmless.text(origin));
    return new Refusal(403, "Pages of this origin may not join the room.");
  }

  /** Whether a page of this origin may join: one of those named, or else one of the same host. */
  private boolean mayJoin(String origin, @Nullable String host) {
    if (!origins.isEmpty()) {
      return origins.contains(origin);
    }
    int at = origin.indexOf("://");
    // A page that came unencrypted may be anybody's.
    boolean likeHere = options.tls() == null || origin.regionMatches(true, 0, "https:", 0, 6);
    return at > 0
        && likeHere
        && host != null
        && origin.substring(at + 3).toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
  }

  private void opened(WebSocketConnection socket) {
    String client = clients.of(socket.request());
    access.opened(socket, client);
    Admission.Refusal refusal = terms.admission().enter(client);
    if (refusal != null) {
      log.debug("{} refused: {}", client, refusal);
      socket.send(Outgoing.TOO_MANY_CONNECTIONS.frame(Style.TEXT));
      socket.close(Ending.NOT_ADMITTED.closeCode());
      return;
    }
    String remote = String.valueOf(socket.socket().remote());
    boolean direct = client.equals(socket.socket().remoteAddress());
    String label = direct ? remote : client + " via " + remote;
    socket.onClose(event -> {
      seats.remove(socket);
      terms.admission().leave(client);
    });
    seats.put(socket, new WebSeat(socket, options, label, room::member));
  }

  // Opening and closing

  /** Told on the room's loop when it is open, with where, and so is the port beside it. */
  void onListening(Consumer<HostPort> listener) {
    http.onListening(() -> {
      HostPort at = Objects.requireNonNull(http.address());
      if (http.encrypted() && redirectPort != null) {
        openRedirect(at.port(), redirectPort, () -> listener.accept(at));
      } else {
        listener.accept(at);
      }
    });
  }

  private void openRedirect(int to, int from, Runnable then) {
    HttpServer made = Https.createRedirect(http, to);
    redirect = made;
    made.onConnection(this::accepted)
        .onListening(then)
        .onError(error -> {
          if (made.listening()) {
            TcpGate.logUnaccepted(error);
          } else {
            closeAtOnce(() -> onError.forEach(listener -> listener.accept(error)));
          }
        })
        .listen(from, options.host());
  }

  /** Told on the room's loop if it cannot be opened, and then it may be again. */
  void onError(Consumer<NetException> listener) {
    onError.add(listener);
    http.onError(error -> {
      if (http.listening()) {
        TcpGate.logUnaccepted(error);
      } else {
        listener.accept(error);
      }
    });
  }

  /**
   * Opens it. Any thread.
   *
   * @throws NetException {@code ERR_SERVER_ALREADY_LISTEN} if it is open
   */
  void open() {
    http.listen(port, options.host());
  }

  /** Where it is open, or null. Any thread. */
  @Nullable HostPort address() {
    return http.address();
  }

  /** Gives the port back, for another try; then the task is run. */
  void closeAtOnce(Runnable then) {
    closeRedirect();
    http.closeAllConnections().close(error -> then.run());
  }

  /** Whether everybody is being sent away: it still answers, that this is so. */
  boolean draining() {
    return sockets.isClosing();
  }

  /**
   * Closes it for good: all WebSockets are told and ended, spread over the time, and who is still
   * there when it is up is cut. Until then pages are answered.
   */
  CompletableFuture<DrainReport> close(Duration within) {
    closeRedirect();
    CompletableFuture<DrainReport> gone = sockets.drain(within, this::goodbye);
    Duration last = within.compareTo(LAST_ANSWERS) < 0 ? within : LAST_ANSWERS;
    return gone.thenCompose(report -> http.drain(last).thenApply(pages -> report));
  }

  private void closeRedirect() {
    HttpServer open = redirect;
    if (open != null) {
      redirect = null;
      open.close().closeAllConnections();
    }
  }

  private void goodbye(WebSocketConnection socket) {
    WebSeat seat = seats.get(socket);
    if (seat == null) {
      socket.close(Ending.STOPPED.closeCode());
    } else {
      seat.serverStops();
    }
  }

  // What can be asked

  /** How many WebSockets there are. Any thread. */
  int connections() {
    return sockets.connections();
  }

  /** How many bytes wait for peers. */
  long queuedBytes() {
    return seats.values().stream().mapToLong(WebSeat::queuedBytes).sum();
  }

  HttpStats stats() {
    return http.stats();
  }
}
