package io.netloop.chat;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a connection with a gap after each piece, for a client that takes every piece it reads
 * for one message: without the gap its system may hand it two at once. What comes in a gap waits
 * here, in order. <i>Loop-confined.</i>
 */
final class Spacer {
  private final TcpSocket socket;
  private final Duration gap;
  private final Loop loop = Loop.current();
  private final ArrayDeque<Buffer> waiting = new ArrayDeque<>(1);
  private long waitingBytes;
  private @Nullable Timer gapTimer;
  private boolean ending;

  Spacer(TcpSocket socket, Duration gap) {
    this.socket = socket;
    this.gap = gap;
  }

  /** Writes the piece now, or in its turn if a gap is being kept. */
  void write(Buffer piece) {
    if (gapTimer == null) {
      writeNow(piece);
    } else {
      waiting.add(piece);
      waitingBytes += piece.length();
    }
  }

  /** Whether nothing waits for its turn. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** How much waits for its turn, in bytes. */
  long waitingBytes() {
    return waitingBytes;
  }

  /** Ends the connection once the last piece is written; no gap is needed after it. */
  void end() {
    ending = true;
    if (waiting.isEmpty()) {
      socket.end();
    }
  }

  /** The connection has closed: nothing waits any more. */
  void stop() {
    waiting.clear();
    waitingBytes = 0;
    if (gapTimer != null) {
      gapTimer.clear();
    }
  }

  private void writeNow(Buffer piece) {
    socket.write(piece);
    socket.flush();
    gapTimer = loop.setTimeout(gap, this::gapIsOver).unref();
  }

  private void gapIsOver() {
    gapTimer = null;
    Buffer next = waiting.poll();
    if (next == null || socket.destroyed()) {
      return;
    }
    waitingBytes -= next.length();
    writeNow(next);
    if (ending && waiting.isEmpty()) {
      socket.end();
    }
  }
}
