package io.netloop.testkit;

/**
 * One thing that a {@link FaultProxy} did. <i>Immutable.</i>
 *
 * @param connection which connection through the proxy, counted from 0
 * @param toServer whether it befell what the client sends; false for what the server sends
 * @param at how many bytes of that direction had been forwarded when it was decided on (delays,
 *     splits and merges) or happened (all others)
 * @param kind what was done
 * @param value milliseconds of a delay and the longest time of a merge, the most bytes of a piece
 *     for a split; 0 for all others
 */
public record FaultEvent(int connection, boolean toServer, long at, Kind kind, int value) {
  /** What a proxy does to bytes that pass, and to connections. */
  public enum Kind {
    /** The stretch from here on waits. */
    DELAY,
    /** The stretch from here on goes in pieces. */
    SPLIT,
    /** The stretch from here on goes as one. */
    MERGE,
    /** The client's connection is reset, and the server's closed with it. */
    RESET_CLIENT,
    /** The server's connection is reset, and the client's closed with it. */
    RESET_SERVER,
    /** Both connections are reset. */
    RESET_BOTH,
    /** The receiver is told that the sender has ended. */
    HALF_CLOSE,
    /** Nothing more is read from the sender. */
    STALL,
    /** What the sender sends is read, and lost. */
    SWALLOW;

    /** Whether bytes can be lost by it. */
    public boolean loses() {
      return compareTo(RESET_CLIENT) >= 0;
    }
  }

  /** For example {@code #0 to server, byte 1312: SPLIT 7}. */
  @Override
  public String toString() {
    return "#%d to %s, byte %d: %s%s"
        .formatted(
            connection, toServer ? "server" : "client", at, kind, value == 0 ? "" : " " + value);
  }
}
