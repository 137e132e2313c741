package io.netloop.chat;

import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
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
  private final Loop loop = Loop.current();
  private final Room room;
  private final TcpServer server;
  private final Map<TcpSocket, TcpSeat> seats = new HashMap<>();
  private final Map<String, Integer> perAddress = new HashMap<>();

  /** A room that nobody can enter yet. */
  public ChatServer(ChatOptions options) {
    this.options = options;
    this.room = new Room(options.room(), loop::nanoTime);
    this.server = Net.createServer(tcpOptions(options), this::seat);
  }

  private static TcpOptions tcpOptions(ChatOptions options) {
    int most = options.maxQueuedBytes();
    OutboxLimits limits =
        OutboxLimits.defaults()
            .withHighWaterMark(Math.min(most, 64 * 1024))
            .withHardLimit(most)
            .withSoftLimit(Math.max(1, most / 4), SLOW_FOR);
    return TcpOptions.defaults().withNoDelay(true).withKeepAlive(KEEP_ALIVE).withLimits(limits);
  }

  /** Told once the room is open, with where. */
  public ChatServer onListening(Consumer<HostPort> listener) {
    server.onListening(() -> listener.accept(Objects.requireNonNull(server.address())));
    return this;
  }

  /** Told if the room cannot be opened, for example {@code EADDRINUSE}; it may be started again. */
  public ChatServer onError(Consumer<NetException> listener) {
    server.onError(listener);
    return this;
  }

  /** Opens the room. */
  public ChatServer start() {
    server.listen(options.port(), options.host());
    return this;
  }

  /** How many users are logged in. */
  public int users() {
    return room.users();
  }

  /**
   * Closes the room politely: nobody comes in any more, all are told and ended, spread over the
   * time, and who is still there when it is up is cut.
   *
   * @return completed on the server's loop when all are gone; it never fails
   */
  public CompletableFuture<DrainReport> stop(Duration within) {
    CompletableFuture<DrainReport> report = new CompletableFuture<>();
    // In one step: nobody may come in between.
    loop.run(() -> {
      room.stop();
      server.drain(within, this::goodbye).thenAccept(report::complete);
    });
    return report;
  }

  private void goodbye(TcpSocket socket) {
    TcpSeat seat = seats.get(socket);
    if (seat == null) {
      socket.destroySoon();
    } else {
      seat.member().stop();
    }
  }

  private void seat(TcpSocket socket) {
    String address = String.valueOf(socket.remoteAddress());
    if (perAddress.merge(address, 1, Integer::sum) > options.maxPerAddress()) {
      log.debug("{} refused: {} connections from there", socket.remote(), options.maxPerAddress());
      socket.write(Outgoing.TOO_MANY_CONNECTIONS.line(Style.TEXT));
      socket.onError(error -> {}).destroySoon();
    } else {
      seats.put(socket, new TcpSeat(socket, options, room));
    }
    socket.onClose(cause -> {
      seats.remove(socket);
      perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    });
  }
}
