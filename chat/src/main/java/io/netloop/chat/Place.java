package io.netloop.chat;

/**
 * A connection's place in the room, as its adapter sees it: the {@link Member} itself where both
 * are on one loop, or a {@link FarMember} that passes everything on to the room's loop.
 */
interface Place extends JsonScanner.Sink {
  /** The connection has closed, or is about to. May be repeated. */
  void leave(String cause);

  /** The server stops: the peer is to be told and ended. */
  void stop();

  /** Whether the peer has a name in the room. */
  boolean isLoggedIn();
}
