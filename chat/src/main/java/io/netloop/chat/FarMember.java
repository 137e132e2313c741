package io.netloop.chat;

import io.netloop.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * The two ends of the way between a seat on a worker's loop and its member on the room's: the
 * seat's calls go over as tasks, in order, and the room's come back by the {@link Courier}.
 */
final class FarMember implements Place, Seat {
  private final Loop room;
  private final TcpSeat seat;
  private final Courier courier;
  private final String label;

  /** Seen by the room's loop only. */
  private @Nullable Member member;

  private volatile boolean loggedIn;

  /** Enters the room, later; called on the worker's loop. */
  FarMember(Loop roomLoop, Room room, TcpSeat seat, Courier courier) {
    this.room = roomLoop;
    this.seat = seat;
    this.courier = courier;
    this.label = seat.label();
    roomLoop.execute(() -> member = room.enter(this));
  }

  private interface Call {
    void on(Member member);
  }

  private void pass(Call call) {
    room.execute(() -> {
      Member there = member;
      if (there != null) {
        call.on(there);
        loggedIn = there.isLoggedIn();
      }
    });
  }

  // The seat's side, on the worker's loop

  @Override
  public void receive(byte[] json) {
    pass(there -> there.receive(json));
  }

  @Override
  public void badMessage() {
    pass(Member::badMessage);
  }

  @Override
  public void tooLong() {
    pass(Member::tooLong);
  }

  @Override
  public void leave(String cause) {
    pass(there -> there.leave(cause));
  }

  @Override
  public void stop() {
    pass(Member::stop);
  }

  @Override
  public boolean isLoggedIn() {
    return loggedIn;
  }

  // The room's side, on the room's loop

  @Override
  public void send(Outgoing message, Style style) {
    courier.send(seat, message, style);
  }

  @Override
  public void end(String why) {
    courier.end(seat, why);
  }

  @Override
  public String label() {
    return label;
  }
}
