package io.netloop.chat;

import io.netloop.loop.NetException;

/**
 * The limits of a {@link Room}; {@link #defaults()} holds them all. <i>Immutable.</i> A value out
 * of its range is a {@link NetException} {@code ERR_OUT_OF_RANGE} that names both.
 *
 * @param maxUsers how many may be logged in at a time, 1 to 1,000,000; who comes beyond is refused
 *     with {@code ROOM_FULL} and may try again. 10,000 by default.
 * @param messagesPerSecond how many messages one connection may send for long, per second, 1 to
 *     1,000,000; what is over is dropped, each with the answer {@code RATE_LIMITED}. 50 by default.
 * @param burst how many it may send at once before that counts, 1 to 1,000,000. 100 by default.
 * @param maxMessageBytes how long one JSON text may be, in bytes, 64 to 16,777,216; a longer one is
 *     answered {@code MESSAGE_TOO_LONG} and ends the connection. 65,536 by default.
 * @param allowEmpty whether a broadcast without visible text is delivered, as the default is, or
 *     refused with {@code MESSAGE_EMPTY}
 * @param badMessagesInARow at how many bad messages with no good one between them the connection is
 *     ended, 1 to 1,000,000. 10 by default.
 */
public record RoomOptions(
    int maxUsers,
    int messagesPerSecond,
    int burst,
    int maxMessageBytes,
    boolean allowEmpty,
    int badMessagesInARow) {
  private static final int MANY = 1_000_000;
  private static final RoomOptions DEFAULTS = new RoomOptions(10_000, 50, 100, 65_536, true, 10);

  public RoomOptions {
    check("maxUsers", maxUsers, 1, MANY);
    check("messagesPerSecond", messagesPerSecond, 1, MANY);
    check("burst", burst, 1, MANY);
    check("maxMessageBytes", maxMessageBytes, 64, 1 << 24);
    check("badMessagesInARow", badMessagesInARow, 1, MANY);
  }

  /** The defaults named above. */
  public static RoomOptions defaults() {
    return DEFAULTS;
  }

  public RoomOptions withMaxUsers(int users) {
    return new RoomOptions(
        users, messagesPerSecond, burst, maxMessageBytes, allowEmpty, badMessagesInARow);
  }

  public RoomOptions withMessagesPerSecond(int messages) {
    return new RoomOptions(
        maxUsers, messages, burst, maxMessageBytes, allowEmpty, badMessagesInARow);
  }

  public RoomOptions withBurst(int messages) {
    return new RoomOptions(
        maxUsers, messagesPerSecond, messages, maxMessageBytes, allowEmpty, badMessagesInARow);
  }

  public RoomOptions withMaxMessageBytes(int bytes) {
    return new RoomOptions(
        maxUsers, messagesPerSecond, burst, bytes, allowEmpty, badMessagesInARow);
  }

  public RoomOptions withAllowEmpty(boolean allow) {
    return new RoomOptions(
        maxUsers, messagesPerSecond, burst, maxMessageBytes, allow, badMessagesInARow);
  }

  public RoomOptions withBadMessagesInARow(int messages) {
    return new RoomOptions(
        maxUsers, messagesPerSecond, burst, maxMessageBytes, allowEmpty, messages);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"%s\" is out of range. It must be >= %d && <= %d. Received %d"
              .formatted(name, least, most, value));
    }
  }
}
