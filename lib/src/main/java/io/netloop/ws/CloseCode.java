package io.netloop.ws;

/** The status codes of a close frame (RFC 6455 §7.4, and IANA's registry). */
final class CloseCode {
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;

  /** Told where a close frame came without a code; never sent. */
  static final int NONE = 1005;

  /** Told where no close frame came; never sent. */
  static final int ABNORMAL = 1006;

  static final int BAD_PAYLOAD = 1007;
  static final int POLICY = 1008;
  static final int TOO_BIG = 1009;
  static final int INTERNAL_ERROR = 1011;
  static final int RESTART = 1012;

  private CloseCode() {}

  /** Whether a frame may carry it. */
  static boolean mayBeSent(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }
}
