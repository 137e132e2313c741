package io.netloop.chat;

import io.netloop.chat.Courier.Errand;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way between a seat on a worker's loop and its {@link Member} on the room's: to the seat it is
 * its place in the room, to the member it is its seat. A {@link Courier} carries what they say.
 */
final class FarMember implements Place, Seat {
  /** How much of one peer may be pending, in bytes, before it has to wait. */
  static final int MOST_PENDING = 64 * 1024;

  /** From how little on it may go on. */
  private static final int LITTLE_PENDING = MOST_PENDING / 2;

  /** What a message costs beside its bytes: many small ones count too. */
  static final int MESSAGE_BYTES = 128;

  private static final Logger log = LoggerFactory.getLogger(FarMember.class);

  private final Courier courier;
  private final PacedSeat seat;
  private final String label;
  private final Member member;

  /** What the peer has sent that is not answered yet, on both loops. */
  private final AtomicInteger pending = new AtomicInteger();

  /** Whether the peer waits. Only the worker's loop writes it. */
  private volatile boolean paused;

  /** The worker's side: the seat has closed or was ended, and nothing is said to it any more. */
  private boolean gone;

  /** A place that is not entered yet; made on the worker's loop. */
  FarMember(Room room, Courier courier, PacedSeat seat) {
    this.courier = courier;
    this.seat = seat;
    this.label = seat.label();
    this.member = room.member(this);
  }

  // What the seat says, on the worker's loop

  @Override
  public void enter() {
    ask(0, Member::enter);
  }

  @Override
  public void receive(byte[] json) {
    ask(MESSAGE_BYTES + json.length, there -> there.receive(json));
  }

  @Override
  public void badMessage() {
    ask(MESSAGE_BYTES, Member::badMessage);
  }

  @Override
  public void tooLong() {
    ask(MESSAGE_BYTES, Member::tooLong);
  }

  @Override
  public void leave(Ending how, String cause) {
    if (!gone) {
      gone = true;
      ask(0, there -> there.leave(how, cause));
    }
  }

  @Override
  public void quit(Ending how, String why) {
    ask(0, there -> there.quit(how, why));
  }

  @Override
  public void loginTimedOut(String why) {
    ask(0, there -> there.loginTimedOut(why));
  }

  @Override
  public void stop() {
    ask(0, Member::stop);
  }

  private void ask(int bytes, Consumer<Member> request) {
    boolean tooMuch = pending.addAndGet(bytes) > MOST_PENDING;
    courier.ask(new Errand(this, bytes, request));
    if (tooMuch && !paused) {
      paused = true;
      seat.pause(); // at least the answer to this is still to come, and has it resumed
    }
  }

  private void resumeIfAnswered() {
    if (paused && pending.get() <= LITTLE_PENDING) {
      paused = false;
      seat.resume();
    }
  }

  // What is said to the seat, on the worker's loop

  /** A seat that throws leaves, and costs no other its messages. */
  void deliver(Outgoing message, Style style) {
    if (gone) {
      return;
    }
    try {
      seat.send(message, style);
    } catch (RuntimeException | Error failure) {
      log.warn("{}: the connection's adapter failed", label, failure);
      leave(Ending.FAILED, "sending failed");
      endSeat(Ending.FAILED, "sending failed");
    }
  }

  void deliverEnd(Ending how, String why) {
    if (!gone) {
      gone = true;
      endSeat(how, why);
    }
  }

  /** Nobody will ever answer: the connection must not stay for that. */
  void roomHasEnded() {
    deliverEnd(Ending.FAILED, "the room's loop has ended");
  }

  private void endSeat(Ending how, String why) {
    try {
      seat.end(how, why);
    } catch (RuntimeException | Error failure) {
      log.warn("{}: the connection's adapter failed", label, failure);
    }
  }

  // What the member says, on the room's loop

  @Override
  public void send(Outgoing message, Style style) {
    courier.send(this, message, style);
  }

  @Override
  public void end(Ending how, String why) {
    courier.end(this, how, why);
  }

  @Override
  public String label() {
    return label;
  }

  // What is asked of the member, on the room's loop

  /** A request at which the room fails costs who made it the connection, and no other. */
  void handle(Consumer<Member> request) {
    try {
      request.accept(member);
    } catch (RuntimeException | Error failure) {
      log.error("{}: the room failed at what it asked for", label, failure);
      member.quit(Ending.FAILED, "the room failed");
    }
  }

  /** What was said to it can reach nobody. */
  void workerHasEnded() {
    member.leave(Ending.FAILED, "the loop of its worker has ended");
  }

  /** Everything that was said because of so much is with its receivers. Any thread. */
  void answered(int bytes) {
    if (pending.addAndGet(-bytes) <= LITTLE_PENDING && paused) {
      courier.onWorker(this::resumeIfAnswered);
    }
  }
}
