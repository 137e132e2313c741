package io.netloop.chat;

import java.time.Duration;

/** A room whose clock stands still until it is told to go on. */
final class TestRoom {
  private long nanos = Long.MAX_VALUE - 5;
  private int labels;
  final Room room;

  TestRoom() {
    this(RoomOptions.defaults());
  }

  TestRoom(RoomOptions options) {
    room = new Room(options, () -> nanos);
  }

  /** A connection that has not logged in. */
  Guest stranger() {
    labels++;
    return new Guest(room, "10.0.0.1:" + labels);
  }

  /** A connection that has logged in, and forgotten what it heard. */
  Guest user(String nickname) {
    return stranger().logsIn(nickname).forget();
  }

  void passes(Duration time) {
    nanos += time.toNanos();
  }
}
