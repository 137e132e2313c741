package io.netloop.ws;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of a message together. A message of one frame that came in one piece stays where
 * it was read; others are gathered, in memory that grows with what has come and not with what was
 * announced. Texts are checked as they come.
 *
 * <p>Loop-confined.
 */
final class MessageReader {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final int FIRST_BYTES = 4 * 1024;
  private static final int MOST_ARRAY = Integer.MAX_VALUE - 8;
  private static final byte[] NOTHING = {};

  /** So much is inflated at a time; then it is the turn of others on the loop. */
  private static final int MOST_INFLATED = 1 << 20;

  private final long maxPayload;
  private final int maxFragments;
  private final @Nullable Deflate deflate;
  private final Consumer<Message> whole;

  /** Where messages go piece by piece, or null where they are handed out whole. */
  private @Nullable Parts parts;

  private final Utf8Check utf8 = new Utf8Check();

  /** Who takes messages piece by piece. */
  interface Parts {
    void begin(boolean isBinary);

    /**
     * How many bytes of a compressed message it takes next. With 0 the rest of what has come stays
     * compressed until {@link #goOn}.
     */
    int room();

    void part(Buffer data);

    void end();
  }

  /** Where the bytes of a compressed message go. */
  private final Deflate.Output adding =
      new Deflate.Output() {
        @Override
        public int room() {
          return streamed == null ? mayInflate : Math.min(streamed.room(), mayInflate);
        }

        @Override
        public void inflated(byte[] bytes, int from, int to) throws ProtocolError {
          mayInflate -= to - from;
          add(bytes, from, to);
        }
      };

  /** Some of what has come waits, compressed, and whether the message ends with it. */
  private boolean waits;

  private boolean waitsForEnd;

  /** How many bytes may still be inflated before others have their turn. */
  private int mayInflate = MOST_INFLATED;

  private boolean text;
  private boolean compressed;
  private boolean fin;

  /** As {@link #parts} was when the message began. */
  private @Nullable Parts streamed;

  private int fragments;
  private long announced;
  private long inflated;
  private byte[] gathered = NOTHING;
  private int length;

  /**
   * A reader of messages of so many bytes and frames at the most.
   *
   * @param whole told of each message
   */
  MessageReader(
      long maxPayload, int maxFragments, @Nullable Deflate deflate, Consumer<Message> whole) {
    this.maxPayload = maxPayload;
    this.maxFragments = maxFragments;
    this.deflate = deflate;
    this.whole = whole;
  }

  /** Hands messages out piece by piece from the next one on. */
  void streamTo(Parts to) {
    parts = to;
  }

  void begin(int opcode, boolean isCompressed, boolean isLast, long frameLength)
      throws ProtocolError {
    fin = isLast;
    if (opcode != FrameReader.CONTINUATION) {
      text = opcode == FrameReader.TEXT;
      compressed = isCompressed;
      fragments = 0;
      announced = 0;
      inflated = 0;
      utf8.reset();
      streamed = parts;
      if (streamed != null) {
        streamed.begin(!text);
      }
    }
    announced += frameLength;
    if (!compressed && announced > maxPayload) {
      throw tooBig();
    }
    if (++fragments > maxFragments) {
      throw new ProtocolError(
          CloseCode.POLICY, "WS_ERR_TOO_MANY_BUFFERED_PARTS", "Too many message fragments");
    }
  }

  void payload(byte[] bytes, int from, int to, boolean last) throws ProtocolError {
    boolean ends = last && fin;
    if (compressed && deflate != null) {
      waitsForEnd = ends;
      waits = !deflate.inflate(bytes, from, to, ends, adding);
      if (waits) {
        return;
      }
    } else if (streamed == null && ends && length == 0) {
      check(bytes, from, to);
      deliver(BYTES.wrap(bytes, from, to - from));
      return;
    } else {
      add(bytes, from, to);
    }
    if (ends) {
      finish();
    }
  }

  /** Whether {@link #goOn} has to be called before more is read. */
  boolean waits() {
    return waits;
  }

  /** A turn begins: as much as before may be inflated again. */
  void beginTurn() {
    mayInflate = MOST_INFLATED;
  }

  /** Whether the rest waits only because it is the turn of others. */
  boolean hasHadItsTurn() {
    return waits && mayInflate <= 0;
  }

  /** Hands out what waits of a compressed message, as far as there is room now. */
  void goOn() throws ProtocolError {
    if (!waits || deflate == null) {
      return;
    }
    waits = !deflate.goOn(adding);
    if (!waits && waitsForEnd) {
      finish();
    }
  }

  /** All of the message has come. */
  private void finish() throws ProtocolError {
    if (streamed != null) {
      requireWholeText();
      streamed.end();
      return;
    }
    Buffer all = BYTES.wrap(gathered, 0, length);
    gathered = NOTHING;
    length = 0;
    deliver(all);
  }

  private void add(byte[] bytes, int from, int to) throws ProtocolError {
    check(bytes, from, to);
    int more = to - from;
    if (streamed != null) {
      inflated += more;
      if (inflated > maxPayload) {
        throw tooBig();
      }
      if (more > 0) {
        streamed.part(Buffer.from(bytes, from, more));
      }
      return;
    }
    if (length + (long) more > maxPayload) {
      throw tooBig();
    }
    if (gathered.length - length < more) {
      long twice = Math.max(FIRST_BYTES, gathered.length * 2L);
      long enough = Math.max(twice, (long) length + more);
      gathered = Arrays.copyOf(gathered, (int) Math.min(Math.min(enough, maxPayload), MOST_ARRAY));
    }
    System.arraycopy(bytes, from, gathered, length, more);
    length += more;
  }

  private void check(byte[] bytes, int from, int to) throws ProtocolError {
    if (text && !utf8.accept(bytes, from, to)) {
      throw badText();
    }
  }

  private void requireWholeText() throws ProtocolError {
    if (text && !utf8.isComplete()) {
      throw badText();
    }
  }

  private void deliver(Buffer data) throws ProtocolError {
    requireWholeText();
    whole.accept(new Message(data, !text));
  }

  private static ProtocolError badText() {
    return new ProtocolError(
        CloseCode.BAD_PAYLOAD,
        "WS_ERR_INVALID_UTF8",
        "Invalid WebSocket frame: invalid UTF-8 sequence");
  }

  private ProtocolError tooBig() {
    return new ProtocolError(
        CloseCode.TOO_BIG,
        "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
        "Max payload size exceeded: a message may have " + maxPayload + " bytes");
  }

  /** Nothing more will come. */
  void end() {
    gathered = NOTHING;
    length = 0;
    waits = false;
  }
}
