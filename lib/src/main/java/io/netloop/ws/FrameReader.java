package io.netloop.ws;

import java.util.Arrays;

/**
 * Cuts what comes into frames (RFC 6455 §5.2) and checks each before its payload is read. A payload
 * is unmasked where it stands; what comes in one piece is passed on without a copy.
 *
 * <p>Loop-confined.
 */
final class FrameReader {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int MOST_HEADER = 14;
  private static final int MOST_CONTROL = 125;

  /** Who is told what comes, in order. The array may be kept: nobody writes to it any more. */
  interface Sink {
    /**
     * A frame of a message begins.
     *
     * @param opcode {@link #TEXT} or {@link #BINARY} for its first, else {@link #CONTINUATION}
     * @param compressed whether the first frame says so
     * @param fin whether it is the last
     * @param length of its payload
     */
    void begin(int opcode, boolean compressed, boolean fin, long length) throws ProtocolError;

    /** A part of the frame's payload; with {@code last} all of it has come. */
    void payload(byte[] bytes, int from, int to, boolean last) throws ProtocolError;

    /** A whole control frame. */
    void control(int opcode, byte[] bytes, int from, int to) throws ProtocolError;
  }

  private final Sink sink;
  private final boolean masked;
  private final boolean mayCompress;
  private boolean stopped;

  private final byte[] header = new byte[MOST_HEADER];
  private int headerLength;

  // The frame under way.
  private boolean inPayload;
  private int opcode;
  private long left;
  private long done;
  private int key;
  private byte[] control = {};
  private int controlLength;

  private boolean inMessage;

  /**
   * A reader of a client's frames, which are masked, or of a server's, which are not.
   *
   * @param mayCompress whether the first frame of a message may be marked as compressed
   */
  FrameReader(Sink sink, boolean masked, boolean mayCompress) {
    this.sink = sink;
    this.masked = masked;
    this.mayCompress = mayCompress;
  }

  /** Called while {@link #read} runs: what follows waits for another call of it. */
  void stop() {
    stopped = true;
  }

  /**
   * Goes through what was read, up to its end or to where somebody calls {@link #stop}. The array
   * is the reader's from now on, and changed: masks are taken off in it.
   *
   * @return up to where it went
   */
  int read(byte[] bytes, int from, int to) throws ProtocolError {
    stopped = false;
    int at = from;
    while (at < to && !stopped) {
      at = inPayload ? payload(bytes, at, to) : header(bytes, at, to);
    }
    return at;
  }

  private int header(byte[] bytes, int from, int to) throws ProtocolError {
    if (headerLength == 0) {
      int length = wanted(bytes, from, to);
      if (length > 0 && to - from >= length) {
        open(bytes, from);
        return payload(bytes, from + length, to);
      }
    }
    // A header in pieces: rare, and so taken byte by byte.
    int at = from;
    while (at < to) {
      header[headerLength++] = bytes[at++];
      if (headerLength == wanted(header, 0, headerLength)) {
        headerLength = 0;
        open(header, 0);
        return payload(bytes, at, to);
      }
    }
    return at;
  }

  /** How long the header is that begins here, or 0 where that can't be seen yet. */
  private int wanted(byte[] bytes, int from, int to) throws ProtocolError {
    check(bytes[from] & 0xff);
    if (to - from < 2) {
      return 0;
    }
    int second = bytes[from + 1] & 0xff;
    boolean isMasked = (second & 0x80) != 0;
    if (isMasked != masked) {
      throw new ProtocolError(
          CloseCode.PROTOCOL_ERROR,
          masked ? "WS_ERR_EXPECTED_MASK" : "WS_ERR_UNEXPECTED_MASK",
          masked
              ? "Invalid WebSocket frame: MASK must be set"
              : "Invalid WebSocket frame: MASK must be clear");
    }
    int length = second & 0x7f;
    int more = length < 126 ? 0 : length == 126 ? 2 : 8;
    if ((bytes[from] & 0x08) != 0 && more > 0) {
      throw new ProtocolError(
          CloseCode.PROTOCOL_ERROR,
          "WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH",
          "Invalid WebSocket frame: a control frame has at most 125 bytes");
    }
    return 2 + more + (masked ? 4 : 0);
  }

  /** The first byte says enough to refuse a frame. */
  private void check(int first) throws ProtocolError {
    int code = first & 0x0f;
    boolean fin = (first & 0x80) != 0;
    if ((first & 0x30) != 0) {
      throw protocol("WS_ERR_UNEXPECTED_RSV_2_3", "RSV2 and RSV3 must be clear");
    }
    if ((first & 0x40) != 0 && (!mayCompress || (code != TEXT && code != BINARY))) {
      throw protocol("WS_ERR_UNEXPECTED_RSV_1", "RSV1 must be clear");
    }
    switch (code) {
      case CONTINUATION -> {
        if (!inMessage) {
          throw protocol("WS_ERR_INVALID_OPCODE", "invalid opcode 0");
        }
      }
      case TEXT, BINARY -> {
        if (inMessage) {
          throw protocol("WS_ERR_INVALID_OPCODE", "invalid opcode " + code);
        }
      }
      case CLOSE, PING, PONG -> {
        if (!fin) {
          throw protocol("WS_ERR_EXPECTED_FIN", "FIN must be set");
        }
      }
      default -> throw protocol("WS_ERR_INVALID_OPCODE", "invalid opcode " + code);
    }
  }

  private static ProtocolError protocol(String code, String reason) {
    return new ProtocolError(CloseCode.PROTOCOL_ERROR, code, "Invalid WebSocket frame: " + reason);
  }

  /** A header is complete. */
  private void open(byte[] bytes, int from) throws ProtocolError {
    int first = bytes[from] & 0xff;
    int length = bytes[from + 1] & 0x7f;
    int at = from + 2;
    left = length;
    if (length == 126) {
      left = (bytes[at] & 0xffL) << 8 | (bytes[at + 1] & 0xff);
      at += 2;
    } else if (length == 127) {
      left = 0;
      for (int i = 0; i < 8; i++) {
        left = left << 8 | (bytes[at + i] & 0xff);
      }
      at += 8;
    }
    if (left < 0 || left > (1L << 53) - 1) {
      throw new ProtocolError(
          CloseCode.TOO_BIG,
          "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH",
          "Unsupported WebSocket frame: payload length > 2^53 - 1");
    }
    if (masked) {
      key =
          (bytes[at] & 0xff)
              | (bytes[at + 1] & 0xff) << 8
              | (bytes[at + 2] & 0xff) << 16
              | (bytes[at + 3] & 0xff) << 24;
    }
    done = 0;
    opcode = first & 0x0f;
    inPayload = true;
    if (opcode >= CLOSE) {
      controlLength = 0;
    } else {
      boolean fin = (first & 0x80) != 0;
      inMessage = !fin;
      sink.begin(opcode, (first & 0x40) != 0, fin, left);
    }
  }

  private int payload(byte[] bytes, int from, int to) throws ProtocolError {
    int end = from + (int) Math.min(left, to - from);
    if (end == from && left > 0) {
      return end;
    }
    if (masked) {
      Mask.apply(bytes, from, end, key, done);
    }
    done += end - from;
    left -= end - from;
    boolean last = left == 0;
    inPayload = !last;
    if (opcode < CLOSE) {
      sink.payload(bytes, from, end, last);
    } else if (last && controlLength == 0) {
      sink.control(opcode, bytes, from, end);
    } else {
      gatherControl(bytes, from, end, last);
    }
    return end;
  }

  private void gatherControl(byte[] bytes, int from, int to, boolean last) throws ProtocolError {
    if (controlLength == 0) {
      control = new byte[MOST_CONTROL];
    }
    System.arraycopy(bytes, from, control, controlLength, to - from);
    controlLength += to - from;
    if (last) {
      byte[] whole = Arrays.copyOf(control, controlLength);
      controlLength = 0;
      sink.control(opcode, whole, 0, whole.length);
    }
  }
}
