package io.netloop.ws;

/** What became of a message that was sent. */
public enum SendResult {
  /** It is with the system, or will be at the end of the loop's turn. */
  SUCCESS,
  /** It waits: the peer reads more slowly than is sent. A 'drain' follows. */
  BACKPRESSURE,
  /** It was dropped: the connection is closing, or its limit was reached. */
  DROPPED
}
