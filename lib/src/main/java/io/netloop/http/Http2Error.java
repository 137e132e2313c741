package io.netloop.http;

/**
 * What a peer of HTTP/2 has done against the rules, or past our patience, and what costs the
 * connection (RFC 9113 §5.4.1). Without a stack: peers make as many of them as they like.
 */
final class Http2Error extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  Http2Error(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  /** One of {@link Http2Code}. */
  int code() {
    return code;
  }

  /** For people. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
