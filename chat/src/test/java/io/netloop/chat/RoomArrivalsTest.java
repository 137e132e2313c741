package io.netloop.chat;

import static io.netloop.chat.Browser.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Many who come in one turn of the loop: the others are told of them together, and in order. */
class RoomArrivalsTest {
  private final Queue<Runnable> endOfTurn = new ArrayDeque<>();
  private final TestRoom test = new TestRoom(RoomOptions.defaults(), endOfTurn::add);

  /** A connection that has logged in a turn ago, and forgotten what it heard. */
  private Guest user(String nickname) {
    Guest guest = test.stranger().logsIn(nickname);
    turnEnds();
    return guest.forget();
  }

  private void turnEnds() {
    for (Runnable next = endOfTurn.poll(); next != null; next = endOfTurn.poll()) {
      next.run();
    }
  }

  private static String joined(String nickname, int users) {
    return Outgoing.joined(nickname, users).toString();
  }

  @Test
  void tellsTheOthersAtTheEndOfTheTurnOfAllWhoHaveCome() {
    Guest ann = user("ann");
    test.stranger().logsIn("bob");
    test.stranger().logsIn("cid");
    assertThat(ann.heard()).isEmpty();
    assertThat(endOfTurn).hasSize(1);

    turnEnds();
    assertThat(ann.heard()).containsExactly(joined("bob", 2), joined("cid", 3));
    turnEnds();
    assertThat(ann.heard()).isEmpty();
  }

  @Test
  void tellsANewcomerItsAnswerAtOnceAndOnlyOfThoseWhoCameAfterIt() {
    Guest bob = test.stranger().logsIn("bob");
    Guest cid = test.stranger().logsIn("cid");
    Guest dan = test.stranger().logsIn("dan");
    assertThat(bob.heard()).singleElement().asString().contains("\"sumUsers\":1");
    assertThat(cid.heard()).singleElement().asString().contains("\"sumUsers\":2");
    assertThat(dan.heard()).singleElement().asString().contains("\"sumUsers\":3");

    turnEnds();
    assertThat(bob.heard()).containsExactly(joined("cid", 2), joined("dan", 3));
    assertThat(cid.heard()).containsExactly(joined("dan", 3));
    assertThat(dan.heard()).isEmpty();
  }

  @Test
  void letsNothingOvertakeTheNewsOfWhoHasCome() {
    Guest ann = user("ann");
    Guest bob = test.stranger().logsIn("bob");
    bob.broadcasts("hello");
    assertThat(ann.heard())
        .containsExactly(joined("bob", 2), Outgoing.broadcast("bob", "hello").toString());

    Guest cid = test.stranger().logsIn("cid");
    cid.whispers("ann", "psst");
    assertThat(ann.heard())
        .containsExactly(joined("cid", 3), Outgoing.whisper("cid", "psst").toString());

    test.stranger().logsIn("dan");
    ann.whispers("nobody", "psst");
    assertThat(ann.heard()).hasSize(2).first().isEqualTo(joined("dan", 4));

    test.stranger().logsIn("eve").member.quit("goes");
    assertThat(ann.heard()).containsExactly(joined("eve", 5), Outgoing.left("eve", 4).toString());
    turnEnds();
    assertThat(ann.heard()).isEmpty();
  }

  @Test
  void numbersWhatItSaysInTheOrderInWhichItIsHeard() {
    Guest ann = test.stranger();
    ann.comesIn("ann");
    List<Long> ids = new ArrayList<>();
    ann.whenHearing(json -> ids.add(Long.parseLong(field(json, "id"))));
    test.stranger().logsIn("bob").broadcasts("one");
    test.stranger().logsIn("cid");
    ann.says("{\"type\":\"users\"}");
    test.stranger().logsIn("dan");
    turnEnds();

    assertThat(ids).hasSize(5).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void tellsWhoComesBackInTheSameTurnOfNobodyItHasSeenInItsAnswer() {
    Guest ann = test.stranger();
    String session = field(ann.comesIn("ann"), "session");
    turnEnds();
    test.stranger().logsIn("bob");
    ann.member.leave("closed");
    Guest again = test.stranger();
    assertThat(again.comesBack("ann", session, 0)).contains("\"users\":[\"ann\",\"bob\"]");
    test.stranger().logsIn("cid");
    turnEnds();

    assertThat(again.heard()).singleElement().asString().contains("\"nickname\":\"cid\"");
  }

  @Test
  void saysNothingTwiceWhereOneComesAndGoesAndComesInOneTurn() {
    Guest ann = user("ann");
    test.stranger().logsIn("bob").member.quit("goes");
    test.stranger().logsIn("bob");
    turnEnds();

    assertThat(ann.heard())
        .containsExactly(joined("bob", 2), Outgoing.left("bob", 1).toString(), joined("bob", 2));
  }

  @Test
  void keepsNoMoreWaitingThanAFew() {
    Guest ann = user("ann");
    for (int i = 0; i <= Arrivals.MOST; i++) {
      test.stranger().logsIn("u" + i);
    }
    assertThat(ann.heard()).hasSize(Arrivals.MOST).first().isEqualTo(joined("u0", 2));
    turnEnds();
    assertThat(ann.heard()).containsExactly(joined("u" + Arrivals.MOST, Arrivals.MOST + 2));
  }

  @Test
  void skipsNobodyWhereOneLeavesWhileItIsTold() {
    Guest ann = user("ann");
    Guest eve = user("eve");
    Guest zoe = user("zoe");
    ann.forget();
    eve.forget().whenHearing(json -> eve.member.leave("closed"));
    test.stranger().logsIn("bob");
    test.stranger().logsIn("cid");
    turnEnds();

    List<String> told =
        List.of(joined("bob", 4), joined("cid", 5), Outgoing.left("eve", 4).toString());
    assertThat(ann.heard()).isEqualTo(told);
    assertThat(zoe.heard()).isEqualTo(told);
    assertThat(eve.heard()).containsExactly(joined("bob", 4));
  }

  @Test
  void countsEachTelling() {
    user("ann");
    user("eve");
    long before = test.room.counts().deliveries;
    test.stranger().logsIn("bob");
    test.stranger().logsIn("cid");
    turnEnds();

    assertThat(test.room.counts().deliveries - before).isEqualTo(2 + 3);
  }
}
