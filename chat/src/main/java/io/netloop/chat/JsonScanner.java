package io.netloop.chat;

import io.netloop.loop.Buffer;

/**
 * Finds the JSON objects in a stream of bytes that has no delimiters one could count on: bare,
 * joined, separated by blanks and line ends, split at any byte. It only finds where an object ends;
 * whether that is JSON, the {@link MessageReader} decides. The table in section 4 of the wire
 * protocol is this class. <i>Loop-confined.</i>
 *
 * <p>Each byte is looked at once, and copied at most a few times; kept are only the bytes of an
 * object that is not complete, at most the limit, however long a piece is. What was found is told
 * to the {@link Sink} while {@link #feed} runs. Nothing that a peer sends makes it throw.
 */
final class JsonScanner {
  /** How deep objects and arrays may nest; a deeper object is one bad message. */
  static final int MAX_DEPTH = 64;

  /** Learns what the scanner found, in the order of the bytes. It may stop the scanner at once. */
  interface Sink {
    /** A complete object, from its first brace to its last; the array is the receiver's own. */
    void receive(byte[] json);

    /** Bytes that are no message: told once for the whole stretch, as soon as it begins. */
    void badMessage();

    /** A message over the limit. It is the last thing told: the scanner has stopped. */
    void tooLong();
  }

  private enum State {
    /** Before the first byte, or inside a byte order mark. */
    START,
    /** Between two messages. */
    BETWEEN,
    /** Inside a bad stretch that has been reported. */
    BAD,
    /** In an object, outside text. */
    OBJECT,
    /** In text inside an object. */
    TEXT,
    /** After a backslash in text. */
    ESCAPE,
    /** Nothing is looked at any more. */
    STOPPED
  }

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final int maxBytes;
  private final Sink sink;
  private final Carry carry;
  private State state = State.START;

  /** How many bytes the object or the stretch has so far (of the byte order mark, in START). */
  private int size;

  private int depth;

  /** The last byte that is not white space; a whole text counts as its closing quotation mark. */
  private int last;

  /** The object was reported as bad already, and is only followed to its end. */
  private boolean condemned;

  private long objects;
  private boolean anyMessage;
  private boolean framesByLine;
  private long examined;

  /**
   * A scanner for one connection.
   *
   * @param maxBytes how long one message (or a bad stretch) may be, in bytes, at least 2
   * @param sink learns what is found
   */
  JsonScanner(int maxBytes, Sink sink) {
    this.maxBytes = maxBytes;
    this.sink = sink;
    carry = new Carry(maxBytes);
  }

  /** Takes the next piece, as it came with one 'data' event. After a stop it is ignored. */
  void feed(Buffer piece) {
    int length = piece.length();
    if (state == State.BAD && length > 0 && at(piece, 0) == '{') {
      state = State.BETWEEN;
    }
    for (int i = 0; i < length && state != State.STOPPED; i++) {
      step(piece, i);
    }
    if (inObject() && !condemned) {
      // The object goes on in the next piece.
      carry.add(piece.slice(length - (size - carry.length())));
    }
  }

  /**
   * Looks at nothing more and drops what is incomplete without a word: the connection has ended.
   * May be called from the sink.
   */
  void stop() {
    state = State.STOPPED;
    carry.clear();
  }

  /**
   * Which object is begun and not complete, counted from 1, or 0 where none is: with it a timer can
   * tell an object that hangs from the next one.
   */
  long unfinishedObject() {
    return inObject() ? objects : 0;
  }

  /** Reports the incomplete object as a bad message, if there is one, and drops it. */
  void dropUnfinished() {
    if (inObject()) {
      // Its rest, should it still come, belongs to the same stretch.
      endObject(State.BAD);
    }
  }

  /**
   * Whether the peer has ever ended a message with a line end; then it reads lines too, and several
   * messages may reach it in one write.
   */
  boolean framesByLine() {
    return framesByLine;
  }

  /** How many bytes were looked at or copied, each time counted. Grows in line with the input. */
  long work() {
    return examined + carry.copied();
  }

  /** How many bytes are kept of an incomplete object. */
  int kept() {
    return carry.capacity();
  }

  private void step(Buffer piece, int i) {
    int b = at(piece, i);
    switch (state) {
      case START -> start(b, i == 0);
      case BETWEEN -> between(b);
      case BAD -> bad(b);
      case OBJECT -> object(b, piece, i);
      case TEXT, ESCAPE -> text(b);
      case STOPPED -> {}
    }
  }

  private void start(int b, boolean firstOfPiece) {
    if (b == (BYTE_ORDER_MARK[size] & 0xff)) {
      size++;
      if (size == BYTE_ORDER_MARK.length) {
        state = State.BETWEEN;
      }
    } else if (size == 0) {
      state = State.BETWEEN;
      between(b);
    } else {
      // Half a mark: the stretch began with it, in an earlier piece if this byte opens one.
      beginBad(size);
      if (state == State.BAD && b == '{' && firstOfPiece) {
        state = State.BETWEEN;
        between(b);
      } else if (state == State.BAD) {
        bad(b);
      }
    }
  }

  private void between(int b) {
    switch (b) {
      case '\n' -> framesByLine |= anyMessage;
      case ' ', '\t', '\r' -> {}
      case '{' -> beginObject();
      default -> beginBad(1);
    }
  }

  private void beginBad(int bytes) {
    state = State.BAD;
    size = bytes;
    anyMessage = true;
    sink.badMessage();
  }

  private void bad(int b) {
    if (b == '\n') {
      state = State.BETWEEN;
      framesByLine = true;
    } else {
      grow();
    }
  }

  private void beginObject() {
    state = State.OBJECT;
    size = 1;
    depth = 1;
    last = '{';
    condemned = false;
    objects++;
  }

  private void object(int b, Buffer piece, int i) {
    switch (b) {
      case ' ', '\t', '\r', '\n' -> {
        grow();
        return;
      }
      case '{' -> {
        if (last != ':' && last != ',' && last != '[') {
          // Impossible in JSON: the message before this brace has lost its end.
          endObject(State.BETWEEN);
          if (state == State.BETWEEN) {
            beginObject();
          }
          return;
        }
        deeper();
      }
      case '[' -> deeper();
      case '}', ']' -> depth--;
      case '"' -> state = State.TEXT;
      default -> {}
    }
    last = b;
    grow();
    if (depth == 0 && state == State.OBJECT) {
      complete(piece, i);
    }
  }

  private void text(int b) {
    if (b == '\n' || b == '\r') {
      // Also after a backslash: no JSON has a raw line end in text, and from here one can recover.
      endObject(State.BETWEEN);
      return;
    }
    if (state == State.ESCAPE) {
      state = State.TEXT;
    } else if (b == '\\') {
      state = State.ESCAPE;
    } else if (b == '"') {
      state = State.OBJECT;
    }
    grow();
  }

  private void deeper() {
    depth++;
    if (depth > MAX_DEPTH && !condemned) {
      condemned = true;
      anyMessage = true;
      carry.clear();
      sink.badMessage();
    }
  }

  /** Counts a byte, and stops at the one that is too many. */
  private void grow() {
    if (state != State.STOPPED && ++size > maxBytes) {
      stop();
      sink.tooLong();
    }
  }

  /** The object comes to no good end. */
  private void endObject(State next) {
    boolean known = condemned;
    state = next;
    size = 0;
    condemned = false;
    anyMessage = true;
    carry.clear();
    if (!known) {
      sink.badMessage();
    }
  }

  private void complete(Buffer piece, int i) {
    state = State.BETWEEN;
    anyMessage = true;
    if (condemned) {
      return;
    }
    sink.receive(carry.finish(piece.slice(i + 1 - (size - carry.length()), i + 1)));
  }

  private boolean inObject() {
    return state == State.OBJECT || state == State.TEXT || state == State.ESCAPE;
  }

  private int at(Buffer piece, int i) {
    examined++;
    return piece.get(i);
  }
}
