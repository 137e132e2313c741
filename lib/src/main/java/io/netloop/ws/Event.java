package io.netloop.ws;

/** What a {@link WebSocket} tells its listeners. */
public sealed interface Event permits OpenEvent, MessageEvent, ErrorEvent, CloseEvent {
  /** {@code open}, {@code message}, {@code error} or {@code close}. */
  String type();
}
