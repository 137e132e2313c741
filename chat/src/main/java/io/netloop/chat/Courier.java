package io.netloop.chat;

import io.netloop.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Carries everything between the seats of one worker and the room: what is asked for in one turn of
 * the worker's loop goes over in one task, and what the room says in one turn comes back in one,
 * however many seats it is for. In both directions nothing overtakes anything.
 */
final class Courier {
  /**
   * What a seat asks of its member.
   *
   * @param bytes how much this counts while it is pending
   */
  record Errand(FarMember from, int bytes, Consumer<Member> request) {}

  /** What the room says to seats. */
  private sealed interface Parcel {
    List<FarMember> to();
  }

  private record Letter(Outgoing message, Style style, List<FarMember> to) implements Parcel {}

  private record End(Ending how, String why, List<FarMember> to) implements Parcel {}

  private final PostOffice office;
  private final Loop worker = Loop.current();

  /** The worker's side: what its turn has asked for so far. */
  private List<Errand> errands = new ArrayList<>();

  /** The room's side: what its turn has said so far. */
  private List<Parcel> parcels = new ArrayList<>();

  /** The courier of the worker on whose loop this is called. */
  Courier(PostOffice office) {
    this.office = office;
  }

  /** A place for a seat of this worker. Called on the worker's loop. */
  FarMember place(PacedSeat seat) {
    return new FarMember(office.room(), this, seat);
  }

  /** Runs a task on the worker's loop, unless that has ended. Any thread. */
  void onWorker(Runnable task) {
    worker.run(task);
  }

  // The worker's side

  /** Has the room do this for a member. Called on the worker's loop. */
  void ask(Errand errand) {
    if (errands.isEmpty()) {
      // Behind what the worker's turn still has to do; no timer, which its end would clear.
      worker.execute(this::goToRoom);
    }
    errands.add(errand);
  }

  private void goToRoom() {
    List<Errand> bag = errands;
    errands = new ArrayList<>();
    if (!office.take(bag)) {
      bag.forEach(errand -> errand.from().roomHasEnded());
    }
  }

  // The room's side

  /** Says this to a member's seat. Called on the room's loop. */
  void send(FarMember to, Outgoing message, Style style) {
    if (!parcels.isEmpty()
        && parcels.getLast() instanceof Letter last
        && last.message == message
        && last.style == style) {
      last.to.add(to);
      return;
    }
    // Encoded here, or two workers would both do it.
    message.line(style);
    List<FarMember> receivers = new ArrayList<>();
    receivers.add(to);
    add(new Letter(message, style, receivers));
  }

  /** Ends a member's seat. Called on the room's loop. */
  void end(FarMember who, Ending how, String why) {
    add(new End(how, why, List.of(who)));
  }

  private void add(Parcel parcel) {
    if (parcels.isEmpty()) {
      office.hasParcels(this);
    }
    parcels.add(parcel);
  }

  /**
   * Hands over what the room's turn has said. Where the worker's loop has ended, its members leave.
   *
   * @param delivered told when it has been delivered, or never will be
   */
  void goToWorker(Runnable delivered) {
    List<Parcel> bag = parcels;
    parcels = new ArrayList<>();
    try {
      worker.execute(() -> {
        try {
          bag.forEach(Courier::deliver);
        } finally {
          delivered.run();
        }
      });
    } catch (RejectedExecutionException ended) {
      bag.forEach(parcel -> parcel.to().forEach(FarMember::workerHasEnded));
      delivered.run();
    }
  }

  private static void deliver(Parcel parcel) {
    switch (parcel) {
      case Letter(Outgoing message, Style style, List<FarMember> to) ->
          to.forEach(member -> member.deliver(message, style));
      case End(Ending how, String why, List<FarMember> to) ->
          to.forEach(member -> member.deliverEnd(how, why));
    }
  }
}
