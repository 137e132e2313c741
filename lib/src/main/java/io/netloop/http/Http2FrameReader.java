package io.netloop.http;

import static io.netloop.http.Http2Frames.ACK;
import static io.netloop.http.Http2Frames.END_HEADERS;
import static io.netloop.http.Http2Frames.END_STREAM;
import static io.netloop.http.Http2Frames.PADDED;
import static io.netloop.http.Http2Frames.WITH_PRIORITY;

import java.util.Arrays;

/**
 * Cuts what comes over a connection of HTTP/2 into frames (RFC 9113 §4 and §6), and checks what a
 * frame alone can have wrong. What it throws costs the connection. A body's bytes are passed on as
 * they come, from the array that was read; other frames are small, and kept until they are whole.
 * The fields of a HEADERS frame and its CONTINUATIONs are put together, within a limit.
 * Loop-confined.
 */
final class Http2FrameReader {
  /** Who is told what comes, in order. */
  interface Sink {
    /**
     * A DATA frame begins.
     *
     * @param length with its padding: all of it counts for flow control
     */
    void dataBegins(int streamId, int length) throws Http2Error;

    /** A part of a DATA frame. */
    void data(int streamId, byte[] bytes, int from, int to) throws Http2Error;

    /** A DATA frame is complete. */
    void dataEnds(int streamId, int padding, boolean endStream) throws Http2Error;

    /** Fields, compressed, as of a HEADERS frame with its continuations. */
    void headers(int streamId, byte[] block, int from, int to, boolean endStream) throws Http2Error;

    void reset(int streamId, int code) throws Http2Error;

    void settings(byte[] bytes, int from, int to) throws Http2Error;

    void settingsAcknowledged() throws Http2Error;

    /** Eight bytes of a PING. */
    void ping(byte[] bytes, int from, boolean ack) throws Http2Error;

    void goAway(int lastStreamId, int code) throws Http2Error;

    /** The peer takes more; 0 for the connection. */
    void windowUpdate(int streamId, int more) throws Http2Error;

    /** What costs one stream only. */
    void wrongStream(int streamId, int code, String reason) throws Http2Error;

    /** A frame that nobody has to act on, but that has cost us time. */
    void idle(int type) throws Http2Error;
  }

  /** A block of fields may come in so many continuations; nobody sends more than a few. */
  private static final int MOST_CONTINUATIONS = 16;

  private static final byte[] NOTHING = {};

  private final Sink sink;
  private final int mostFieldBytes;

  // The preface of a client, or the head of a frame, as far as it has come.
  private int prefaceLeft;
  private boolean first = true;
  private final byte[] head = new byte[Http2Frames.HEAD_BYTES];
  private int headLength;
  private boolean inFrame;

  private int length;
  private int type;
  private int flags;
  private int streamId;

  // Of a DATA frame: what is to come of it, and of that of padding.
  private int left;
  private int padding;
  private boolean padKnown;

  /** Its padding, with the byte that says how long it is. */
  private int padBytes;

  /** What has come of another frame's payload. */
  private byte[] held = NOTHING;

  private int heldLength;

  // A block of fields that goes on in continuations.
  private int blockStream;
  private boolean blockEnds;
  private boolean blockDependsOnItself;
  private byte[] block = NOTHING;
  private int blockLength;
  private int continuations;

  private boolean stopped;

  /**
   * A reader of what a client sends, or a server.
   *
   * @param mostFieldBytes how many bytes a block of fields may have, compressed
   */
  Http2FrameReader(Sink sink, boolean ofClient, int mostFieldBytes) {
    this.sink = sink;
    this.prefaceLeft = ofClient ? Http2Frames.PREFACE.length : 0;
    this.mostFieldBytes = mostFieldBytes;
  }

  /** Called while {@link #read} runs: what follows waits for another call of it. */
  void stop() {
    stopped = true;
  }

  /** Whether fields have begun and not ended: the time for that is limited. */
  boolean isInFields() {
    return blockStream != 0 || prefaceLeft > 0 || first;
  }

  /**
   * Goes through what was read, up to its end or to where somebody calls {@link #stop}.
   *
   * @return up to where it went
   */
  int read(byte[] bytes, int from, int to) throws Http2Error {
    stopped = false;
    int next = prefaceLeft > 0 ? preface(bytes, from, to) : from;
    while (next < to && !stopped) {
      if (!inFrame) {
        next = headAt(bytes, next, to);
      } else if (type == Http2Frames.DATA) {
        next = dataAt(bytes, next, to);
      } else {
        next = payloadAt(bytes, next, to);
      }
    }
    return next;
  }

  private int preface(byte[] bytes, int from, int to) throws Http2Error {
    int next = from;
    while (next < to && prefaceLeft > 0) {
      if (bytes[next++] != Http2Frames.PREFACE[Http2Frames.PREFACE.length - prefaceLeft--]) {
        throw protocolError("The connection does not begin as one of HTTP/2 does.");
      }
    }
    return next;
  }

  // The head of a frame

  private int headAt(byte[] bytes, int from, int to) throws Http2Error {
    if (headLength == 0 && to - from >= Http2Frames.HEAD_BYTES) {
      begin(bytes, from);
      return from + Http2Frames.HEAD_BYTES;
    }
    int count = Math.min(to - from, Http2Frames.HEAD_BYTES - headLength);
    System.arraycopy(bytes, from, head, headLength, count);
    headLength += count;
    if (headLength == Http2Frames.HEAD_BYTES) {
      headLength = 0;
      begin(head, 0);
    }
    return from + count;
  }

  private void begin(byte[] b, int at) throws Http2Error {
    length = (b[at] & 0xff) << 16 | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff);
    type = b[at + 3] & 0xff;
    flags = b[at + 4] & 0xff;
    streamId = int32(b, at + 5) & Integer.MAX_VALUE;
    if (length > Http2Frames.DEFAULT_FRAME) {
      throw sizeError("A frame has " + length + " bytes, more than 16384.");
    }
    if (first && (type != Http2Frames.SETTINGS || is(ACK))) {
      throw protocolError("The first frame is none of SETTINGS.");
    }
    first = false;
    if (blockStream != 0 && (type != Http2Frames.CONTINUATION || streamId != blockStream)) {
      throw protocolError("Fields that are not complete are followed by another frame.");
    }
    inFrame = true;
    if (type == Http2Frames.DATA) {
      beginData();
    } else {
      checkHead();
      if (length == 0) {
        whole(NOTHING, 0);
      }
    }
  }

  private boolean is(int flag) {
    return (flags & flag) != 0;
  }

  private void checkHead() throws Http2Error {
    switch (type) {
      case Http2Frames.HEADERS, Http2Frames.PRIORITY, Http2Frames.CONTINUATION -> needStream();
      case Http2Frames.RST_STREAM -> {
        needStream();
        needLength(4);
      }
      case Http2Frames.SETTINGS -> {
        needNoStream();
        if (is(ACK) ? length != 0 : length % Http2Frames.SETTING_BYTES != 0) {
          throw sizeError("A SETTINGS frame has " + length + " bytes.");
        }
      }
      case Http2Frames.PING -> {
        needNoStream();
        needLength(8);
      }
      case Http2Frames.GOAWAY -> {
        needNoStream();
        if (length < 8) {
          throw sizeError("A GOAWAY frame has " + length + " bytes.");
        }
      }
      case Http2Frames.WINDOW_UPDATE -> needLength(4);
      case Http2Frames.PUSH_PROMISE ->
          throw protocolError("A PUSH_PROMISE came, which nobody has allowed.");
      default -> {
        // A type that we do not know is read over (RFC 9113 §4.1).
      }
    }
  }

  private void needStream() throws Http2Error {
    if (streamId == 0) {
      throw protocolError("A frame of type " + type + " belongs to no stream.");
    }
  }

  private void needNoStream() throws Http2Error {
    if (streamId != 0) {
      throw protocolError("A frame of type " + type + " belongs to stream " + streamId + ".");
    }
  }

  private void needLength(int wanted) throws Http2Error {
    if (length != wanted) {
      throw sizeError("A frame of type " + type + " has " + length + " bytes, not " + wanted + ".");
    }
  }

  // A body

  private void beginData() throws Http2Error {
    needStream();
    left = length;
    padding = 0;
    padBytes = 0;
    padKnown = !is(PADDED);
    if (!padKnown && length == 0) {
      throw sizeError("A padded DATA frame has no length of its padding.");
    }
    sink.dataBegins(streamId, length);
    if (length == 0) {
      endData();
    }
  }

  private int dataAt(byte[] bytes, int from, int to) throws Http2Error {
    int next = from;
    if (!padKnown) {
      padding = bytes[next++] & 0xff;
      padKnown = true;
      left--;
      padBytes = 1 + padding;
      if (padding > left) {
        throw protocolError("The padding of a DATA frame is longer than the frame.");
      }
    }
    int end = next + Math.min(left - padding, to - next);
    if (end > next) {
      left -= end - next;
      sink.data(streamId, bytes, next, end);
    }
    if (left == padding && end < to && left > 0) {
      int skipped = Math.min(left, to - end);
      left -= skipped;
      end += skipped;
      padding = left;
    }
    if (left == 0) {
      endData();
    }
    return end;
  }

  private void endData() throws Http2Error {
    inFrame = false;
    sink.dataEnds(streamId, padBytes, is(END_STREAM));
  }

  // Other frames

  private int payloadAt(byte[] bytes, int from, int to) throws Http2Error {
    if (heldLength == 0 && to - from >= length) {
      whole(bytes, from);
      return from + length;
    }
    if (heldLength == 0) {
      held = new byte[length];
    }
    int count = Math.min(to - from, length - heldLength);
    System.arraycopy(bytes, from, held, heldLength, count);
    heldLength += count;
    if (heldLength == length) {
      byte[] payload = held;
      held = NOTHING;
      heldLength = 0;
      whole(payload, 0);
    }
    return from + count;
  }

  private void whole(byte[] b, int at) throws Http2Error {
    inFrame = false;
    switch (type) {
      case Http2Frames.HEADERS -> fields(b, at);
      case Http2Frames.CONTINUATION -> continued(b, at);
      case Http2Frames.PRIORITY -> priority(b, at);
      case Http2Frames.RST_STREAM -> sink.reset(streamId, int32(b, at));
      case Http2Frames.SETTINGS -> {
        if (is(ACK)) {
          sink.settingsAcknowledged();
        } else {
          sink.settings(b, at, at + length);
        }
      }
      case Http2Frames.PING -> sink.ping(b, at, is(ACK));
      case Http2Frames.GOAWAY -> sink.goAway(int32(b, at) & Integer.MAX_VALUE, int32(b, at + 4));
      case Http2Frames.WINDOW_UPDATE -> {
        int more = int32(b, at) & Integer.MAX_VALUE;
        if (more == 0) {
          wrongStream(Http2Code.PROTOCOL_ERROR, "A WINDOW_UPDATE adds nothing.");
        } else {
          sink.windowUpdate(streamId, more);
        }
      }
      default -> sink.idle(type);
    }
  }

  /** Priorities are checked, and nothing else: RFC 9113 §5.3.2 allows that. */
  private void priority(byte[] b, int at) throws Http2Error {
    if (length != 5) {
      wrongStream(Http2Code.FRAME_SIZE_ERROR, "A PRIORITY frame has " + length + " bytes, not 5.");
    } else if (dependsOnItself(b, at)) {
      wrongDependency();
    } else {
      sink.idle(type);
    }
  }

  private boolean dependsOnItself(byte[] b, int at) {
    return (int32(b, at) & Integer.MAX_VALUE) == streamId;
  }

  private void wrongDependency() throws Http2Error {
    wrongStream(Http2Code.PROTOCOL_ERROR, "Stream " + streamId + " depends on itself.");
  }

  private void wrongStream(int code, String reason) throws Http2Error {
    if (streamId == 0) {
      throw new Http2Error(code, reason);
    }
    sink.wrongStream(streamId, code, reason);
  }

  private void fields(byte[] b, int at) throws Http2Error {
    int from = at;
    int to = at + length;
    int padded = 0;
    if (is(PADDED)) {
      if (length == 0) {
        throw sizeError("A padded HEADERS frame has no length of its padding.");
      }
      padded = b[from++] & 0xff;
    }
    int dependency = from;
    if (is(WITH_PRIORITY)) {
      from += 5;
    }
    to -= padded;
    if (from > to) {
      throw protocolError("The padding of a HEADERS frame is longer than the frame.");
    }
    blockEnds = is(END_STREAM);
    blockDependsOnItself = is(WITH_PRIORITY) && dependsOnItself(b, dependency);
    if (is(END_HEADERS)) {
      checkBlock(to - from);
      complete(b, from, to);
    } else {
      blockStream = streamId;
      continuations = 0;
      append(b, from, to);
    }
  }

  private void complete(byte[] b, int from, int to) throws Http2Error {
    sink.headers(streamId, b, from, to, blockEnds);
    if (blockDependsOnItself) {
      wrongDependency(); // Behind the fields, which have to be read all the same.
    }
  }

  private void continued(byte[] b, int at) throws Http2Error {
    if (blockStream == 0) {
      throw protocolError("A CONTINUATION continues nothing.");
    }
    if (++continuations > MOST_CONTINUATIONS) {
      throw new Http2Error(
          Http2Code.ENHANCE_YOUR_CALM,
          "Fields come in more than " + MOST_CONTINUATIONS + " continuations.");
    }
    append(b, at, at + length);
    if (is(END_HEADERS)) {
      byte[] whole = block;
      int wholeLength = blockLength;
      block = NOTHING;
      blockLength = 0;
      blockStream = 0;
      complete(whole, 0, wholeLength);
    }
  }

  private void append(byte[] b, int from, int to) throws Http2Error {
    int more = to - from;
    checkBlock(blockLength + more);
    if (block.length < blockLength + more) {
      block = Arrays.copyOf(block, Math.max(block.length * 2, blockLength + more));
    }
    System.arraycopy(b, from, block, blockLength, more);
    blockLength += more;
  }

  /** Skipping it would leave the compression in disorder: it costs the connection. */
  private void checkBlock(int bytes) throws Http2Error {
    if (bytes > mostFieldBytes) {
      throw new Http2Error(
          Http2Code.ENHANCE_YOUR_CALM,
          "Fields have more than " + mostFieldBytes + " bytes, compressed.");
    }
  }

  static int int32(byte[] b, int at) {
    return (b[at] & 0xff) << 24
        | (b[at + 1] & 0xff) << 16
        | (b[at + 2] & 0xff) << 8
        | (b[at + 3] & 0xff);
  }

  private static Http2Error protocolError(String reason) {
    return new Http2Error(Http2Code.PROTOCOL_ERROR, reason);
  }

  private static Http2Error sizeError(String reason) {
    return new Http2Error(Http2Code.FRAME_SIZE_ERROR, reason);
  }
}
