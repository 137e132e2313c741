package io.netloop.ws;

/**
 * A peer has broken the rules, or a limit: the code to close with, and what is told. Without a
 * stack: peers make as many of them as they like.
 */
final class ProtocolError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int closeCode;
  private final String code;

  ProtocolError(int closeCode, String code, String reason) {
    super(reason, null, false, false);
    this.closeCode = closeCode;
    this.code = code;
  }

  /** The code of the close frame that answers. */
  int closeCode() {
    return closeCode;
  }

  /** A code as {@code ws} has it, for example {@code WS_ERR_INVALID_UTF8}. */
  String code() {
    return code;
  }

  /** For people. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
