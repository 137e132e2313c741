package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Cuts a form with files into its parts, as it comes and wherever it is split (RFC 2046 §5.1). What
 * may be the begin of a boundary is held back; since it is the boundary's own bytes, nothing is
 * copied for that. Loop-confined.
 */
final class MultipartParser {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** Blanks that may stand behind a boundary. */
  private static final int MOST_PADDING = 256;

  private static final int LINE_END = 0x0d0a;
  private static final int EMPTY_LINE = 0x0d0a0d0a;
  private static final int DASHES = 0x2d2d;

  /** What is told of the parts. */
  interface Sink {
    void partBegins(PartHead head);

    void partData(Buffer data);

    void partEnds();
  }

  private enum State {
    PREAMBLE,
    BEHIND_BOUNDARY,
    HEADERS,
    BODY,
    EPILOGUE
  }

  private final Sink sink;
  private final int maxHeaderSize;
  private final byte[] delimiter;

  /** For each length of a match that fails: how long a match may go on with. */
  private final int[] fallback;

  private State state = State.PREAMBLE;

  /** How much of the delimiter has come; the line end before the first one need not. */
  private int matched = 2;

  /** How much of that came with earlier bytes, and is held back. */
  private int held = 2;

  /** The latest four bytes of what is between a boundary and the end of the headers. */
  private int latest;

  /** How many bytes stand behind a boundary so far. */
  private int behind;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

  MultipartParser(String boundary, int maxHeaderSize, Sink sink) {
    this.sink = sink;
    this.maxHeaderSize = maxHeaderSize;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.fallback = fallback(delimiter);
  }

  private static int[] fallback(byte[] pattern) {
    int[] fallback = new int[pattern.length + 1];
    int length = 0;
    for (int i = 1; i < pattern.length; i++) {
      while (length > 0 && pattern[i] != pattern[length]) {
        length = fallback[length];
      }
      if (pattern[i] == pattern[length]) {
        length++;
      }
      fallback[i + 1] = length;
    }
    return fallback;
  }

  /**
   * Takes more of the body.
   *
   * @throws WebException 400 where it is no such form, 413 where the headers of a part are too long
   */
  void feed(Buffer data) {
    byte[] bytes = BYTES.array(data);
    int at = BYTES.offset(data);
    int to = at + data.length();
    while (at < to) {
      at =
          switch (state) {
            case PREAMBLE, BODY -> search(bytes, at, to);
            case BEHIND_BOUNDARY -> behindBoundary(bytes, at, to);
            case HEADERS -> headers(bytes, at, to);
            case EPILOGUE -> to;
          };
    }
  }

  /** Whether the last boundary has come. */
  boolean isComplete() {
    return state == State.EPILOGUE;
  }

  /** Looks for the delimiter; what can't belong to it is data. */
  private int search(byte[] bytes, int from, int to) {
    int dataFrom = from;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      while (matched > 0 && b != delimiter[matched]) {
        release(matched - fallback[matched]);
        matched = fallback[matched];
      }
      if (b == delimiter[matched]) {
        matched++;
      }
      if (matched == delimiter.length) {
        tell(bytes, dataFrom, i + 1 - (matched - held));
        matched = 0;
        held = 0;
        if (state == State.BODY) {
          sink.partEnds();
        }
        state = State.BEHIND_BOUNDARY;
        latest = 0;
        behind = 0;
        return i + 1;
      }
    }
    tell(bytes, dataFrom, to - (matched - held));
    held = matched;
    return to;
  }

  /** So many bytes of a match that has failed are data: those held back are told now. */
  private void release(int count) {
    int ours = Math.min(held, count);
    if (ours > 0) {
      tell(delimiter, 0, ours);
      held -= ours;
    }
  }

  private void tell(byte[] bytes, int from, int to) {
    if (state == State.BODY && to > from) {
      sink.partData(BYTES.wrap(bytes, from, to - from));
    }
  }

  /** Two dashes, or a line's end with nothing but blanks before it. */
  private int behindBoundary(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      latest = (latest << 8) | (bytes[i] & 0xff);
      behind++;
      if (behind == 2 && latest == DASHES) {
        state = State.EPILOGUE;
        return i + 1;
      }
      if ((latest & 0xffff) == LINE_END) {
        latest = 0;
        state = State.HEADERS;
        return i + 1;
      }
      byte b = bytes[i];
      boolean halfDashes = behind == 2 && latest >>> 8 == '-';
      boolean mayGoOn =
          !halfDashes && (b == ' ' || b == '\t' || b == '\r' || (b == '-' && behind == 1));
      if (!mayGoOn || behind > MOST_PADDING) {
        throw new WebException(
            400, "ERR_MULTIPART", "There is something else than a line's end behind a boundary.");
      }
    }
    return to;
  }

  private int headers(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      line.write(bytes[i]);
      latest = (latest << 8) | (bytes[i] & 0xff);
      if (latest == EMPTY_LINE || (line.size() == 2 && latest == LINE_END)) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        state = State.BODY;
        sink.partBegins(PartHead.parse(text));
        return i + 1;
      }
      if (line.size() > maxHeaderSize) {
        throw new WebException(
            413,
            "ERR_MULTIPART_TOO_LARGE",
            "The headers of a part are longer than the limit of " + maxHeaderSize + " bytes.");
      }
    }
    return to;
  }
}
