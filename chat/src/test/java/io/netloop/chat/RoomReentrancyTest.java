package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Seats that close, fail or even speak while they are being written to. */
final class RoomReentrancyTest {
  private final TestRoom test = new TestRoom();
  private final Guest a = test.user("a");
  private final Guest b = test.user("b");
  private final Guest c = test.user("c");

  RoomReentrancyTest() {
    a.forget();
    b.forget();
  }

  @Test
  void tellsAllOfABroadcastBeforeTheLeaveThatHappensInIt() {
    b.whenHearing(_ -> b.member.leave("slow reader"));
    a.broadcasts("x");
    String x = Outgoing.broadcast("a", "x").toString();
    String left = Outgoing.left("b", 2).toString();
    assertThat(a.heard()).containsExactly(x, left);
    assertThat(b.heard()).containsExactly(x);
    assertThat(c.heard()).containsExactly(x, left);
  }

  @Test
  void survivesThatEverybodyLeavesInABroadcast() {
    for (Guest guest : List.of(a, b, c)) {
      guest.whenHearing(_ -> guest.member.leave("slow reader"));
    }
    a.broadcasts("x");
    for (Guest guest : List.of(a, b, c)) {
      assertThat(guest.heard()).containsExactly(Outgoing.broadcast("a", "x").toString());
    }
    assertThat(test.room.members()).isZero();
  }

  @Test
  void sendsNothingToOneWhoLeftEarlierInTheSameBroadcast() {
    a.whenHearing(_ -> c.member.leave("cut"));
    a.broadcasts("x");
    assertThat(c.heard()).isEmpty();
    assertThat(b.heard())
        .containsExactly(Outgoing.broadcast("a", "x").toString(), Outgoing.left("c", 2).toString());
  }

  @Test
  void doesNotSkipTheOneAfterTheOneThatLeft() {
    a.whenHearing(_ -> a.member.leave("cut"));
    c.broadcasts("x");
    assertThat(b.heard()).first().isEqualTo(Outgoing.broadcast("c", "x").toString());
  }

  @Test
  void tellsOfLeavesThatHappenInALeaveNotice() {
    b.whenHearing(_ -> b.member.leave("slow reader"));
    a.member.leave("closed");
    assertThat(c.heard())
        .containsExactly(Outgoing.left("a", 2).toString(), Outgoing.left("b", 1).toString());
    assertThat(test.room.users()).isEqualTo(1);
  }

  @Test
  void tellsOfANewcomerWhoLeavesAtItsLoginAnswer() {
    Guest d = test.stranger();
    d.whenHearing(_ -> d.member.leave("slow reader")).logsIn("d");
    assertThat(d.heard()).hasSize(1);
    assertThat(a.heard())
        .containsExactly(Outgoing.joined("d", 4).toString(), Outgoing.left("d", 3).toString());
    assertThat(test.stranger().logsIn("d").member.isLoggedIn()).isTrue();
  }

  @Test
  void handlesWhatIsSaidInABroadcastAfterIt() {
    List<String> order = new ArrayList<>();
    c.whenHearing(order::add);
    a.whenHearing(json -> {
      if (json.contains("\"x\"")) {
        a.broadcasts("y").whispers("c", "z");
        test.stranger().logsIn("d");
      }
    });
    a.broadcasts("x");
    assertThat(order)
        .containsExactly(
            Outgoing.broadcast("a", "x").toString(),
            Outgoing.broadcast("a", "y").toString(),
            Outgoing.whisper("a", "z").toString(),
            Outgoing.joined("d", 4).toString());
  }

  @Test
  void leavesOnceWhereTheLastWordFails() {
    a.whenHearing(_ -> a.member.leave("reset"));
    a.member.tooLong();
    assertThat(a.heard()).containsExactly(Outgoing.MESSAGE_TOO_LONG.toString());
    assertThat(a.ends()).isEmpty();
    assertThat(b.heard()).containsExactly(Outgoing.left("a", 2).toString());
  }

  @Test
  void leavesOnceWhereTheEndClosesAtOnce() {
    a.whenEnded(() -> a.member.leave("closed"));
    a.member.tooLong();
    assertThat(a.ends()).hasSize(1);
    assertThat(b.heard()).containsExactly(Outgoing.left("a", 2).toString());
  }

  @Test
  void stopsWhereSeatsCloseAtOnce() {
    a.whenEnded(() -> {
      a.member.leave("closed");
      b.member.leave("closed too");
    });
    test.stops();
    assertThat(b.ends()).isEmpty();
    assertThat(b.heard()).isEmpty();
    assertThat(c.heard()).containsExactly(Outgoing.SERVER_STOPS.toString());
    assertThat(test.room.members()).isZero();
  }

  @Test
  void losesOnlyTheSeatThatThrows() {
    b.whenHearing(_ -> {
      throw new IllegalStateException("a mistake in the adapter");
    });
    b.whenEnded(() -> {
      throw new IllegalStateException("and another");
    });
    a.broadcasts("x");
    String x = Outgoing.broadcast("a", "x").toString();
    String left = Outgoing.left("b", 2).toString();
    assertThat(a.heard()).containsExactly(x, left);
    assertThat(c.heard()).containsExactly(x, left);
    assertThat(b.ends()).hasSize(1);
    b.member.leave("closed");
    a.broadcasts("y");
    assertThat(c.heard()).containsExactly(Outgoing.broadcast("a", "y").toString());
  }

  @Test
  void endsTheSeatThatThrows() {
    b.whenHearing(_ -> {
      throw new IllegalStateException("a mistake in the adapter");
    });
    a.broadcasts("x");
    assertThat(b.ends()).containsExactly("sending failed");
    assertThat(a.heard())
        .containsExactly(Outgoing.broadcast("a", "x").toString(), Outgoing.left("b", 2).toString());
  }

  @Test
  void endsTheSeatThatThrowsAnError() {
    b.whenHearing(_ -> {
      throw new StackOverflowError("a mistake in the adapter");
    });
    a.broadcasts("x");
    assertThat(b.ends()).containsExactly("sending failed");
    assertThat(c.heard())
        .containsExactly(Outgoing.broadcast("a", "x").toString(), Outgoing.left("b", 2).toString());
  }

  @Test
  void goesOnAfterAnEventThatFails() {
    Error first = new StackOverflowError("first");
    RuntimeException second = new IllegalStateException("second");
    assertThatThrownBy(() ->
            test.room.inTurn(() -> {
              test.room.inTurn(() -> a.broadcasts("x"));
              test.room.inTurn(() -> {
                throw second;
              });
              test.room.inTurn(() -> b.broadcasts("y"));
              throw first;
            }))
        .isSameAs(first)
        .hasSuppressedException(second);
    assertThat(c.heard())
        .containsExactly(
            Outgoing.broadcast("a", "x").toString(), Outgoing.broadcast("b", "y").toString());
    b.broadcasts("z");
    assertThat(c.heard()).containsExactly(Outgoing.broadcast("b", "z").toString());
  }

  @Property(tries = 500)
  void isHeardInOneOrderByAllWhoStay(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 9) Integer> leavers) {
    TestRoom room = new TestRoom(RoomOptions.defaults().withBurst(1000));
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      guests.add(room.user("g" + i));
    }
    guests.forEach(Guest::forget);
    // Whenever g10 hears anything, the next of the leavers leaves, in the middle of the fan-out.
    List<Integer> next = new ArrayList<>(leavers);
    guests
        .get(10)
        .whenHearing(_ -> {
          if (!next.isEmpty()) {
            guests.get(next.removeFirst()).member.leave("cut");
          }
        });
    for (int i = 0; i < 12; i++) {
      guests.get(i).broadcasts("from " + i);
    }
    List<String> heard = guests.get(11).heard();
    assertThat(guests.get(10).heard()).isEqualTo(heard);
    for (int i = 0; i < 10; i++) {
      List<String> part = guests.get(i).heard();
      assertThat(heard.subList(0, part.size())).isEqualTo(part);
      String left = "\"g" + i + " 离开了聊天室";
      long notices = heard.stream().filter(json -> json.contains(left)).count();
      assertThat(notices).isEqualTo(guests.get(i).member.hasLeft() ? 1 : 0);
    }
  }
}
