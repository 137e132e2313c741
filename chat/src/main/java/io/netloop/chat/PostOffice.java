package io.netloop.chat;

import io.netloop.chat.Courier.Errand;
import io.netloop.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The room's end of the way to seats on other loops: does what the couriers bring, and at the end
 * of the turn sends each off with what the room has said.
 *
 * <p>What a seat has asked for is pending until everything that was said because of it is with the
 * seats that it was said to. So a peer that sends more than the room can handle, or than the
 * workers can pass on, is made to wait by its own {@link FarMember}, and no queue grows without
 * bound.
 */
final class PostOffice {
  private final Loop loop;
  private final Room room;
  private final Runnable roomEnded;
  private final List<Courier> leaving = new ArrayList<>();
  private List<Errand> done = new ArrayList<>();
  private boolean atEndOfTurn;

  /**
   * An office on the room's loop.
   *
   * @param roomEnded told, on the loop of a worker, when that loop has ended
   */
  PostOffice(Loop loop, Room room, Runnable roomEnded) {
    this.loop = loop;
    this.room = room;
    this.roomEnded = roomEnded;
  }

  Room room() {
    return room;
  }

  /** Has all this done, in order; false where the room's loop has ended. Any thread. */
  boolean take(List<Errand> errands) {
    try {
      loop.execute(() -> handle(errands));
      return true;
    } catch (RejectedExecutionException ended) {
      roomEnded.run();
      return false;
    }
  }

  private void handle(List<Errand> errands) {
    for (Errand errand : errands) {
      errand.from().handle(errand.request());
      done.add(errand);
    }
    sendOffAtEndOfTurn();
  }

  /** A courier has something to carry. */
  void hasParcels(Courier courier) {
    leaving.add(courier);
    sendOffAtEndOfTurn();
  }

  private void sendOffAtEndOfTurn() {
    if (!atEndOfTurn) {
      atEndOfTurn = true;
      // Behind what other couriers have brought meanwhile: the answers to that go along.
      loop.execute(this::sendOff);
    }
  }

  private void sendOff() {
    atEndOfTurn = false;
    List<Courier> couriers = List.copyOf(leaving);
    leaving.clear();
    List<Errand> answered = done;
    done = new ArrayList<>();
    AtomicInteger underWay = new AtomicInteger(couriers.size() + 1);
    Runnable delivered =
        () -> {
          if (underWay.decrementAndGet() == 0) {
            answered.forEach(errand -> errand.from().answered(errand.bytes()));
          }
        };
    couriers.forEach(courier -> courier.goToWorker(delivered));
    delivered.run();
  }
}
