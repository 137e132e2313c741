package io.netloop.ws;

import io.netloop.loop.CloseCause;

/**
 * The end of a connection. <i>Immutable.</i>
 *
 * @param code the peer's close code; 1005 where its close frame had none, 1006 where no close frame
 *     came
 * @param reason the peer's words, perhaps empty
 * @param wasClean whether both sides have sent their close frames
 * @param cause who ended the connection, at which layer, and how many bytes were still queued
 */
public record CloseEvent(int code, String reason, boolean wasClean, CloseCause cause)
    implements Event {
  @Override
  public String type() {
    return "close";
  }
}
