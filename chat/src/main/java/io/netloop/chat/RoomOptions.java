package io.netloop.chat;

import io.netloop.loop.NetException;
import java.time.Duration;

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
 * @param historyMessages how many of the latest messages to all are kept for those who come later,
 *     0 to 100,000. 100 by default.
 * @param historyBytes how much memory they may take, 0 to 268,435,456 bytes. 262,144 by default.
 * @param sessionTime how long a user whose connection was lost may come back as if nothing had
 *     happened, zero to an hour. 30 seconds by default. Only clients that asked for a session have
 *     one.
 */
public record RoomOptions(
    int maxUsers,
    int messagesPerSecond,
    int burst,
    int maxMessageBytes,
    boolean allowEmpty,
    int badMessagesInARow,
    int historyMessages,
    int historyBytes,
    Duration sessionTime) {
  private static final int MANY = 1_000_000;
  private static final RoomOptions DEFAULTS = new RoomOptions(10_000, 50, 100, 65_536, true, 10);

  public RoomOptions {
    check("maxUsers", maxUsers, 1, MANY);
    check("messagesPerSecond", messagesPerSecond, 1, MANY);
    check("burst", burst, 1, MANY);
    check("maxMessageBytes", maxMessageBytes, 64, 1 << 24);
    check("badMessagesInARow", badMessagesInARow, 1, MANY);
    check("historyMessages", historyMessages, 0, 100_000);
    check("historyBytes", historyBytes, 0, 1 << 28);
    if (sessionTime.isNegative() || sessionTime.compareTo(Duration.ofHours(1)) > 0) {
      throw outOfRange("sessionTime", Duration.ZERO, Duration.ofHours(1), sessionTime);
    }
  }

  /** With the defaults for what is kept for those who come later, or come back. */
  public RoomOptions(
      int maxUsers,
      int messagesPerSecond,
      int burst,
      int maxMessageBytes,
      boolean allowEmpty,
      int badMessagesInARow) {
    this(
        maxUsers,
        messagesPerSecond,
        burst,
        maxMessageBytes,
        allowEmpty,
        badMessagesInARow,
        100,
        256 * 1024,
        Duration.ofSeconds(30));
  }

  /** The defaults named above. */
  public static RoomOptions defaults() {
    return DEFAULTS;
  }

  public RoomOptions withMaxUsers(int users) {
    return new RoomOptions(
        users,
        messagesPerSecond,
        burst,
        maxMessageBytes,
        allowEmpty,
        badMessagesInARow,
        historyMessages,
        historyBytes,
        sessionTime);
  }

  public RoomOptions withMessagesPerSecond(int messages) {
    return new RoomOptions(
        maxUsers,
        messages,
        burst,
        maxMessageBytes,
        allowEmpty,
        badMessagesInARow,
        historyMessages,
        historyBytes,
        sessionTime);
  }

  public RoomOptions withBurst(int messages) {
    return new RoomOptions(
        maxUsers,
        messagesPerSecond,
        messages,
        maxMessageBytes,
        allowEmpty,
        badMessagesInARow,
        historyMessages,
        historyBytes,
        sessionTime);
  }

  public RoomOptions withMaxMessageBytes(int bytes) {
    return new RoomOptions(
        maxUsers,
        messagesPerSecond,
        burst,
        bytes,
        allowEmpty,
        badMessagesInARow,
        historyMessages,
        historyBytes,
        sessionTime);
  }

  public RoomOptions withAllowEmpty(boolean allow) {
    return new RoomOptions(
        maxUsers,
        messagesPerSecond,
        burst,
        maxMessageBytes,
        allow,
        badMessagesInARow,
        historyMessages,
        historyBytes,
        sessionTime);
  }

  public RoomOptions withBadMessagesInARow(int messages) {
    return new RoomOptions(
        maxUsers,
        messagesPerSecond,
        burst,
        maxMessageBytes,
        allowEmpty,
        messages,
        historyMessages,
        historyBytes,
        sessionTime);
  }

  public RoomOptions withHistoryMessages(int messages) {
    return new RoomOptions(
        maxUsers,
        messagesPerSecond,
        burst,
        maxMessageBytes,
        allowEmpty,
        badMessagesInARow,
        messages,
        historyBytes,
        sessionTime);
  }

  public RoomOptions withHistoryBytes(int bytes) {
    return new RoomOptions(
        maxUsers,
        messagesPerSecond,
        burst,
        maxMessageBytes,
        allowEmpty,
        badMessagesInARow,
        historyMessages,
        bytes,
        sessionTime);
  }

  public RoomOptions withSessionTime(Duration time) {
    return new RoomOptions(
        maxUsers,
        messagesPerSecond,
        burst,
        maxMessageBytes,
        allowEmpty,
        badMessagesInARow,
        historyMessages,
        historyBytes,
        time);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw outOfRange(name, least, most, value);
    }
  }

  private static NetException outOfRange(String name, Object least, Object most, Object value) {
    return new NetException(
        "ERR_OUT_OF_RANGE",
        "The value of \"%s\" is out of range. It must be >= %s && <= %s. Received %s"
            .formatted(name, least, most, value));
  }
}
