package io.netloop.ws;

import io.netloop.loop.NetException;

/**
 * The connection could not be made, or has failed; 'close' follows. <i>Immutable.</i>
 *
 * @param error what browsers do not tell
 */
public record ErrorEvent(NetException error) implements Event {
  @Override
  public String type() {
    return "error";
  }

  /** The error's text. */
  public String message() {
    return String.valueOf(error.getMessage());
  }
}
