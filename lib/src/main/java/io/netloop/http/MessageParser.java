package io.netloop.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts what comes over a connection into messages: RFC 9112, without leniency. Whatever two readers
 * could understand differently is refused, since that is how requests are smuggled.
 *
 * <p>A head is gone through once, where it stands in the array that was read; it is copied only
 * where it comes in pieces. Nothing is made of a header but the four numbers that say where it is.
 * The body is passed on as parts of the array that was read.
 *
 * <p>What was found in a head stands in the fields below while {@link Sink#head} runs.
 * Loop-confined.
 */
final class MessageParser {
  /** Who is told what comes, in order. */
  interface Sink {
    /** A head is complete. */
    void head();

    /** A part of the body, to be kept or not: nobody writes to the array any more. */
    void body(byte[] bytes, int from, int to);

    /** The message is complete, and its {@link #trailers} are known. */
    void end();
  }

  // What is read next. The first group are parts of a head, the second of a body.
  private static final int START = 0;
  private static final int EMPTY_LINE = 1;
  private static final int METHOD = 2;
  private static final int TARGET = 3;
  private static final int VERSION = 4;
  private static final int STATUS = 5;
  private static final int REASON = 6;
  private static final int FIELD = 7;
  private static final int NAME = 8;
  private static final int BEFORE_VALUE = 9;
  private static final int VALUE = 10;

  private static final int FIXED = 11;
  private static final int UNTIL_CLOSE = 12;
  private static final int CHUNK_SIZE = 13;
  private static final int CHUNK_EXTENSION = 14;
  private static final int CHUNK_LINE_END = 15;
  private static final int CHUNK_DATA = 16;
  private static final int CHUNK_CR = 17;
  private static final int CHUNK_LF = 18;

  /** Before a message; RFC 9112 §2.2 asks for one, some old clients send two. */
  private static final int MOST_EMPTY_LINES = 8;

  /** Of all the chunks of one body: nobody needs extensions. */
  private static final int MOST_OVERHEAD_BYTES = 16 * 1024;

  private static final int MOST_SIZE_DIGITS = 15;
  private static final int FIRST_HOLD = 512;
  private static final byte[] NOTHING = {};
  private static final String VERSION_FORM = "HTTP/#.#\r\n";

  private static final long HTTP_1_1 = word("HTTP/1.1");

  // How most requests begin: up to the first byte of a path.
  private static final long GET_PATH = word("GET /\0\0\0");
  private static final long GET_PATH_BYTES = 0xff_ffff_ffffL;
  private static final int GET_LENGTH = 4;

  private final Sink sink;
  private final boolean requests;
  private final int maxHead;
  private final int maxFields;

  private int state = START;
  private boolean stopped;
  private boolean gone;
  private boolean inTrailers;
  private int emptyLines;

  // The head, or the trailers, under way: where it begins, where reading goes on, and where the
  // part begins that is being read. Places in the array that was read, or in what is held of it.
  private int headFrom;
  private int at;
  private int mark;
  private int nameFrom;
  private int nameTo;
  private byte[] held = NOTHING;
  private int heldLength;

  /** Four places for each field line: where its name begins and ends, and its value. */
  private int[] spans = new int[32];

  private int spansLength;

  /** Where the field lines of the head begin; as the places above. */
  private int fieldsFrom;

  private final RepeatedFields repeated = new RepeatedFields();

  /** Whether the head has the field lines of one before it. */
  private boolean repeats;

  // The body under way.
  private long left;
  private int sizeDigits;
  private int overheadBytes;

  /** What the head says that was read last. */
  final MessageHead head = new MessageHead();

  private boolean noBody;

  /** Whether it was left because HTTP/2 begins. */
  private boolean isHttp2;

  /**
   * A parser of requests, or of responses.
   *
   * @param maxHead how many bytes a head may have, and the trailers
   * @param maxFields how many field lines a head may have, and the trailers
   */
  MessageParser(Sink sink, boolean requests, int maxHead, int maxFields) {
    this.sink = sink;
    this.requests = requests;
    this.maxHead = maxHead;
    this.maxFields = maxFields;
  }

  /**
   * Goes through what was read, up to its end or to where somebody calls {@link #stop}. The array
   * is the parser's from now on.
   *
   * @return up to where it went
   */
  int parse(byte[] read, int from, int to) throws BadMessage {
    stopped = gone;
    int next = from;
    while (next < to && !stopped) {
      next = state < FIXED ? parseHead(read, next, to) : parseBody(read, next, to);
    }
    return next;
  }

  /** Called while {@link #parse} runs: what follows waits for another call of it. */
  void stop() {
    stopped = true;
  }

  /** What follows is no HTTP any more. */
  void leave() {
    gone = true;
    stopped = true;
  }

  /** Called for the head of a response: it has no body, whatever its fields say. */
  void expectNoBody() {
    noBody = true;
  }

  /** Whether what was refused is the begin of HTTP/2. */
  boolean isHttp2() {
    return isHttp2;
  }

  /** Whether a message has begun and is not complete. */
  boolean isInside() {
    return !gone && (state != START || heldLength > 0);
  }

  /** Whether a head has begun and is not complete. */
  boolean isInHead() {
    return isInside() && state < FIXED && !inTrailers;
  }

  /** Nothing more will come. A response may have lasted until now; else nothing may be begun. */
  void finish() throws BadMessage {
    if (state == UNTIL_CLOSE) {
      end();
    } else if (isInside()) {
      leave();
      throw new BadMessage("HPE_INVALID_EOF_STATE", "The connection ended within a message.");
    }
  }

  /** The trailers of the message whose end is being told. */
  Headers trailers() {
    return head.chunked ? fields() : Headers.NONE;
  }

  /** The field lines of the head, or of the trailers, that was read last. */
  Headers fields() {
    if (repeats) {
      return repeated.fields();
    }
    return spansLength == 0
        ? Headers.NONE
        : new Headers(head.bytes, Arrays.copyOf(spans, spansLength));
  }

  // The head

  private int parseHead(byte[] read, int from, int to) throws BadMessage {
    if (heldLength == 0) {
      at = from;
      headFrom = from;
      int end = scan(read, to);
      if (end >= 0) {
        headRead(read);
        return end;
      }
      hold(read, to);
      return to;
    }
    int before = heldLength;
    int most = Math.min(to - from, maxHead + 1 - heldLength);
    append(read, from, most);
    int end = scan(held, heldLength);
    if (end < 0) {
      return from + most;
    }
    byte[] whole = held;
    held = NOTHING;
    heldLength = 0;
    headRead(whole);
    return from + end - before;
  }

  /** Keeps a head that has begun, from its first byte on; all places move with it. */
  private void hold(byte[] read, int to) {
    int shift = headFrom;
    heldLength = to - shift;
    if (heldLength == 0) {
      return;
    }
    held = Arrays.copyOf(NOTHING, Math.max(FIRST_HOLD, Integer.highestOneBit(heldLength) * 2));
    System.arraycopy(read, shift, held, 0, heldLength);
    headFrom = 0;
    at -= shift;
    mark -= shift;
    nameFrom -= shift;
    nameTo -= shift;
    fieldsFrom -= shift;
    head.targetFrom -= shift;
    head.targetTo -= shift;
    head.reasonFrom -= shift;
    head.reasonTo -= shift;
    for (int i = 0; i < spansLength; i++) {
      spans[i] -= shift;
    }
  }

  private void append(byte[] read, int from, int length) {
    if (held.length < heldLength + length) {
      held = Arrays.copyOf(held, Math.max(held.length * 2, heldLength + length));
    }
    System.arraycopy(read, from, held, heldLength, length);
    heldLength += length;
  }

  /**
   * Reads on in a head. What is incomplete stays to be gone on with: no byte is looked at twice,
   * however small the pieces are that a head comes in.
   *
   * @return where the head ends, or -1 where it does not yet
   */
  private int scan(byte[] b, int to) throws BadMessage {
    while (at < to) {
      switch (state) {
        case START -> {
          if (b[at] == '\r') {
            headFrom = ++at;
            state = EMPTY_LINE;
            continue;
          }
          begin();
          if (requests && getsPath(b, to) && repeats(b, to)) {
            return at;
          }
        }
        case EMPTY_LINE -> {
          expectLineFeed(b, at);
          if (++emptyLines > MOST_EMPTY_LINES) {
            throw new BadMessage(
                "HPE_INVALID_METHOD",
                "More than " + MOST_EMPTY_LINES + " empty lines come before a message.");
          }
          headFrom = ++at;
          state = START;
        }
        case METHOD -> {
          int end = Syntax.tokenEnd(b, at, to);
          if (end - mark > Methods.LONGEST) {
            throw badMethod();
          }
          at = end;
          if (end == to) {
            return more(to);
          }
          head.method = b[end] == ' ' ? Methods.of(b, mark, end) : null;
          if (head.method == null) {
            isHttp2 = b[end] == ' ' && Methods.isPreface(b, mark, end);
            throw isHttp2 ? http2() : badMethod();
          }
          mark = ++at;
          state = TARGET;
        }
        case TARGET -> {
          at = Syntax.targetEnd(b, at, to);
          if (at == to) {
            return more(to);
          }
          if (b[at] != ' ' || at == mark) {
            throw badTarget(b[at]);
          }
          String method = head.method;
          if ((b[mark] != '/' || "CONNECT".equals(method)) && !Target.fits(method, b, mark, at)) {
            throw new BadMessage(
                "HPE_INVALID_URL", "The target is none of the forms for " + method + ".");
          }
          head.targetFrom = mark;
          head.targetTo = at;
          mark = ++at;
          state = VERSION;
        }
        case VERSION -> {
          // HTTP/1.1, and the line's end.
          if (to - at < 10) {
            expectVersion(b, at, to);
            return more(to);
          }
          int end = lineEnd(b, at + 8);
          version(b, at);
          at = end;
          state = FIELD;
          if (repeats(b, to)) {
            return at;
          }
        }
        case STATUS -> {
          // HTTP/1.1 200, and a blank or the line's end.
          if (to - at < 14) {
            expectVersion(b, at, Math.min(to, at + 8));
            return more(to);
          }
          version(b, at);
          head.status = statusCode(b, at + 8);
          at += 12;
          head.reasonFrom = at;
          head.reasonTo = at;
          if (b[at] == ' ') {
            head.reasonFrom = ++at;
            state = REASON;
          } else {
            at = lineEnd(b, at);
            state = FIELD;
          }
        }
        case REASON -> {
          at = Syntax.valueEnd(b, at, to);
          if (to - at < 2) {
            return more(to);
          }
          head.reasonTo = at;
          at = lineEnd(b, at);
          state = FIELD;
        }
        case FIELD -> {
          byte first = b[at];
          if (first == '\r') {
            if (at + 1 == to) {
              return more(to);
            }
            expectLineFeed(b, at + 1);
            checkSize(at + 2);
            if (requests && !inTrailers) {
              repeated.learn(head, b, fieldsFrom, at + 2, spans, spansLength);
            }
            return at + 2;
          }
          if (first == ' ' || first == '\t') {
            throw new BadMessage(
                "HPE_INVALID_HEADER_TOKEN", "A header goes on in a second line (RFC 9112 §5.2).");
          }
          mark = at;
          state = NAME;
        }
        case NAME -> {
          at = Syntax.tokenEnd(b, at, to);
          if (at == to) {
            return more(to);
          }
          if (b[at] != ':' || at == mark) {
            throw new BadMessage(
                "HPE_INVALID_HEADER_TOKEN",
                "A header's name holds " + shown(b[at]) + ", or is missing.");
          }
          nameFrom = mark;
          nameTo = at++;
          state = BEFORE_VALUE;
        }
        case BEFORE_VALUE -> {
          while (at < to && (b[at] == ' ' || b[at] == '\t')) {
            at++;
          }
          if (at == to) {
            return more(to);
          }
          mark = at;
          state = VALUE;
        }
        case VALUE -> {
          at = Syntax.valueEnd(b, at, to);
          if (to - at < 2 && (at == to || b[at] == '\r')) {
            return more(to);
          }
          int end = at;
          at = lineEnd(b, at);
          field(b, nameFrom, nameTo, mark, end);
          state = FIELD;
        }
        default -> throw new IllegalStateException("No part of a head: " + state);
      }
    }
    return more(to);
  }

  /** The first byte of a message. */
  private void begin() {
    headFrom = at;
    mark = at;
    emptyLines = 0;
    spansLength = 0;
    repeats = false;
    head.clear();
    noBody = false;
    state = requests ? METHOD : STATUS;
  }

  /**
   * The start line of most requests, at once: a GET of a path in HTTP/1.1, and complete. All others
   * are left to be read part by part.
   */
  private boolean getsPath(byte[] b, int to) {
    int path = at + GET_LENGTH;
    if (to - at < 8 || (Syntax.word(b, at) & GET_PATH_BYTES) != GET_PATH) {
      return false;
    }
    int end = Syntax.targetEnd(b, path, to);
    // A blank, the version, and the line's end.
    if (to - end < 11
        || b[end] != ' '
        || Syntax.word(b, end + 1) != HTTP_1_1
        || b[end + 9] != '\r'
        || b[end + 10] != '\n') {
      return false;
    }
    head.method = "GET";
    head.targetFrom = path;
    head.targetTo = end;
    head.minorVersion = 1;
    at = end + 11;
    state = FIELD;
    return true;
  }

  /** The fields begin here. Whether they are those of a head before, all of which has come. */
  private boolean repeats(byte[] b, int to) throws BadMessage {
    fieldsFrom = at;
    repeats = repeated.begin(b, at, to);
    if (repeats) {
      repeated.restore(head);
      at += repeated.length();
      checkSize(at);
    }
    return repeats;
  }

  private int more(int to) throws BadMessage {
    checkSize(to);
    return -1;
  }

  private void checkSize(int to) throws BadMessage {
    if (to - headFrom > maxHead) {
      throw new BadMessage(
          431,
          "HPE_HEADER_OVERFLOW",
          "The head is longer than the limit of " + maxHead + " bytes.");
    }
  }

  private void version(byte[] b, int from) throws BadMessage {
    if (Syntax.word(b, from) == HTTP_1_1) {
      head.minorVersion = 1;
      return;
    }
    expectVersion(b, from, from + 8);
    if (b[from + 5] != '1') {
      throw new BadMessage(505, "HPE_INVALID_VERSION", "The major version of HTTP is not 1.");
    }
    if (b[from + 7] > '1') {
      throw new BadMessage("HPE_INVALID_VERSION", "The version is neither HTTP/1.1 nor HTTP/1.0.");
    }
    head.minorVersion = 0;
  }

  /** The begin of a version may be waited with; anything else is known to be wrong by now. */
  private static void expectVersion(byte[] b, int from, int to) throws BadMessage {
    for (int i = from; i < to; i++) {
      char wanted = VERSION_FORM.charAt(i - from);
      if (wanted == '#' ? !isDigit(b[i]) : b[i] != wanted) {
        throw new BadMessage("HPE_INVALID_VERSION", "The version holds " + shown(b[i]) + ".");
      }
    }
  }

  private static int statusCode(byte[] b, int from) throws BadMessage {
    if (b[from] != ' '
        || !isDigit(b[from + 1])
        || !isDigit(b[from + 2])
        || !isDigit(b[from + 3])
        || b[from + 1] == '0'
        || (b[from + 4] != ' ' && b[from + 4] != '\r')) {
      throw new BadMessage("HPE_INVALID_STATUS", "The status is no number of three digits.");
    }
    return (b[from + 1] - '0') * 100 + (b[from + 2] - '0') * 10 + (b[from + 3] - '0');
  }

  /** Where the next line begins, this one ending here. */
  private static int lineEnd(byte[] b, int end) throws BadMessage {
    if (b[end] != '\r') {
      throw new BadMessage(
          "HPE_CR_EXPECTED", "A line ends, or holds " + shown(b[end]) + ", before its CR LF.");
    }
    expectLineFeed(b, end + 1);
    return end + 2;
  }

  private static void expectLineFeed(byte[] b, int where) throws BadMessage {
    if (b[where] != '\n') {
      throw new BadMessage("HPE_LF_EXPECTED", "A CR is followed by " + shown(b[where]) + ".");
    }
  }

  private static BadMessage badMethod() {
    return new BadMessage("HPE_INVALID_METHOD", "The method is none of those that are known.");
  }

  private static BadMessage http2() {
    return new BadMessage(
        505, "HPE_INVALID_VERSION", "HTTP/2 begins here (RFC 9113 §3.4), which is not served.");
  }

  private static BadMessage badTarget(byte found) {
    return found == '\r' || found == '\n'
        ? new BadMessage("HPE_INVALID_VERSION", "The request line has no version.")
        : new BadMessage("HPE_INVALID_URL", "The target holds " + shown(found) + ".");
  }

  private static String shown(byte found) {
    return "the byte 0x%02x".formatted(found);
  }

  private static long word(String ascii) {
    return Syntax.word(ascii.getBytes(StandardCharsets.US_ASCII), 0);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  // Fields

  private void field(byte[] b, int nameBegin, int nameEnd, int valueBegin, int valueEnd)
      throws BadMessage {
    int end = valueEnd;
    while (end > valueBegin && (b[end - 1] == ' ' || b[end - 1] == '\t')) {
      end--;
    }
    if (spansLength == spans.length) {
      spans = Arrays.copyOf(spans, spans.length * 2);
    }
    spans[spansLength] = nameBegin;
    spans[spansLength + 1] = nameEnd;
    spans[spansLength + 2] = valueBegin;
    spans[spansLength + 3] = end;
    spansLength += 4;
    if (spansLength > maxFields * 4L) {
      throw new BadMessage(
          431, "HPE_HEADER_OVERFLOW", "There are more than " + maxFields + " headers.");
    }
    if (!inTrailers) {
      head.note(requests, b, nameBegin, nameEnd, valueBegin, end);
    }
  }

  // Between head and body

  private void headRead(byte[] array) throws BadMessage {
    head.bytes = array;
    if (inTrailers) {
      end();
      return;
    }
    head.checkFraming(requests);
    sink.head();
    if (gone) {
      return;
    }
    spansLength = 0; // trailers of a message without a body are none
    if (noBody
        || (head.contentLength <= 0 && !head.chunked && (requests || head.contentLength == 0))) {
      end();
    } else if (head.chunked) {
      overheadBytes = 0;
      beginChunk();
    } else if (head.contentLength > 0) {
      left = head.contentLength;
      state = FIXED;
    } else {
      state = UNTIL_CLOSE;
    }
  }

  private void end() {
    inTrailers = false;
    state = START;
    sink.end();
  }

  // The body

  private int parseBody(byte[] b, int from, int to) throws BadMessage {
    return switch (state) {
      case FIXED, CHUNK_DATA -> bodyPart(b, from, to);
      case UNTIL_CLOSE -> {
        sink.body(b, from, to);
        yield to;
      }
      case CHUNK_SIZE -> chunkSize(b, from, to);
      case CHUNK_EXTENSION -> chunkExtension(b, from, to);
      case CHUNK_LINE_END -> {
        expectLineFeed(b, from);
        chunkBegins();
        yield from + 1;
      }
      case CHUNK_CR -> {
        if (b[from] != '\r') {
          throw badChunk("A chunk is followed by " + shown(b[from]) + ", not by its line's end.");
        }
        state = CHUNK_LF;
        yield from + 1;
      }
      case CHUNK_LF -> {
        expectLineFeed(b, from);
        beginChunk();
        yield from + 1;
      }
      default -> throw new IllegalStateException("No part of a body: " + state);
    };
  }

  private int bodyPart(byte[] b, int from, int to) {
    int end = from + (int) Math.min(left, to - from);
    left -= end - from;
    sink.body(b, from, end);
    if (left == 0) {
      if (state == FIXED) {
        end();
      } else {
        state = CHUNK_CR;
      }
    }
    return end;
  }

  /** The line with a chunk's size is over: its bytes follow, or after the last the trailers. */
  private void chunkBegins() {
    if (left > 0) {
      state = CHUNK_DATA;
    } else {
      inTrailers = true;
      spansLength = 0;
      state = FIELD;
    }
  }

  /** Read over; what it may say, nobody uses (RFC 9112 §7.1.1). */
  private int chunkExtension(byte[] b, int from, int to) throws BadMessage {
    int end = Syntax.valueEnd(b, from, to);
    overheadBytes += end - from;
    if (overheadBytes > MOST_OVERHEAD_BYTES) {
      throw badChunk("The chunks of a body have extensions of more than 16 KiB.");
    }
    if (end == to) {
      return end;
    }
    if (b[end] != '\r') {
      throw badChunk("A chunk's extension holds " + shown(b[end]) + ".");
    }
    state = CHUNK_LINE_END;
    return end + 1;
  }

  private void beginChunk() {
    left = 0;
    sizeDigits = 0;
    state = CHUNK_SIZE;
  }

  /** Hexadecimal digits, then an extension or the line's end (RFC 9112 §7.1). */
  private int chunkSize(byte[] b, int from, int to) throws BadMessage {
    int next = from;
    while (next < to) {
      byte c = b[next++];
      int digit = Syntax.hex(c);
      if (digit >= 0) {
        if (++sizeDigits > MOST_SIZE_DIGITS) {
          throw badChunk("A chunk's size has more than 15 digits.");
        }
        left = left << 4 | digit;
        continue;
      }
      if (sizeDigits == 0 || (c != '\r' && c != ';')) {
        throw badChunk("A chunk's size holds " + shown(c) + ", or is missing.");
      }
      state = c == ';' ? CHUNK_EXTENSION : CHUNK_LINE_END;
      return next;
    }
    return next;
  }

  private static BadMessage badChunk(String reason) {
    return new BadMessage("HPE_INVALID_CHUNK_SIZE", reason);
  }
}
