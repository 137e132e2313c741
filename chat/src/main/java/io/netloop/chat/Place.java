package io.netloop.chat;

/**
 * A connection's place in the room, as its seat sees it: the {@link Member} itself where both are
 * on one loop, or a {@link FarMember}, which passes everything on to the room's. <i>Confined to the
 * seat's loop.</i>
 */
interface Place extends JsonScanner.Sink {
  /** The seat is ready: from here on it may be spoken to, and is at once where the room stops. */
  void enter();

  /**
   * The connection has closed. From here on nothing is sent to the seat. Where the peer has a
   * session, its user may come back for a while; else the name is free, and the others are told,
   * once, however often this is called.
   *
   * @param cause a few words for the log
   */
  void leave(Ending how, String cause);

  /** The connection was lost; see {@link #leave(Ending, String)}. */
  default void leave(String cause) {
    leave(Ending.LOST, cause);
  }

  /**
   * The connection is to end: its member leaves, and then the seat is ended, after everything that
   * the room has said to it before.
   *
   * @param why a few words for the log
   */
  void quit(Ending how, String why);

  /** The peer wants to go; see {@link #quit(Ending, String)}. */
  default void quit(String why) {
    quit(Ending.LEFT, why);
  }

  /** The time to log in is over: as {@link #quit}, unless the peer has a name in the room. */
  void loginTimedOut(String why);

  /** The server stops: the peer is told so and ended. */
  void stop();
}
