package io.netloop.chat;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection in the room: bytes to messages and back, and the connection's own time limits.
 * What a message means, the room knows, on this loop or on another. <i>Loop-confined.</i>
 *
 * <p>Whoever ends the connection, the member leaves the room first. So nothing is written after the
 * end, and the name is free although the peer may take its time to go.
 */
final class TcpSeat implements PacedSeat {
  /**
   * How long a peer may keep us waiting.
   *
   * @param unfinished how long an object may stay incomplete
   * @param goodbye how long a peer that was told goodbye may take to go. Until then what it sends
   *     is read and dropped: to close with bytes unread would be a reset, which can overtake the
   *     goodbye
   */
  record Patience(Duration unfinished, Duration goodbye) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(5));
  }

  private final TcpSocket socket;
  private final ChatOptions options;
  private final Patience patience;
  private final Loop loop = Loop.current();
  private final String label;
  private final JsonScanner scanner;
  private final Place place;
  private final Timer loginTimer;
  private @Nullable Timer unfinishedTimer;
  private @Nullable Timer goodbyeTimer;

  /** Keeps the gap between messages to a client that sends bare JSON; null where none is wanted. */
  private final @Nullable Spacer spacer;

  private boolean ended;
  private boolean serverStops;

  /** A seat that has entered the room. */
  TcpSeat(
      TcpSocket socket,
      ChatOptions options,
      Patience patience,
      Function<? super TcpSeat, ? extends Place> places) {
    this.socket = socket;
    this.options = options;
    this.patience = patience;
    this.label = String.valueOf(socket.remote());
    this.spacer = options.legacyGap().isZero() ? null : new Spacer(socket, options.legacyGap());
    this.place = places.apply(this);
    this.scanner = new JsonScanner(options.room().maxMessageBytes(), place);
    this.loginTimer = loop.setTimeout(options.loginTimeout(), this::loginTimedOut).unref();
    socket.onData(this::received);
    socket.onEnd(() -> place.quit("ended by the peer"));
    socket.onError(error -> {}); // the close event carries it
    socket.onClose(cause -> {
      ended = true;
      clearTimers();
      scanner.stop();
      if (spacer != null) {
        spacer.stop();
      }
      place.leave(Ending.of(cause), cause.toString());
    });
    if (options.idleTimeout().isPositive()) {
      long millis = Math.max(1, options.idleTimeout().toMillis());
      socket.setTimeout(millis, () -> place.quit(Ending.TIMED_OUT, "idle for too long"));
    }
    // Last: a room that has stopped speaks to it at once.
    place.enter();
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public void send(Outgoing message, Style style) {
    Buffer line = message.line(style);
    if (spacer != null && !(scanner.framesByLine() && spacer.isEmpty())) {
      sendSpaced(spacer, line);
      return;
    }
    socket.write(line);
    if (!scanner.framesByLine()) {
      // A client that sends bare JSON takes each piece it reads for one message. To one that sends
      // lines, all of one turn of the loop share a system call.
      socket.flush();
    }
  }

  @Override
  public void end(Ending how, String why) {
    if (ended) {
      return;
    }
    ended = true;
    clearTimers();
    scanner.stop();
    if (spacer == null) {
      socket.end();
    } else {
      spacer.end();
    }
    if (!serverStops) {
      goodbyeTimer = loop.setTimeout(patience.goodbye(), socket::destroy).unref();
    }
  }

  /** The server stops: tells the peer and ends. It is the server that cuts who does not go. */
  void serverStops() {
    serverStops = true;
    if (goodbyeTimer != null) {
      goodbyeTimer.clear();
    }
    place.stop();
  }

  @Override
  public void pause() {
    socket.pause();
  }

  @Override
  public void resume() {
    socket.resume();
  }

  private void received(Buffer data) {
    long before = scanner.unfinishedObject();
    scanner.feed(data);
    if (scanner.unfinishedObject() != before) {
      watchUnfinished();
    }
  }

  private void watchUnfinished() {
    if (unfinishedTimer != null) {
      unfinishedTimer.clear();
      unfinishedTimer = null;
    }
    if (scanner.unfinishedObject() != 0) {
      unfinishedTimer = loop.setTimeout(patience.unfinished(), scanner::dropUnfinished).unref();
    }
  }

  private void loginTimedOut() {
    place.loginTimedOut("did not log in within " + options.loginTimeout().toSeconds() + " s");
  }

  private void sendSpaced(Spacer through, Buffer line) {
    through.write(line);
    if (through.waitingBytes() + socket.writableLength() > options.maxQueuedBytes()) {
      place.leave(Ending.SLOW, "more than " + options.maxQueuedBytes() + " bytes wait for it");
      socket.destroy();
    }
  }

  private void clearTimers() {
    loginTimer.clear();
    if (unfinishedTimer != null) {
      unfinishedTimer.clear();
    }
    if (goodbyeTimer != null) {
      goodbyeTimer.clear();
    }
  }
}
