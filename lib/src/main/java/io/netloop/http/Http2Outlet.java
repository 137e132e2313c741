package io.netloop.http;

import io.netloop.engine.SocketAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a connection of HTTP/2: its frames, the compression of the fields that it sends,
 * and the part of the flow control that all streams share. Streams that have something to send and
 * wait for the connection alone stand in a line, and send one frame each in turns: priorities are
 * ignored, as the standard allows. Loop-confined.
 */
final class Http2Outlet {
  private static final SocketAccess<TcpSocket> SOCKETS = SocketAccess.of(TcpSocket.class);

  /** So much may wait, past a full socket, that is no body; then nothing more is read. */
  private static final int MOST_OVERFILL = 64 * 1024;

  /** So many bytes of a body are of use, even where they are only a part of what was written. */
  private static final int OF_USE = 1024;

  private final Http2Connection connection;
  private final TcpSocket socket;
  private final SocketWire wire;
  private final HpackWriter hpack = new HpackWriter();
  private final OutgoingFields fields = new OutgoingFields(hpack);

  private int peerFrame = Http2Frames.DEFAULT_FRAME;
  private int peerWindow = Http2Frames.DEFAULT_WINDOW;
  private long sendWindow = Http2Frames.DEFAULT_WINDOW;
  private final ArrayDeque<Http2Stream> line = new ArrayDeque<>(0);
  private boolean serving;
  private int holds;
  private long queuedBytes;
  private int overfill;

  Http2Outlet(Http2Connection connection, TcpSocket socket) {
    this.connection = connection;
    this.socket = socket;
    this.wire = new SocketWire(socket, connection.reactor);
  }

  // What the peer says

  /** How large the peer's table of fields may be. */
  void maxTableBytes(long most) {
    hpack.maxTableBytes(most);
  }

  /** How long a frame may be that the peer takes. */
  void maxFrame(int most) {
    peerFrame = most;
  }

  /** The window that new streams begin with. Returns by how much others change. */
  int initialWindow(int window) {
    int change = window - peerWindow;
    peerWindow = window;
    return change;
  }

  /** The peer takes so much more of all streams. Returns whether it may say so. */
  boolean widen(int more) {
    sendWindow += more;
    return sendWindow <= Integer.MAX_VALUE;
  }

  // Frames

  /** Lets everything gather, until {@link #release} was called as often. */
  void hold() {
    if (holds++ == 0) {
      wire.hold();
      socket.cork();
    }
  }

  void release() {
    if (--holds == 0) {
      wire.flush();
      socket.uncork();
    }
  }

  /** Hands over what has gathered. */
  void flush() {
    wire.flush();
  }

  /**
   * Whether no more may leave for now. While a peer takes everything, up to a mebibyte gathers for
   * one call of the system, which costs it far less than many calls do.
   */
  private boolean isFull() {
    return SOCKETS.isFull(socket);
  }

  /** Whether more waits than a peer may have us say that does not read. */
  boolean isOverfull() {
    return overfill > MOST_OVERFILL;
  }

  /** The socket has taken everything. */
  void drained() {
    overfill = 0;
    serveLine();
  }

  /** Nothing will be sent any more. */
  void end() {
    line.clear();
  }

  HeadWriter writer() {
    return wire.writer();
  }

  OutgoingFields fields() {
    return fields;
  }

  int initialSendWindow() {
    return peerWindow;
  }

  /** Leaves room for the head of a frame. Returns where it begins. */
  int beginFields() {
    int at = wire.writer().length();
    Http2Frames.head(wire.writer(), 0, Http2Frames.HEADERS, 0, 0);
    return at;
  }

  /** Makes a frame, or several, of the fields that were put in since. */
  void endFields(int at, Http2Stream stream, boolean endStream) {
    HeadWriter to = wire.writer();
    int length = to.length() - at - Http2Frames.HEAD_BYTES;
    byte[] block = length > peerFrame ? to.copyFrom(at + Http2Frames.HEAD_BYTES) : new byte[0];
    int first = Math.min(length, peerFrame);
    int flags = endStream ? Http2Frames.END_STREAM : 0;
    to.truncate(at);
    Http2Frames.head(
        to,
        first,
        Http2Frames.HEADERS,
        flags | (first == length ? Http2Frames.END_HEADERS : 0),
        stream.id);
    to.truncate(at + Http2Frames.HEAD_BYTES + first);
    for (int from = first; from < length; from += peerFrame) {
      int count = Math.min(peerFrame, length - from);
      int last = from + count == length ? Http2Frames.END_HEADERS : 0;
      Http2Frames.head(to, count, Http2Frames.CONTINUATION, last, stream.id);
      to.put(block, from, count);
    }
    put();
  }

  /** Something that is no body was put into the writer. */
  void put() {
    if (isFull()) {
      overfill += wire.writer().length();
      wire.written();
      if (isOverfull()) {
        connection.overfull();
      }
    } else {
      wire.written();
    }
  }

  /** Whether a whole part of a body may leave at once. */
  boolean maySend(Http2Stream stream, int length) {
    return length <= stream.sendWindow && length <= sendWindow && length <= peerFrame && !isFull();
  }

  /** How many bytes of so many may leave now, in one frame. */
  int allowed(Http2Stream stream, int wanted) {
    if (isFull()) {
      return 0;
    }
    long most = Math.min(stream.sendWindow, sendWindow);
    return (int) Math.min(most, Math.min(wanted, Http2Frames.DEFAULT_FRAME));
  }

  void sendData(
      Http2Stream stream,
      Buffer data,
      byte[] array,
      int offset,
      int from,
      int length,
      boolean endStream) {
    sendWindow -= length;
    if (length >= OF_USE || from + length == data.length()) {
      connection.sentBody(); // and not for each byte that a peer asks for by itself
    }
    HeadWriter to = wire.writer();
    int flags = endStream ? Http2Frames.END_STREAM : 0;
    Http2Frames.head(to, length, Http2Frames.DATA, flags, stream.id);
    if (length <= SocketWire.SMALL_BYTES) {
      to.put(array, offset, length);
    } else {
      wire.write(length == data.length() ? data : data.slice(from, from + length));
    }
    wire.written();
  }

  void sendEmptyEnd(Http2Stream stream) {
    Http2Frames.head(wire.writer(), 0, Http2Frames.DATA, Http2Frames.END_STREAM, stream.id);
    put();
  }

  void sendReset(int streamId, int code) {
    Http2Frames.reset(wire.writer(), streamId, code);
    put();
  }

  void sendWindowUpdate(int streamId, int more) {
    if (!connection.over) {
      Http2Frames.windowUpdate(wire.writer(), streamId, more);
      put();
    }
  }

  void sendGoAway(int lastStreamId, int code, String reason) {
    Http2Frames.goAway(wire.writer(), lastStreamId, code, reason);
    put();
  }

  void sendPing(byte[] eight) {
    Http2Frames.ping(wire.writer(), false, eight, 0);
    put();
  }

  void written() {
    wire.written();
  }

  void whenSent(Consumer<@Nullable NetException> callback) {
    wire.whenSent(callback);
  }

  void standInLine(Http2Stream stream) {
    if (!stream.inLine) {
      stream.inLine = true;
      line.add(stream);
    }
  }

  /** Those in line send a frame each, as long as there is room. */
  void serveLine() {
    if (serving) {
      return;
    }
    serving = true;
    hold();
    try {
      while (!line.isEmpty() && sendWindow > 0 && !isFull() && !connection.over) {
        Http2Stream next = line.remove();
        next.inLine = false;
        if (next.takeTurn()) {
          standInLine(next);
        }
      }
    } finally {
      serving = false;
      release();
    }
  }

  /** More waits for the peer, or less. */
  void queued(long more) {
    queuedBytes += more;
  }

  /**
   * Something is about to wait: where too much does already, the stream that most waits of is
   * ended, so that none pays for another. At most the limit and one write are held.
   */
  void makeRoom() {
    long limit = connection.hardLimitBytes();
    if (queuedBytes <= limit) {
      return;
    }
    connection.count("ERR_OUTBOX_LIMIT");
    NetException why =
        new NetException(
            "ERR_OUTBOX_LIMIT",
            "%d bytes wait for a peer that does not take them, more than the limit of %d."
                .formatted(queuedBytes, limit));
    Http2Stream most = connection.longestQueue();
    if (most != null) {
      connection.reactor.nextTick(() ->
          connection.end(most, new Http2End(CloseCause.By.US, Http2Code.CANCEL, why, false), true));
      most.cut(); // Who waits for it is told behind that.
    }
  }
}
