package io.netloop.chat;

import io.netloop.loop.CloseCause;

/**
 * How a connection's part in the room ends: what a WebSocket is closed with, and what is counted.
 */
enum Ending {
  /** The peer has gone, as it wanted to. */
  LEFT(1000),
  /** The connection is lost; a session may bring its user back. */
  LOST(1000),
  /** Too much waits for a peer that reads too slowly. */
  SLOW(1008),
  /** The peer said nothing for too long, or did not log in. */
  TIMED_OUT(1008),
  /** The peer sends what is no message, again and again. */
  BAD_MESSAGES(1008),
  /** The peer has sent bytes in a WebSocket, where texts are spoken. */
  BINARY(1003),
  TOO_LONG(1009),
  /** There are too many connections. */
  NOT_ADMITTED(1013),
  /** The room stops, perhaps to be opened again soon. */
  STOPPED(1012),
  /** Its session goes on over another connection: who is ended by this is not to come back. */
  TAKEN_OVER(4001),
  /** Something on our side has failed. */
  FAILED(1011);

  private final int closeCode;

  Ending(int closeCode) {
    this.closeCode = closeCode;
  }

  /** How a connection has ended that nobody ended on purpose. */
  static Ending of(CloseCause cause) {
    return cause.code().equals("ERR_OUTBOX_LIMIT") ? SLOW : LOST;
  }

  /** What a WebSocket is closed with (RFC 6455 §7.4). */
  int closeCode() {
    return closeCode;
  }
}
