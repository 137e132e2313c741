package io.netloop.chat;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection in the room: bytes to messages and back, and the connection's own time limits.
 * What a message means, the room knows. <i>Loop-confined.</i>
 */
final class TcpSeat implements Seat {
  /** How long an object may stay incomplete. */
  private static final Duration UNFINISHED_FOR = Duration.ofSeconds(30);

  /**
   * How long a peer that was told goodbye may take to go. Until then what it sends is read and
   * dropped: to close with bytes unread would be a reset, which can overtake the goodbye.
   */
  private static final Duration GOODBYE_FOR = Duration.ofSeconds(5);

  private final TcpSocket socket;
  private final ChatOptions options;
  private final Loop loop = Loop.current();
  private final String label;
  private final JsonScanner scanner;
  private final Member member;
  private final Timer loginTimer;
  private @Nullable Timer unfinishedTimer;
  private @Nullable Timer goodbyeTimer;
  private @Nullable String endedFor;

  /**
   * What waits for the gap before it, for a client that sends bare JSON; null where no gap is kept.
   */
  private @Nullable ArrayDeque<Buffer> spaced;

  private long spacedBytes;
  private boolean inGap;

  TcpSeat(TcpSocket socket, ChatOptions options, Room room) {
    this.socket = socket;
    this.options = options;
    this.label = String.valueOf(socket.remote());
    this.member = room.enter(this);
    this.scanner = new JsonScanner(options.room().maxMessageBytes(), member);
    this.loginTimer = loop.setTimeout(options.loginTimeout(), this::loginTimedOut).unref();
    socket.onData(this::received);
    socket.onEnd(this::peerEnded);
    socket.onError(error -> {}); // the close event carries it
    socket.onClose(cause -> {
      clearTimers();
      scanner.stop();
      member.leave(endedFor == null ? cause.toString() : endedFor);
    });
    if (options.idleTimeout().isPositive()) {
      socket.setTimeout(options.idleTimeout().toMillis(), () -> end("idle for too long"));
    }
  }

  /** The room's side of this connection. */
  Member member() {
    return member;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public void send(Outgoing message, Style style) {
    Buffer line = message.line(style);
    if (scanner.framesByLine()) {
      // All lines of one turn of the loop may share a system call.
      socket.write(line);
    } else if (options.legacyGap().isZero()) {
      // A client that sends bare JSON takes each piece it reads for one message.
      socket.write(line);
      socket.flush();
    } else {
      sendSpaced(line);
    }
  }

  @Override
  public void end(String why) {
    if (endedFor != null) {
      return;
    }
    endedFor = why;
    scanner.stop();
    if (spaced != null) {
      spaced.forEach(socket::write);
      spaced = null;
    }
    socket.end();
    goodbyeTimer = loop.setTimeout(GOODBYE_FOR, socket::destroy).unref();
  }

  private void received(Buffer data) {
    long before = scanner.unfinishedObject();
    scanner.feed(data);
    if (member.isLoggedIn()) {
      loginTimer.clear();
    }
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
      unfinishedTimer = loop.setTimeout(UNFINISHED_FOR, scanner::dropUnfinished).unref();
    }
  }

  /**
   * Our side ends by itself after what is queued; one that does not read it may not stay a ghost.
   */
  private void peerEnded() {
    scanner.endOfInput();
    if (goodbyeTimer == null) {
      goodbyeTimer = loop.setTimeout(GOODBYE_FOR, socket::destroy).unref();
    }
  }

  private void loginTimedOut() {
    if (!member.isLoggedIn()) {
      end("did not log in within " + options.loginTimeout().toSeconds() + " s");
    }
  }

  private void sendSpaced(Buffer line) {
    if (!inGap) {
      writeSpaced(line);
      return;
    }
    if (spaced == null) {
      spaced = new ArrayDeque<>();
    }
    spaced.add(line);
    spacedBytes += line.length();
    if (spacedBytes > options.maxQueuedBytes()) {
      endedFor = "more than " + options.maxQueuedBytes() + " bytes wait for it";
      socket.destroy();
    }
  }

  private void writeSpaced(Buffer line) {
    socket.write(line);
    socket.flush();
    inGap = true;
    loop.setTimeout(options.legacyGap(), this::gapIsOver).unref();
  }

  private void gapIsOver() {
    inGap = false;
    if (spaced != null && !spaced.isEmpty() && !socket.destroyed()) {
      Buffer next = Objects.requireNonNull(spaced.poll());
      spacedBytes -= next.length();
      writeSpaced(next);
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
