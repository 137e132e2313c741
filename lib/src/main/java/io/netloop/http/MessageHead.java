package io.netloop.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a head says about its message: the start line, and those of the fields that concern how the
 * message is read. Loop-confined, and as new with each message.
 */
final class MessageHead {
  private static final byte[] NOTHING = {};
  private static final int MOST_LENGTH_DIGITS = 18;

  /** The array that the head stands in. */
  byte[] bytes = NOTHING;

  /** Of a request; one of {@link Methods#ALL}. */
  @Nullable String method;

  /** Where a request's target begins and ends. */
  int targetFrom;

  int targetTo;

  /** 1, or 0 for HTTP/1.0. */
  int minorVersion;

  /** Of a response. */
  int status;

  /** Where a response's phrase begins and ends. */
  int reasonFrom;

  int reasonTo;

  // The options of Connection.
  boolean close;
  boolean keepAlive;
  boolean connectionUpgrade;

  /** Whether there is an Upgrade. */
  boolean upgrade;

  /** Whether there is an Expect, and whether it is for 100-continue. */
  boolean expects;

  boolean expectsContinue;

  /** How many lines of Host there are. */
  int hosts;

  /** Whether the body comes in chunks. */
  boolean chunked;

  /** What Content-Length says, or -1. */
  long contentLength;

  private byte[] knownHost = NOTHING;
  private boolean hasEncoding;
  private boolean otherCoding;

  /** Whether a field says how the message is read, or what comes behind it. */
  boolean fieldsConcernReading() {
    return close || connectionUpgrade || upgrade || expects || hasEncoding || contentLength >= 0;
  }

  /** A new message begins. */
  void clear() {
    close = false;
    keepAlive = false;
    connectionUpgrade = false;
    upgrade = false;
    expects = false;
    expectsContinue = false;
    hosts = 0;
    chunked = false;
    contentLength = -1;
    hasEncoding = false;
    otherCoding = false;
  }

  /** What a field says about the message itself. */
  void note(boolean isRequest, byte[] b, int nameBegin, int nameEnd, int from, int to)
      throws BadMessage {
    switch (nameEnd - nameBegin) {
      case 4 -> {
        if (Syntax.isText(b, nameBegin, nameEnd, "host")) {
          hosts++;
          if (isRequest) {
            checkHost(b, from, to);
          }
        }
      }
      case 6 -> {
        if (Syntax.isText(b, nameBegin, nameEnd, "expect")) {
          boolean isContinue = Syntax.isText(b, from, to, "100-continue");
          expectsContinue = isContinue && (expectsContinue || !expects);
          expects = true;
        }
      }
      case 7 -> {
        if (Syntax.isText(b, nameBegin, nameEnd, "upgrade")) {
          upgrade = true;
        }
      }
      case 10 -> {
        if (Syntax.isText(b, nameBegin, nameEnd, "connection")) {
          noteConnection(b, from, to);
        }
      }
      case 14 -> {
        if (Syntax.isText(b, nameBegin, nameEnd, "content-length")) {
          noteLength(b, from, to);
        }
      }
      case 17 -> {
        if (Syntax.isText(b, nameBegin, nameEnd, "transfer-encoding")) {
          noteEncoding(b, from, to);
        }
      }
      default -> {
        // The others concern who reads the message, not how it is read.
      }
    }
  }

  /** A connection's requests are for the same host, as a rule: it is looked at once. */
  private void checkHost(byte[] b, int from, int to) throws BadMessage {
    if (Arrays.equals(b, from, to, knownHost, 0, knownHost.length)) {
      return;
    }
    if (!Target.isHost(b, from, to)) {
      throw new BadMessage(
          "HPE_INVALID_HEADER_TOKEN", "Host is no host with or without a port (RFC 9112 §3.2).");
    }
    knownHost = Arrays.copyOfRange(b, from, to);
  }

  private void noteConnection(byte[] b, int from, int to) {
    int next = from;
    while (next < to) {
      int end = elementEnd(b, next, to);
      int last = trimmed(b, next, end);
      close |= Syntax.isText(b, next, last, "close");
      keepAlive |= Syntax.isText(b, next, last, "keep-alive");
      connectionUpgrade |= Syntax.isText(b, next, last, "upgrade");
      next = afterComma(b, end, to);
    }
  }

  /** One number of digits, once (RFC 9112 §6.3, 5). */
  private void noteLength(byte[] b, int from, int to) throws BadMessage {
    if (contentLength >= 0) {
      throw new BadMessage("HPE_UNEXPECTED_CONTENT_LENGTH", "There are two Content-Length.");
    }
    if (from == to || to - from > MOST_LENGTH_DIGITS) {
      throw badLength();
    }
    long length = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(b[i])) {
        throw badLength();
      }
      length = length * 10 + (b[i] - '0');
    }
    contentLength = length;
  }

  private static BadMessage badLength() {
    return new BadMessage("HPE_INVALID_CONTENT_LENGTH", "Content-Length is no number of bytes.");
  }

  /** The codings of a body, over all lines: chunked comes last and once (RFC 9112 §6.1). */
  private void noteEncoding(byte[] b, int from, int to) throws BadMessage {
    hasEncoding = true;
    int next = from;
    do {
      int end = elementEnd(b, next, to);
      int last = trimmed(b, next, end);
      if (chunked || next == last) {
        throw badEncoding("Transfer-Encoding names a coding after chunked, or an empty one.");
      }
      chunked = Syntax.isText(b, next, last, "chunked");
      if (!chunked) {
        otherCoding = true;
      }
      next = end < to ? afterComma(b, end, to) : to + 1;
    } while (next <= to);
  }

  private static BadMessage badEncoding(String reason) {
    return new BadMessage("HPE_INVALID_TRANSFER_ENCODING", reason);
  }

  private static int elementEnd(byte[] b, int from, int to) {
    int end = from;
    while (end < to && b[end] != ',') {
      end++;
    }
    return end;
  }

  private static int trimmed(byte[] b, int from, int to) {
    int end = to;
    while (end > from && (b[end - 1] == ' ' || b[end - 1] == '\t')) {
      end--;
    }
    return end;
  }

  private static int afterComma(byte[] b, int comma, int to) {
    int next = comma + 1;
    while (next < to && (b[next] == ' ' || b[next] == '\t')) {
      next++;
    }
    return next;
  }

  /** How the body is delimited must be beyond doubt (RFC 9112 §6.3). */
  void checkFraming(boolean isRequest) throws BadMessage {
    if (!hasEncoding) {
      return;
    }
    if (contentLength >= 0) {
      throw new BadMessage(
          "HPE_UNEXPECTED_CONTENT_LENGTH", "There are Transfer-Encoding and Content-Length.");
    }
    if (minorVersion == 0) {
      throw badEncoding("HTTP/1.0 has no Transfer-Encoding.");
    }
    if (isRequest && !chunked) {
      throw badEncoding("The last coding of Transfer-Encoding is not chunked.");
    }
    if (isRequest && otherCoding) {
      throw new BadMessage(
          501,
          "HPE_INVALID_TRANSFER_ENCODING",
          "Transfer codings other than chunked are not served.");
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
