package io.netloop.chat;

/** A seat whose peer can be made to wait before it says more. */
interface PacedSeat extends Seat {
  /** Takes in nothing more from the peer until {@link #resume}. */
  void pause();

  /** Takes in again what the peer says. */
  void resume();
}
