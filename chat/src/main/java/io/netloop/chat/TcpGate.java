package io.netloop.chat;

import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.Timer;
import io.netloop.net.Admission;
import io.netloop.net.Capture;
import io.netloop.net.DrainReport;
import io.netloop.net.HostPort;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import io.netloop.tls.TlsOptions;
import io.netloop.tls.TlsServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One loop's way into the room: who connects and is admitted gets a seat. <i>Loop-confined.</i> */
final class TcpGate implements Gates {
  private static final Logger log = LoggerFactory.getLogger(TcpGate.class);

  /** A dead peer is found after a minute of silence and the system's probes. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  /** How long a handshake may take. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(15);

  /** How long a slow reader may stay over a quarter of what may be queued for it. */
  private static final Duration SLOW_FOR = Duration.ofSeconds(60);

  /**
   * What all gates of one room share: who is admitted is counted for all together.
   * <i>Thread-safe.</i>
   *
   * @param refused how many refused peers are on their way out
   */
  record Terms(
      ChatOptions options, TcpSeat.Patience patience, Admission admission, AtomicInteger refused) {
    Terms(ChatOptions options, TcpSeat.Patience patience) {
      this(options, patience, new Admission(options.admission()), new AtomicInteger());
    }
  }

  private final Terms terms;
  private final ChatOptions options;
  private final Function<? super TcpSeat, ? extends Place> places;
  private final Loop loop = Loop.current();
  private final TcpServer server;
  private final Map<TcpSocket, TcpSeat> seats = new HashMap<>();

  /** What waited for the peers when it was looked at last, for other threads. */
  private volatile long queuedBytes;

  /**
   * A gate that is closed.
   *
   * @param places gives each seat its place in the room
   */
  TcpGate(Terms terms, Function<? super TcpSeat, ? extends Place> places) {
    this.terms = terms;
    this.options = terms.options();
    this.places = places;
    this.server = server(options);
    if (options.tls() == null) {
      server.onConnection(socket -> {
        if (admitted(socket)) {
          seat(socket);
        }
      });
    } else {
      // Counted from the first byte on, seated when it is encrypted.
      server.onConnection(this::admitted).onSecureConnection(this::seat);
    }
  }

  private static TcpServer server(ChatOptions options) {
    TlsOptions tls = options.tls();
    if (tls == null) {
      return new TcpServer(tcpOptions(options));
    }
    return new TlsServer(handshaking(tls), tcpOptions(options)).tcp();
  }

  /**
   * A client that does not get on with the handshake holds a connection as long as any stranger.
   */
  static TlsOptions handshaking(TlsOptions tls) {
    return tls.handshakeTimeout().compareTo(HANDSHAKE) < 0
        ? tls
        : tls.withHandshakeTimeout(HANDSHAKE);
  }

  /** The options of every connection that may have a seat. */
  static TcpOptions tcpOptions(ChatOptions options) {
    int most = options.maxQueuedBytes();
    OutboxLimits limits =
        OutboxLimits.defaults()
            .withHighWaterMark(Math.min(most, 64 * 1024))
            .withHardLimit(most)
            .withSoftLimit(Math.max(1, most / 4), SLOW_FOR);
    // Half-open, because the seat ends by itself: what it holds back for a gap goes out before.
    return TcpOptions.defaults()
        .withAllowHalfOpen(true)
        .withNoDelay(true)
        .withKeepAlive(KEEP_ALIVE)
        .withLimits(limits);
  }

  TcpServer server() {
    return server;
  }

  Loop loop() {
    return loop;
  }

  @Override
  public void onListening(Consumer<HostPort> listener) {
    server.onListening(() -> listener.accept(Objects.requireNonNull(server.address())));
  }

  @Override
  public void onError(Consumer<NetException> listener) {
    server.onError(error -> {
      if (server.listening()) {
        logUnaccepted(error);
      } else {
        listener.accept(error);
      }
    });
  }

  /** The room stays open: a connection could not be accepted, for want of descriptors. */
  static void logUnaccepted(NetException error) {
    log.warn("A connection could not be accepted: {}", error.getMessage());
  }

  @Override
  public int connections() {
    return server.connections();
  }

  @Override
  public long queuedBytes() {
    if (loop.inLoop()) {
      long sum = 0;
      for (TcpSocket socket : seats.keySet()) {
        sum += socket.writableLength();
      }
      queuedBytes = sum;
    } else {
      loop.run(this::queuedBytes);
    }
    return queuedBytes;
  }

  @Override
  public void open() {
    server.listen(options.port(), options.host());
  }

  @Override
  public CompletableFuture<DrainReport> close(Duration within) {
    return server.drain(within, this::goodbye);
  }

  private void goodbye(TcpSocket socket) {
    TcpSeat seat = seats.get(socket);
    if (seat == null) {
      socket.destroySoon();
    } else {
      seat.serverStops();
    }
  }

  /** Has all that a connection says written to the room's capture, if there is one. */
  static void capture(TcpSocket socket, ChatOptions options) {
    Capture capture = options.capture();
    if (capture != null) {
      socket.capture(capture);
    }
  }

  private boolean admitted(TcpSocket socket) {
    capture(socket, options);
    String address = String.valueOf(socket.remoteAddress());
    Admission.Refusal refusal = terms.admission().enter(address);
    if (refusal != null) {
      log.debug("{} refused: {}", socket.remote(), refusal);
      refuse(socket);
      return false;
    }
    socket.onClose(cause -> terms.admission().leave(address));
    return true;
  }

  private void seat(TcpSocket socket) {
    seats.put(socket, new TcpSeat(socket, options, terms.patience(), places));
    socket.onClose(cause -> seats.remove(socket));
  }

  /**
   * What the peer may have sent already is read, or the answer would be lost in a reset. No more
   * peers are told at a time than one address may hold seats; others are closed without a word.
   */
  private void refuse(TcpSocket socket) {
    socket.onError(error -> {});
    if (options.tls() != null) {
      socket.destroy();
      return;
    }
    if (terms.refused().incrementAndGet() > options.admission().perAddress()) {
      terms.refused().decrementAndGet();
      socket.destroy();
      return;
    }
    Timer cut = loop.setTimeout(terms.patience().goodbye(), socket::destroy).unref();
    socket.onClose(cause -> {
      terms.refused().decrementAndGet();
      cut.clear();
    });
    socket.onData(data -> {});
    socket.end(Outgoing.TOO_MANY_CONNECTIONS.line(Style.TEXT));
  }
}
