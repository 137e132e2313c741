package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.net.TcpSocket;
import java.util.Arrays;

/**
 * The way in of a connection: what was read is gone through as far as the protocol allows, the rest
 * waits, and while something waits nothing more is read. Loop-confined.
 */
final class Intake {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final byte[] NOTHING = {};

  /** Whose bytes they are. */
  interface Reader {
    /**
     * Goes through bytes, up to their end or to where it {@link #isBlocked}. The array is the
     * reader's from now on.
     *
     * @return up to where it went
     */
    int read(byte[] bytes, int from, int to);

    /** Told behind each {@link #read}. */
    default void wasRead() {}

    /** Whether nothing more may be gone through for now. */
    boolean isBlocked();

    /** Whether nothing will ever be gone through again. */
    boolean isOver();

    /** All that had come was gone through, and more may come. */
    default void caughtUp() {}
  }

  private final Reactor reactor;
  private final TcpSocket socket;
  private final Reader reader;

  /** What was read and not gone through: its array, and from where to where. */
  private byte[] rest = NOTHING;

  private int from;
  private int to;

  private boolean reading;
  private boolean goingOn;
  private boolean paused;

  Intake(Reactor reactor, TcpSocket socket, Reader reader) {
    this.reactor = reactor;
    this.socket = socket;
    this.reader = reader;
  }

  /** The socket has read something. */
  void data(Buffer data) {
    int offset = BYTES.offset(data);
    if (isEmpty()) {
      read(BYTES.array(data), offset, offset + data.length());
    } else {
      append(BYTES.array(data), offset, data.length());
    }
  }

  /** Though it is paused: a program has resumed the socket. What came first is still read first. */
  private void append(byte[] bytes, int offset, int length) {
    byte[] both = Arrays.copyOfRange(rest, from, to + length);
    System.arraycopy(bytes, offset, both, to - from, length);
    to = both.length;
    rest = both;
    from = 0;
    socket.pause();
  }

  /** Goes through these bytes, which come before all others. */
  void read(byte[] bytes, int begin, int end) {
    reading = true;
    int next;
    try {
      next = reader.read(bytes, begin, end);
    } finally {
      reading = false;
    }
    if (reader.isOver()) {
      return;
    }
    if (next < end) {
      rest = bytes;
      from = next;
      to = end;
    }
    if (next < end || reader.isBlocked()) {
      holdBack();
    }
    reader.wasRead();
  }

  private void holdBack() {
    if (!paused) {
      paused = true;
      socket.pause();
    }
  }

  /** Whether {@link Reader#read} runs, which itself looks whether it may go on. */
  boolean isReading() {
    return reading;
  }

  /** Something that has blocked may be over: looked at soon, outside of all calls. */
  void goOn() {
    if (!reading && !goingOn) {
      goingOn = true;
      reactor.nextTick(() -> {
        goingOn = false;
        readRest();
      });
    }
  }

  /** Whether there is anything to {@link #goOn} with: bytes, or a socket that was paused. */
  boolean waits() {
    return paused || from < to;
  }

  private void readRest() {
    if (reader.isOver() || reader.isBlocked()) {
      return;
    }
    if (from < to) {
      byte[] bytes = rest;
      int begin = from;
      int end = to;
      forget();
      read(bytes, begin, end);
    }
    if (reader.isOver() || from < to || reader.isBlocked()) {
      return;
    }
    if (paused) {
      paused = false;
      socket.resume();
    }
    reader.caughtUp();
  }

  /** Whether nothing waits that was read. */
  boolean isEmpty() {
    return from == to;
  }

  /** What waits. */
  Buffer rest() {
    return BYTES.wrap(rest, from, to - from);
  }

  /** What waits is for nobody. */
  void forget() {
    rest = NOTHING;
    from = 0;
    to = 0;
  }
}
