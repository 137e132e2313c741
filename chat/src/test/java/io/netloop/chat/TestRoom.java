package io.netloop.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A room whose clock stands still until it is told to go on. */
final class TestRoom {
  /** The time of day that all messages get. */
  static final long START_MILLIS = 1_700_000_000_000L;

  /** The id of the first message of a room that begins then. */
  static final long FIRST_ID = START_MILLIS * 1000 + 1;

  private long nanos = Long.MAX_VALUE - 5;
  private final List<Guest> guests = new ArrayList<>();
  final Room room;

  TestRoom() {
    this(RoomOptions.defaults());
  }

  TestRoom(RoomOptions options) {
    this(options, Runnable::run);
  }

  /** One whose turns end when the executor says so, and not with each event. */
  TestRoom(RoomOptions options, Executor endOfTurn) {
    room = new Room(options, () -> nanos, () -> Instant.ofEpochMilli(START_MILLIS), endOfTurn);
  }

  /** A connection that has not logged in. */
  Guest stranger() {
    Guest guest = new Guest(room, "10.0.0.1:" + (guests.size() + 1));
    guests.add(guest);
    return guest;
  }

  /** A connection that has logged in, and forgotten what it heard. */
  Guest user(String nickname) {
    return stranger().logsIn(nickname).forget();
  }

  /** Stops the room as its server does: the room first, then one after another. */
  void stops() {
    room.stop();
    guests.forEach(guest -> guest.member.stop());
  }

  /** Time passes, and the room is told so. */
  void passes(Duration time) {
    nanos += time.toNanos();
    room.endOverdueSessions();
  }
}
