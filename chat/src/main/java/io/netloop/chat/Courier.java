package io.netloop.chat;

import io.netloop.loop.Loop;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries what the room says to the seats of one worker: all that is said in one turn of the room's
 * loop is one task for the worker's, however many seats it is for. <i>Loop-confined</i> to the
 * room's loop.
 */
final class Courier {
  private final Loop room;
  private final Loop worker;
  private List<Object> bag = new ArrayList<>();

  Courier(Loop room, Loop worker) {
    this.room = room;
    this.worker = worker;
  }

  void send(TcpSeat to, Outgoing message, Style style) {
    leaveAtEndOfTurn();
    bag.add(to);
    bag.add(message);
    bag.add(style);
  }

  void end(TcpSeat who, String why) {
    leaveAtEndOfTurn();
    bag.add(who);
    bag.add(why);
    bag.add(why);
  }

  private void leaveAtEndOfTurn() {
    if (bag.isEmpty()) {
      room.setImmediate(() -> {
        List<Object> full = bag;
        bag = new ArrayList<>(full.size());
        worker.execute(() -> deliver(full));
      });
    }
  }

  private static void deliver(List<Object> bag) {
    for (int i = 0; i < bag.size(); i += 3) {
      TcpSeat seat = (TcpSeat) bag.get(i);
      if (bag.get(i + 1) instanceof Outgoing message) {
        seat.send(message, (Style) bag.get(i + 2));
      } else {
        seat.end((String) bag.get(i + 1));
      }
    }
  }
}
