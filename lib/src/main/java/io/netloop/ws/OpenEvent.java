package io.netloop.ws;

/**
 * The connection is open. <i>Immutable.</i>
 *
 * @param target the WebSocket
 */
public record OpenEvent(WebSocket target) implements Event {
  @Override
  public String type() {
    return "open";
  }
}
