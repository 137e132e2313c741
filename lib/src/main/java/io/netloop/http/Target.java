package io.netloop.http;

import org.jspecify.annotations.Nullable;

/**
 * What a request is about: which forms of a target fit which method (RFC 9112 §3.2), and what names
 * a host (RFC 3986 §3.2). How a target's path is spelt is left to who makes something of it.
 */
final class Target {
  /** What may stand in a registered name: unreserved, sub-delims, and the begin of an escape. */
  private static final boolean[] NAME = new boolean[128];

  private static final int LONGEST_SCHEME = 32;

  static {
    for (int i = 0; i < 128; i++) {
      NAME[i] = Character.isLetterOrDigit(i) || "-._~!$&'()*+,;=".indexOf(i) >= 0;
    }
  }

  private Target() {}

  /** Whether visible characters, one at least, are a target for this method. */
  static boolean fits(@Nullable String method, byte[] b, int from, int to) {
    if ("CONNECT".equals(method)) {
      return isAuthority(b, from, to);
    }
    if (b[from] == '*') {
      return to - from == 1 && "OPTIONS".equals(method);
    }
    return b[from] == '/' || isAbsolute(b, from, to);
  }

  /** For CONNECT alone: a host and a port, both needed (RFC 9110 §9.3.6). */
  private static boolean isAuthority(byte[] b, int from, int to) {
    int end = hostEnd(b, from, to);
    return end > from && end < to - 1 && b[end] == ':' && isPort(b, end + 1, to);
  }

  /** A scheme, and an authority with a host and without a user (RFC 9110 §4.2). */
  private static boolean isAbsolute(byte[] b, int from, int to) {
    int colon = schemeEnd(b, from, to);
    if (colon < 0 || to - colon < 4 || b[colon + 1] != '/' || b[colon + 2] != '/') {
      return false;
    }
    int begin = colon + 3;
    int end = begin;
    while (end < to && b[end] != '/' && b[end] != '?' && b[end] != '#') {
      end++;
    }
    return end > begin && b[begin] != ':' && isHost(b, begin, end);
  }

  /** Where the colon behind a scheme stands, or -1. */
  private static int schemeEnd(byte[] b, int from, int to) {
    int most = Math.min(to, from + LONGEST_SCHEME);
    for (int at = from; at < most; at++) {
      byte c = b[at];
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (c == ':' && at > from) {
        return at;
      }
      if (!isLetter
          && (at == from || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) {
        return -1;
      }
    }
    return -1;
  }

  /** Whether the bytes are a host, perhaps empty, with a port or without. */
  static boolean isHost(byte[] b, int from, int to) {
    int end = hostEnd(b, from, to);
    return end == to || (end >= 0 && b[end] == ':' && isPort(b, end + 1, to));
  }

  /** Digits, up to the end; none are allowed after the colon, too. */
  private static boolean isPort(byte[] b, int from, int to) {
    int port = 0;
    for (int i = from; i < to; i++) {
      if (b[i] < '0' || b[i] > '9') {
        return false;
      }
      port = port * 10 + (b[i] - '0');
      if (port > 65_535) {
        return false;
      }
    }
    return true;
  }

  /** Where the host ends that begins here, or -1 where it is none. */
  private static int hostEnd(byte[] b, int from, int to) {
    if (from < to && b[from] == '[') {
      return literalEnd(b, from, to);
    }
    int at = from;
    while (at < to && b[at] > 0 && NAME[b[at]]) {
      at++;
    }
    while (at < to && b[at] == '%') {
      if (to - at < 3 || Syntax.hex(b[at + 1]) < 0 || Syntax.hex(b[at + 2]) < 0) {
        return -1;
      }
      at += 3;
      while (at < to && b[at] > 0 && NAME[b[at]]) {
        at++;
      }
    }
    return at;
  }

  /** An address of IPv6 in brackets, by its characters; later versions there are none of. */
  private static int literalEnd(byte[] b, int from, int to) {
    int colons = 0;
    for (int at = from + 1; at < to; at++) {
      byte c = b[at];
      if (c == ']') {
        return colons >= 2 && at - from <= 46 ? at + 1 : -1;
      }
      if (c == ':') {
        colons++;
      } else if (Syntax.hex(c) < 0 && c != '.') {
        return -1;
      }
    }
    return -1;
  }
}
