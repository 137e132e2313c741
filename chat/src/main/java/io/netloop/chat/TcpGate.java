package io.netloop.chat;

import io.netloop.loop.Loop;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.Timer;
import io.netloop.net.Admission;
import io.netloop.net.DrainReport;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One loop's way into the room: who connects and is admitted gets a seat. <i>Loop-confined.</i> */
final class TcpGate {
  private static final Logger log = LoggerFactory.getLogger(TcpGate.class);

  /** A dead peer is found after a minute of silence and the system's probes. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  /** How long a slow reader may stay over a quarter of what may be queued for it. */
  private static final Duration SLOW_FOR = Duration.ofSeconds(60);

  private final ChatOptions options;
  private final TcpSeat.Patience patience;
  private final Admission admission;
  private final Room room;
  private final Loop loop = Loop.current();
  private final TcpServer server;
  private final Map<TcpSocket, TcpSeat> seats = new HashMap<>();

  /** How many refused peers are on their way out. */
  private int refused;

  /** A gate that is closed. */
  TcpGate(ChatOptions options, TcpSeat.Patience patience, Room room) {
    this.options = options;
    this.patience = patience;
    this.admission = new Admission(options.admission());
    this.room = room;
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

  TcpServer server() {
    return server;
  }

  void open() {
    server.listen(options.port(), options.host());
  }

  /** Has all told and ended, spread over the time, and cuts who is still there when it is up. */
  CompletableFuture<DrainReport> close(Duration within) {
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

  private void accepted(TcpSocket socket) {
    String address = String.valueOf(socket.remoteAddress());
    Admission.Refusal refusal = admission.enter(address);
    if (refusal != null) {
      log.debug("{} refused: {}", socket.remote(), refusal);
      refuse(socket);
      return;
    }
    seats.put(socket, new TcpSeat(socket, options, patience, room));
    socket.onClose(cause -> {
      seats.remove(socket);
      admission.leave(address);
    });
  }

  /**
   * What the peer may have sent already is read, or the answer would be lost in a reset. No more
   * peers are told at a time than one address may hold seats; others are closed without a word.
   */
  private void refuse(TcpSocket socket) {
    socket.onError(error -> {});
    if (refused >= options.admission().perAddress()) {
      socket.destroy();
      return;
    }
    refused++;
    Timer cut = loop.setTimeout(patience.goodbye(), socket::destroy).unref();
    socket.onClose(cause -> {
      refused--;
      cut.clear();
    });
    socket.onData(data -> {});
    socket.end(Outgoing.TOO_MANY_CONNECTIONS.line(Style.TEXT));
  }
}
