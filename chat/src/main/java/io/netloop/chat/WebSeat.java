package io.netloop.chat;

import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.ws.CloseEvent;
import io.netloop.ws.Message;
import io.netloop.ws.WebSocketConnection;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket in the room: one text is one message, in both directions. <i>Loop-confined.</i>
 *
 * <p>As with a {@link TcpSeat}, whoever ends the connection, the member leaves the room first.
 */
final class WebSeat implements Seat {
  /** Closed by a peer that wants to go: it said so, or its page was left. */
  private static final int NORMAL = 1000;

  private static final int GOING_AWAY = 1001;
  private static final int NO_CODE = 1005;

  private final WebSocketConnection socket;
  private final ChatOptions options;
  private final String label;
  private final Loop loop = Loop.current();
  private final Place place;
  private final Timer loginTimer;
  private @Nullable Timer idleTimer;
  private long usedNanos;
  private boolean ended;

  /** A seat that has entered the room. */
  WebSeat(
      WebSocketConnection socket,
      ChatOptions options,
      String label,
      Function<? super WebSeat, ? extends Place> places) {
    this.socket = socket;
    this.options = options;
    this.label = label;
    this.place = places.apply(this);
    this.loginTimer = loop.setTimeout(options.loginTimeout(), this::loginTimedOut).unref();
    socket.onMessage(this::received);
    socket.onError(error -> {}); // the close event carries it
    socket.onClose(this::closed);
    if (options.idleTimeout().isPositive()) {
      usedNanos = loop.nanoTime();
      watchIdle(options.idleTimeout());
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
    usedNanos = loop.nanoTime();
    socket.send(message.frame(style));
  }

  @Override
  public void end(Ending how, String why) {
    if (!ended) {
      ended = true;
      clearTimers();
      socket.close(how.closeCode());
    }
  }

  /** The server stops: tells the peer and ends. It is the server that cuts who does not go. */
  void serverStops() {
    place.stop();
  }

  /** What waits for the peer, in bytes. */
  long queuedBytes() {
    return socket.bufferedAmount();
  }

  private void received(Message message) {
    if (ended) {
      return;
    }
    usedNanos = loop.nanoTime();
    if (message.isBinary()) {
      place.quit(Ending.BINARY, "sent bytes instead of text");
    } else if (message.length() > options.room().maxMessageBytes()) {
      place.tooLong();
    } else {
      place.receive(message.data().toByteArray());
    }
  }

  private void closed(CloseEvent event) {
    boolean byPeer = !ended;
    ended = true;
    clearTimers();
    int code = event.code();
    if (byPeer && event.wasClean() && (code == NORMAL || code == GOING_AWAY || code == NO_CODE)) {
      place.quit("closed by the peer with " + code);
    }
    place.leave(Ending.of(event.cause()), event.cause().toString());
  }

  private void loginTimedOut() {
    place.loginTimedOut("did not log in within " + options.loginTimeout().toSeconds() + " s");
  }

  /** One timer for many messages: it looks how long ago the last of them was. */
  private void watchIdle(Duration within) {
    idleTimer = loop.setTimeout(within, this::lookWhetherIdle).unref();
  }

  private void lookWhetherIdle() {
    Duration left = options.idleTimeout().minusNanos(loop.nanoTime() - usedNanos);
    if (left.isPositive()) {
      watchIdle(left);
    } else {
      place.quit(Ending.TIMED_OUT, "idle for too long");
    }
  }

  private void clearTimers() {
    loginTimer.clear();
    if (idleTimer != null) {
      idleTimer.clear();
    }
  }
}
