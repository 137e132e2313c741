package io.netloop.web;

import org.jspecify.annotations.Nullable;

/**
 * An error with the status that answers it. Thrown out of a handler it reaches the error handlers,
 * and at last the client: with its message where the status is below 500, without it from there on.
 * <i>Immutable.</i>
 */
public final class WebException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /** As {@link #WebException(int, String, String)}, with the code {@code ERR_HTTP_<status>}. */
  public WebException(int status, String message) {
    this(status, "ERR_HTTP_" + status, message);
  }

  /**
   * An error.
   *
   * @param status 400 to 599
   * @param code a stable short name, for programs
   * @param message a sentence, for people
   * @throws IllegalArgumentException for a status that is no error
   */
  public WebException(int status, String code, String message) {
    this(status, code, message, null);
  }

  /** As {@link #WebException(int, String, String)}, and what led to it. */
  public WebException(int status, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "The status of an error is 400 to 599, not " + status + ": " + message);
    }
    this.status = status;
    this.code = code;
  }

  /** What answers it, 400 to 599. */
  public int status() {
    return status;
  }

  /** The stable short name, for example {@code ERR_BODY_TOO_LARGE}. */
  public String code() {
    return code;
  }
}
