package io.netloop.http;

/**
 * What has come is no message of HTTP, or one that is not served: how it is answered, and the code
 * and the reason that are told. Without a stack: peers make as many of them as they like.
 */
final class BadMessage extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  BadMessage(int status, String code, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.code = code;
  }

  /** A message that breaks the rules: 400. */
  BadMessage(String code, String reason) {
    this(400, code, reason);
  }

  /** The status of the answer. */
  int status() {
    return status;
  }

  /** A code as Node has it, for example {@code HPE_INVALID_METHOD}. */
  String code() {
    return code;
  }

  /** For people. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
