package io.netloop.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of a block one by one as they are decompressed, checks each (RFC 9113 §8.2 and
 * §8.3), and puts them into one array. What is wrong is remembered and not thrown: the rest of the
 * block has to be read all the same. Loop-confined.
 */
final class FieldSink extends DefaultHttp2Headers {
  private static final int FIRST_BYTES = 512;
  private static final int LEAST_BUCKETS = 2;

  private final int maxFields;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;
  private int[] spans = new int[64];
  private int spansLength;
  private FieldBlock block = new FieldBlock();
  private boolean regular;
  private int hostLine;

  FieldSink(int maxFields) {
    super(false, LEAST_BUCKETS);
    this.maxFields = maxFields;
  }

  /** A new block begins. */
  void begin() {
    block = new FieldBlock();
    length = 0;
    spansLength = 0;
    regular = false;
    hostLine = -1;
  }

  /** There is more than is taken. */
  void overflow() {
    block.tooLarge = true;
  }

  /** What the block says. */
  FieldBlock done() {
    FieldBlock done = block;
    addHost(done);
    done.bytes = Arrays.copyOf(bytes, length);
    done.headers =
        spansLength == 0
            ? Headers.NONE
            : new Headers(done.bytes, Arrays.copyOf(spans, spansLength));
    return done;
  }

  /** Programs ask for {@code host}, whatever the version: where it did not come, it comes first. */
  private void addHost(FieldBlock done) {
    String authority = done.authority;
    if (authority == null) {
      return;
    }
    byte[] host = authority.getBytes(StandardCharsets.ISO_8859_1);
    if (hostLine >= 0) {
      if (!Arrays.equals(host, 0, host.length, bytes, spans[hostLine + 2], spans[hostLine + 3])) {
        done.wrong("host and :authority name different hosts");
      }
      return;
    }
    int name = put("host".getBytes(StandardCharsets.US_ASCII), 0, 4);
    int value = put(host, 0, host.length);
    if (spansLength + 4 > spans.length) {
      spans = Arrays.copyOf(spans, spans.length * 2);
    }
    System.arraycopy(spans, 0, spans, 4, spansLength);
    spans[0] = name;
    spans[1] = name + 4;
    spans[2] = value;
    spans[3] = value + host.length;
    spansLength += 4;
  }

  @Override
  public Http2Headers add(CharSequence name, CharSequence value) {
    AsciiString n = AsciiString.of(name);
    AsciiString v = AsciiString.of(value);
    if (block.wrong != null || block.tooLarge) {
      return this;
    }
    byte[] b = n.array();
    int from = n.arrayOffset();
    int to = from + n.length();
    if (from == to) {
      block.wrong("a field has no name");
    } else if (b[from] == ':') {
      pseudo(n, v);
    } else {
      regular = true;
      field(b, from, to, v);
    }
    return this;
  }

  // Pseudo-header fields

  private void pseudo(AsciiString name, AsciiString value) {
    if (regular) {
      block.wrong("the pseudo-header field " + name + " stands behind a field");
      return;
    }
    boolean again =
        switch (name.toString()) {
          case ":method" -> {
            boolean had = block.method != null;
            block.method = token(name, value);
            yield had;
          }
          case ":path" -> {
            boolean had = block.hasPath;
            block.hasPath = true;
            block.pathFrom = length;
            put(value.array(), value.arrayOffset(), value.length());
            block.pathTo = length;
            yield had;
          }
          case ":scheme" -> {
            boolean had = block.scheme != null;
            block.scheme = value.toString();
            yield had;
          }
          case ":authority" -> {
            boolean had = block.authority != null;
            block.authority = value.toString();
            yield had;
          }
          case ":protocol" -> {
            boolean had = block.protocol != null;
            block.protocol = token(name, value);
            yield had;
          }
          case ":status" -> {
            boolean had = block.status >= 0;
            block.status = status(value);
            yield had;
          }
          default -> {
            block.wrong("there is no pseudo-header field " + name);
            yield false;
          }
        };
    if (again) {
      block.wrong("the pseudo-header field " + name + " came twice");
    }
  }

  /** Kept only where it is one: it is written to logs. */
  private @Nullable String token(AsciiString name, AsciiString value) {
    String text = value.toString();
    if (Syntax.isToken(text)) {
      return text;
    }
    block.wrong("the " + name + " is no token");
    return null;
  }

  private static int status(AsciiString value) {
    int status = 0;
    for (int i = 0; i < value.length(); i++) {
      char digit = value.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      status = status * 10 + digit - '0';
    }
    return value.length() == 3 ? status : 0;
  }

  // Fields

  private void field(byte[] b, int from, int to, AsciiString value) {
    for (int i = from; i < to; i++) {
      if (!Syntax.isToken(b[i]) || (b[i] >= 'A' && b[i] <= 'Z')) {
        block.wrong("a field's name holds a byte that may not stand there");
        return;
      }
    }
    byte[] v = value.array();
    int begin = value.arrayOffset();
    int end = begin + value.length();
    if (Syntax.valueEnd(v, begin, end) != end || isBlank(v, begin, end)) {
      block.wrong("a field's value holds a byte that may not stand there");
      return;
    }
    if (spansLength / 4 >= maxFields) {
      block.tooLarge = true;
      return;
    }
    note(b, from, to, v, begin, end);
    if (spansLength + 4 > spans.length) {
      spans = Arrays.copyOf(spans, spans.length * 2);
    }
    spans[spansLength] = put(b, from, to - from);
    spans[spansLength + 1] = length;
    spans[spansLength + 2] = put(v, begin, end - begin);
    spans[spansLength + 3] = length;
    spansLength += 4;
  }

  /** Whether it begins or ends with a blank (RFC 9113 §8.2.1). */
  private static boolean isBlank(byte[] b, int from, int to) {
    return from < to
        && (b[from] == ' ' || b[from] == '\t' || b[to - 1] == ' ' || b[to - 1] == '\t');
  }

  /** What concerns the message itself. */
  private void note(byte[] b, int from, int to, byte[] v, int begin, int end) {
    switch (to - from) {
      case 2 -> {
        if (is(b, from, to, "te") && !is(v, begin, end, "trailers")) {
          block.wrong("te allows trailers only");
        }
      }
      case 4 -> {
        if (is(b, from, to, "host")) {
          if (hostLine >= 0 || !Target.isHost(v, begin, end)) {
            block.wrong("host is no host, or came twice");
          }
          hostLine = spansLength;
        }
      }
      case 6 -> {
        if (is(b, from, to, "expect")) {
          block.expects = true;
          block.expectsContinue = is(v, begin, end, "100-continue");
        }
      }
      case 7, 10, 16, 17 -> {
        if (is(b, from, to, "upgrade")
            || is(b, from, to, "connection")
            || is(b, from, to, "keep-alive")
            || is(b, from, to, "proxy-connection")
            || is(b, from, to, "transfer-encoding")) {
          block.wrong("a field is about a connection of HTTP/1.1 (RFC 9113 §8.2.2)");
        }
      }
      case 14 -> {
        if (is(b, from, to, "content-length")) {
          long length = number(v, begin, end);
          if (length < 0 || (block.contentLength >= 0 && block.contentLength != length)) {
            block.wrong("content-length is no number, or came twice");
          }
          block.contentLength = length;
        }
      }
      default -> {
        // The others concern who reads the message.
      }
    }
  }

  private static boolean is(byte[] b, int from, int to, String small) {
    return Syntax.isText(b, from, to, small);
  }

  private static long number(byte[] b, int from, int to) {
    if (from == to || to - from > 18) {
      return -1;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      if (b[i] < '0' || b[i] > '9') {
        return -1;
      }
      number = number * 10 + b[i] - '0';
    }
    return number;
  }

  /** Returns where it was put. */
  private int put(byte[] b, int from, int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
    System.arraycopy(b, from, bytes, length, count);
    int at = length;
    length += count;
    return at;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
