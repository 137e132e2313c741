package io.netloop.loop;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ended; every close event carries one. <i>Immutable.</i>
 *
 * @param by who ended it
 * @param layer where: {@code tcp}, later {@code tls}, {@code http}, {@code ws}, or {@code app} for
 *     the program's own code
 * @param code {@code END} after both sides said they were done, {@code DESTROYED} for {@code
 *     destroy()}, {@code RESET} for {@code resetAndDestroy()}, {@code DRAIN_TIMEOUT} where a drain
 *     ran out of time, {@code LISTENER_FAILED} after an exception in a listener, else the error's
 *     code
 * @param queuedBytes how many bytes we had accepted for the peer and not yet handed to the system
 * @param error the error that ended it, or null
 */
public record CloseCause(
    By by, String layer, String code, long queuedBytes, @Nullable NetException error) {

  /** Who ended a connection. */
  public enum By {
    /** This program. */
    US,
    /** The other side, by an orderly end or by a reset. */
    PEER,
    /** Neither: the network or the system failed. */
    NETWORK
  }

  /** Whether an error ended it: what Node's 'close' event tells as {@code hadError}. */
  public boolean hadError() {
    return error != null;
  }

  /** For a log line: {@code ended by the peer: ECONNRESET (read ECONNRESET), 120 bytes unsent}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ended by ");
    text.append(
        switch (by) {
          case US -> "us";
          case PEER -> "the peer";
          case NETWORK -> "the network";
        });
    text.append(": ").append(code);
    if (error != null) {
      text.append(" (").append(error.getMessage()).append(')');
    }
    if (queuedBytes > 0) {
      text.append(", ").append(queuedBytes).append(" bytes unsent");
    }
    return text.toString();
  }
}
