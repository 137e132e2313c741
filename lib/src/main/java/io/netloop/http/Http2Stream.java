package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a connection of HTTP/2: the way out of one message, and the flow control of both
 * directions (RFC 9113 §5.2). What the peer's windows or a full socket keep back waits here, and is
 * what the message's 'drain' is about; what our program has not taken is not given back to the
 * peer's window. Loop-confined.
 */
abstract class Http2Stream implements Wire {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** What a piece that waits costs beside its bytes, and one who waits for it. */
  private static final int PIECE_BYTES = 64;

  private static final int WAITER_BYTES = 96;

  /** So much has to leave for it to count as moving: a byte a minute would hold all for ever. */
  private static final int LEAST_PROGRESS = 1024;

  /** Somebody who waits for the bytes before. */
  private record Waiter(Consumer<@Nullable NetException> callback) {}

  final Http2Connection connection;

  /** 0 for one that has not begun. */
  int id;

  // What goes: pieces that wait, buffers and waiters, and how much of the first is gone already.
  private @Nullable ArrayDeque<Object> pending;
  private int firstSent;
  private long pendingBytes;
  private long pendingCost;
  private boolean isCut;
  long sendWindow;

  /** Whether it stands in the connection's line of those that may send. */
  boolean inLine;

  private @Nullable OutgoingHeaders trailers;
  private boolean endQueued;
  private boolean endSent;

  // What comes.
  boolean remoteEnded;
  private int receiveWindow;
  private int credit;
  private int held;
  private long received;
  private long declared = -1;

  boolean closed;

  /** When what waits began to wait, or last moved, and how much of it was sent since. */
  private long waitsSince;

  private int sentSince;

  Http2Stream(Http2Connection connection) {
    this.connection = connection;
    this.receiveWindow = connection.options().streamWindow();
    this.sendWindow = connection.out.initialSendWindow();
  }

  /** The message's queue has room again. */
  abstract void drained();

  /** Whether the head of the peer's message has come, and so a body may. */
  abstract boolean mayHaveBody();

  /** A part of the peer's message. Returns whether more may follow at once. */
  abstract boolean deliver(byte[] bytes, int from, int to);

  /** The peer's message is complete. */
  abstract void deliverEnd(Headers trailers);

  /** It ended before its time: by the peer, by us, or with the connection. */
  abstract void broken(Http2End why);

  /** From how many waiting bytes on a program should wait. */
  abstract int highWaterMark();

  // What goes

  @Override
  public void head(OutgoingMessage<?> message, long bodyLength) {
    if (closed) {
      return;
    }
    HeadWriter to = connection.out.writer();
    int at = connection.out.beginFields();
    try {
      message.putFields(connection.out.fields(), to, bodyLength);
    } catch (NetException unsendable) {
      to.truncate(at);
      throw unsendable;
    }
    boolean nothing = !message.hasBody || bodyLength == 0;
    endSent = bodyLength >= 0 && nothing && message.trailers() == null;
    connection.out.endFields(at, this, endSent);
  }

  @Override
  public void head(OutgoingMessage<?> message, Buffer bytes, long bodyLength) {
    head(message, bodyLength);
  }

  @Override
  public void information(int status, OutgoingHeaders lines) {
    if (!closed) {
      int at = connection.out.beginFields();
      connection.out.fields().information(status, lines, connection.out.writer());
      connection.out.endFields(at, this, false);
    }
  }

  @Override
  public void body(OutgoingMessage<?> message, Buffer data, boolean last) {
    if (closed || isCut) {
      return;
    }
    endQueued = last;
    int length = data.length();
    if (isEmpty() && connection.out.maySend(this, length)) {
      sendData(data, 0, length, last);
      return;
    }
    connection.out.makeRoom();
    if (isCut) {
      return;
    }
    if (pendingBytes == 0) {
      waitsSince = connection.now();
      sentSince = 0;
    }
    pending().add(data);
    pendingBytes += length;
    costs(length + PIECE_BYTES);
    push();
  }

  private void costs(long more) {
    pendingCost += more;
    connection.out.queued(more);
  }

  @Override
  public void end(OutgoingMessage<?> message) {
    if (closed || isCut) {
      return;
    }
    if (!endSent) {
      endQueued = true;
      trailers = message.trailers();
      push();
    }
    if (endSent) {
      connection.sideEnded(this);
    }
  }

  private boolean isEmpty() {
    return pending == null || pending.isEmpty();
  }

  private ArrayDeque<Object> pending() {
    if (pending == null) {
      pending = new ArrayDeque<>(4);
    }
    return pending;
  }

  /** Sends what may be sent, and stands in line where only the connection keeps it back. */
  private void push() {
    connection.out.hold();
    try {
      while (sendOne()) {
        // One frame after another.
      }
    } finally {
      connection.out.release();
    }
    if (!isDone() && sendWindow > 0) {
      connection.out.standInLine(this);
    }
  }

  private boolean isDone() {
    return isEmpty() && (!endQueued || endSent);
  }

  /**
   * Sends one frame of what waits, and tells who waits behind it. Returns whether another may
   * follow.
   */
  boolean sendOne() {
    if (closed || isCut) {
      return false;
    }
    Object first = isEmpty() ? null : pending().peek();
    if (first instanceof Buffer data) {
      int length = connection.out.allowed(this, data.length() - firstSent);
      if (length <= 0) {
        return false;
      }
      boolean whole = firstSent + length == data.length();
      boolean last = whole && endQueued && trailers == null && pending().size() == 1;
      int from = firstSent;
      if (whole) {
        pending().remove();
        firstSent = 0;
      } else {
        firstSent += length;
      }
      pendingBytes -= length;
      moved(length);
      costs(whole ? -length - PIECE_BYTES : -length);
      sendData(data, from, length, last);
    }
    while (!isEmpty() && pending().peek() instanceof Waiter waiter) {
      pending().remove();
      costs(-WAITER_BYTES);
      connection.out.whenSent(waiter.callback);
    }
    if (isEmpty() && endQueued && !endSent) {
      sendEnd();
    }
    return !isDone();
  }

  private void moved(int length) {
    sentSince += length;
    if (sentSince >= LEAST_PROGRESS) {
      sentSince = 0;
      waitsSince = connection.now();
    }
  }

  private void sendData(Buffer data, int from, int length, boolean last) {
    endSent = last && endQueued && trailers == null;
    sendWindow -= length;
    connection.out.sendData(
        this, data, BYTES.array(data), BYTES.offset(data) + from, from, length, endSent);
  }

  private void sendEnd() {
    endSent = true;
    OutgoingHeaders lines = trailers;
    if (lines == null) {
      connection.out.sendEmptyEnd(this);
    } else {
      int at = connection.out.beginFields();
      connection.out.fields().trailers(lines, connection.out.writer());
      connection.out.endFields(at, this, true);
    }
  }

  /** In line, or given more room by the peer: one frame. Returns whether it stays in line. */
  boolean takeTurn() {
    sendOne();
    if (endSent && !closed) {
      connection.sideEnded(this);
    }
    if (pendingBytes < highWaterMark()) {
      drained();
    }
    return !closed && !isCut && !isDone() && sendWindow > 0;
  }

  /** The peer takes so many bytes more. */
  boolean widen(long more) {
    sendWindow += more;
    if (sendWindow > Integer.MAX_VALUE) {
      return false;
    }
    if (!isDone() && sendWindow > 0) {
      connection.out.standInLine(this);
    }
    return true;
  }

  @Override
  public void written() {
    connection.out.written();
  }

  @Override
  public void whenSent(Consumer<@Nullable NetException> callback) {
    if ((closed || isCut) && !endSent) {
      connection.reactor.nextTick(() -> callback.accept(notSent()));
    } else if (isEmpty()) {
      connection.out.whenSent(callback);
    } else {
      pending().add(new Waiter(callback));
      costs(WAITER_BYTES);
    }
  }

  private static NetException notSent() {
    return new NetException("ERR_STREAM_DESTROYED", "The stream ended before all was sent.");
  }

  @Override
  public boolean isFull() {
    return pendingBytes >= highWaterMark();
  }

  @Override
  public long queuedBytes() {
    return pendingBytes;
  }

  /** What all that waits to be sent takes, about, in bytes. */
  long pendingCost() {
    return pendingCost;
  }

  boolean endIsSent() {
    return endSent;
  }

  /** Whether something has waited for the peer since before this moment, and hardly moved. */
  boolean hasWaitedSince(long then) {
    return pendingBytes > 0 && waitsSince - then < 0;
  }

  // What comes

  /** What the peer says that its message is long; -1 where it says nothing. */
  void expect(long contentLength) {
    declared = contentLength;
  }

  /** A DATA frame begins. Returns whether the peer may send as much. */
  boolean takeWindow(int length) {
    receiveWindow -= length;
    return receiveWindow >= 0;
  }

  /** Returns whether it fits what was said of the length. */
  boolean receive(byte[] bytes, int from, int to) {
    int length = to - from;
    received += length;
    if (declared >= 0 && received > declared) {
      return false;
    }
    if (deliver(bytes, from, to)) {
      giveBack(length);
    } else {
      held += length;
    }
    return true;
  }

  boolean isWhole() {
    return declared < 0 || received == declared;
  }

  /** Whether the program lets a part of the peer's message wait. */
  boolean isHeld() {
    return held > 0;
  }

  long receivedBytes() {
    return received;
  }

  /** The program takes more. */
  void release() {
    int length = held;
    held = 0;
    giveBack(length);
  }

  /** So many bytes are off our hands: the peer may send as many more, when it is worth a frame. */
  void giveBack(int length) {
    if (length == 0) {
      return;
    }
    connection.giveBack(length);
    credit += length;
    if (!remoteEnded && !closed && credit >= connection.options().streamWindow() / 2) {
      receiveWindow += credit;
      connection.out.sendWindowUpdate(id, credit);
      credit = 0;
    }
  }

  /** It is over; what waits will never be sent. */
  void close() {
    closed = true;
    release();
    dropPending();
  }

  /** Nothing more of it is sent: it is about to be ended, when who is writing has done so. */
  void cut() {
    isCut = true;
    dropPending();
  }

  private void dropPending() {
    ArrayDeque<Object> left = pending;
    pending = null;
    pendingBytes = 0;
    costs(-pendingCost);
    if (left != null) {
      for (Object piece : left) {
        if (piece instanceof Waiter waiter) {
          connection.reactor.nextTick(() -> waiter.callback.accept(notSent()));
        }
      }
    }
  }

  @Override
  public String toString() {
    return "stream " + id + " of " + Objects.toString(connection.socket.remote());
  }
}
