package io.netloop.chat;

import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.Timer;
import io.netloop.net.DrainReport;
import io.netloop.net.HostPort;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chat room on TCP: who comes in by a connection gets a seat in the room. Its methods may be
 * called from any thread; its listeners run on the loop that it was made on.
 *
 * <pre>{@code
 * new ChatServer(ChatOptions.defaults()).start();
 * }</pre>
 */
public final class ChatServer {
  private static final Logger log = LoggerFactory.getLogger(ChatServer.class);

  /** A dead peer is found after a minute of silence and the system's probes. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  /** How long a slow reader may stay over a quarter of what may be queued for it. */
  private static final Duration SLOW_FOR = Duration.ofSeconds(60);

  private final ChatOptions options;
  private final TcpSeat.Patience patience;
  private final Loop loop = Loop.current();
  private final Room room;
  private final TcpServer server;
  private final Map<TcpSocket, TcpSeat> seats = new HashMap<>();
  private final Map<String, Integer> perAddress = new HashMap<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CompletableFuture<DrainReport> stopped = new CompletableFuture<>();

  /** A room that nobody can enter yet. */
  public ChatServer(ChatOptions options) {
    this(options, TcpSeat.Patience.DEFAULT);
  }

  ChatServer(ChatOptions options, TcpSeat.Patience patience) {
    this.options = options;
    this.patience = patience;
    this.room = new Room(options.room(), loop::nanoTime);
    this.server = Net.createServer(tcpOptions(options), this::accepted);
  }

  private static TcpOptions tcpOptions(ChatOptions options) {
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

  /** Told once the room is open, with where. */
  public ChatServer onListening(Consumer<HostPort> listener) {
    server.onListening(() -> listener.accept(Objects.requireNonNull(server.address())));
    return this;
  }

  /**
   * Told if the room cannot be opened, for example {@code EADDRINUSE}; it may be started again.
   * Once it is open nothing is told here: that a connection cannot be accepted, for want of
   * descriptors, is logged, and the room stays open.
   */
  public ChatServer onError(Consumer<NetException> listener) {
    server.onError(error -> {
      if (server.listening()) {
        log.warn("A connection could not be accepted: {}", error.getMessage());
      } else {
        listener.accept(error);
      }
    });
    return this;
  }

  /**
   * Opens the room.
   *
   * @throws NetException {@code ERR_SERVER_ALREADY_LISTEN} if it is open, {@code
   *     ERR_SERVER_STOPPED} after {@link #stop}
   */
  public ChatServer start() {
    if (stopping.get()) {
      throw new NetException(
          "ERR_SERVER_STOPPED", "This chat room has been stopped and stays so: make a new one.");
    }
    server.listen(options.port(), options.host());
    return this;
  }

  /** How many users are logged in. */
  public int users() {
    return room.users();
  }

  /** How many connections there are, logged in or not, and those on their way out. */
  public int connections() {
    return server.connections();
  }

  /**
   * Closes the room politely and for good: nobody comes in any more, all are told and ended, spread
   * over the time, and who is still there when it is up is cut. Called again, it is still the first
   * stop, with the time given there.
   *
   * @return completed on the server's loop when all are gone; it never fails
   */
  public CompletableFuture<DrainReport> stop(Duration within) {
    if (stopping.compareAndSet(false, true)) {
      // In one step: nobody may come in between.
      loop.run(() -> {
        room.stop();
        server.drain(within, this::goodbye).thenAccept(stopped::complete);
      });
    }
    return stopped.copy();
  }

  private void goodbye(TcpSocket socket) {
    TcpSeat seat = seats.get(socket);
    if (seat == null) {
      socket.destroySoon();
    } else {
      seat.serverStops();
    }
  }

  private void accepted(TcpSocket socket) {
    String address = String.valueOf(socket.remoteAddress());
    int here = perAddress.merge(address, 1, Integer::sum);
    socket.onClose(cause -> {
      seats.remove(socket);
      perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    });
    if (here <= options.maxPerAddress()) {
      seats.put(socket, new TcpSeat(socket, options, patience, room));
    } else {
      log.debug("{} refused: {} connections from there", socket.remote(), options.maxPerAddress());
      refuse(socket, here);
    }
  }

  /**
   * What the peer may have sent already is read, or the answer would be lost in a reset. An address
   * that has as many refused connections as seats gets no answer any more.
   */
  private void refuse(TcpSocket socket, int here) {
    socket.onError(error -> {});
    if (here > 2 * options.maxPerAddress()) {
      socket.destroy();
      return;
    }
    Timer cut = loop.setTimeout(patience.goodbye(), socket::destroy).unref();
    socket.onClose(cause -> cut.clear());
    socket.onData(data -> {});
    socket.end(Outgoing.TOO_MANY_CONNECTIONS.line(Style.TEXT));
  }
}
