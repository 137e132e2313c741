package io.netloop.testkit;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import io.netloop.testkit.FaultEvent.Kind;
import io.netloop.testkit.FaultPlan.Stretch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One direction of one connection: forwards what comes as its plan has it. Loop-confined. */
final class FaultPipe {
  /** From so many waiting bytes on the sender is not read. */
  private static final int MOST_WAITING_BYTES = 256 * 1024;

  private final Loop loop = Loop.current();
  private final TcpSocket from;
  private final TcpSocket to;
  private final FaultPlan plan;
  private final Host host;

  private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long forwarded;
  private @Nullable Stretch stretch;
  private int stretchLeft;
  private int pieceLeft;
  private @Nullable Timer timer;
  private boolean holding;
  private boolean heldLongEnough;
  private boolean full;
  private boolean senderEnded;
  private boolean over;

  /** Told what happens. */
  interface Host {
    void note(long at, Kind kind, int value);

    /** The plan has come to a reset. */
    void reset(Kind kind);
  }

  FaultPipe(TcpSocket from, TcpSocket to, FaultPlan plan, Host host) {
    this.from = from;
    this.to = to;
    this.plan = plan;
    this.host = host;
    from.onData(this::received);
    from.onEnd(() -> {
      senderEnded = true;
      letGo();
      pump();
    });
    to.onDrain(() -> {
      full = false;
      pump();
    });
  }

  /** Nothing more is forwarded: one of the two connections is gone. */
  void stop() {
    over = true;
    waiting.clear();
    clearTimer();
  }

  private void received(Buffer data) {
    if (over) {
      return;
    }
    waiting.add(data);
    waitingBytes += data.length();
    if (waitingBytes >= MOST_WAITING_BYTES) {
      from.pause();
    }
    letGo();
    pump();
  }

  /** Does what can be done now; each reason to wait calls it again when it has gone. */
  private void pump() {
    while (!over && !full && timer == null) {
      Stretch now = stretch;
      if (now == null) {
        begin(plan.next());
        continue;
      }
      if (stretchLeft == 0) {
        stretch = null;
        if (now.end() != null) {
          end(now.end());
        }
        continue;
      }
      if (waitingBytes == 0) {
        if (senderEnded) {
          over = true;
          to.end();
        }
        return;
      }
      if (now.holdMillis() > 0 && !heldLongEnough && !senderEnded && waitingBytes < stretchLeft) {
        holding = true;
        wait(now.holdMillis());
        return;
      }
      forward(now);
    }
  }

  private void begin(Stretch next) {
    stretch = next;
    stretchLeft = next.bytes();
    pieceLeft = 0;
    heldLongEnough = false;
    if (next.isSplit()) {
      host.note(forwarded, Kind.SPLIT, next.largestPiece());
    }
    if (next.holdMillis() > 0) {
      host.note(forwarded, Kind.MERGE, next.holdMillis());
    }
    if (next.delayMillis() > 0) {
      host.note(forwarded, Kind.DELAY, next.delayMillis());
      wait(next.delayMillis());
    }
  }

  private void forward(Stretch of) {
    if (pieceLeft == 0) {
      pieceLeft = Math.min(stretchLeft, plan.piece(of));
    }
    Buffer data = take(pieceLeft, of.holdMillis() > 0);
    pieceLeft -= data.length();
    stretchLeft -= data.length();
    forwarded += data.length();
    full = !to.write(data);
    to.flush();
    if (of.isSplit() && !full) {
      nextTurn();
    }
  }

  /** So many of the bytes that wait, or fewer; for a merge they become one buffer. */
  private Buffer take(int most, boolean asOne) {
    List<Buffer> parts = new ArrayList<>(1);
    int left = most;
    do {
      Buffer first = waiting.remove();
      if (first.length() > left) {
        waiting.addFirst(first.slice(left));
        first = first.slice(0, left);
      }
      parts.add(first);
      left -= first.length();
    } while (asOne && left > 0 && !waiting.isEmpty());
    waitingBytes -= most - left;
    if (waitingBytes < MOST_WAITING_BYTES && from.isPaused()) {
      from.resume();
    }
    return parts.size() == 1 ? parts.getFirst() : Buffer.concat(parts);
  }

  private void end(Kind kind) {
    host.note(forwarded, kind, 0);
    stop();
    switch (kind) {
      case HALF_CLOSE -> {
        to.end();
        from.resume();
      }
      case SWALLOW -> from.resume();
      case STALL -> from.pause();
      default -> host.reset(kind);
    }
  }

  private void wait(int millis) {
    timer =
        loop.setTimeout(
            millis,
            () -> {
              timer = null;
              heldLongEnough |= holding;
              holding = false;
              pump();
            });
  }

  /** What is held back is complete, or will never be. */
  private void letGo() {
    if (holding && (senderEnded || waitingBytes >= stretchLeft)) {
      holding = false;
      clearTimer();
    }
  }

  /** In the next turn the receiver has read this piece, where it is of this loop. */
  private void nextTurn() {
    timer =
        loop.setImmediate(() ->
            timer =
                loop.setImmediate(() -> {
                  timer = null;
                  pump();
                }));
  }

  private void clearTimer() {
    if (timer != null) {
      timer.clear();
      timer = null;
    }
  }
}
