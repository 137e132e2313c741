package io.netloop.chat;

import static io.netloop.chat.Browser.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What goes beyond the course's protocol: ids, sessions, history, and being acknowledged. */
class RoomSessionTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(31);

  private final TestRoom test = new TestRoom();

  private static long id(String json) {
    return Long.parseLong(field(json.substring(json.lastIndexOf("\"id\"")), "id"));
  }

  /** The texts of the messages in this list of a login answer, in order. */
  private static List<String> texts(String answer, String list) {
    int from = answer.indexOf("\"" + list + "\":[");
    assertThat(from).as("%s in %s", list, answer).isNotNegative();
    return Pattern.compile("\"message\":\"([^\"]*)\"")
        .matcher(answer.substring(from, answer.indexOf(']', from)))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static String said(String ref, String message) {
    return new JsonText().text("type", "broadcast").text("message", message).text("ref", ref).end();
  }

  // What an answer holds

  @Test
  void answersALoginOfVersionOneInTheProtocolsOrder() {
    Guest ann = test.stranger();
    String answer = ann.comesIn("ann");
    String session = field(answer, "session");
    assertThat(session).matches("[A-Za-z0-9_-]{24}");
    assertThat(answer)
        .isEqualTo(
            "{\"type\":\"login\",\"success\":true,\"message\":\"登录成功\",\"nickname\":\"ann\","
                + "\"sumUsers\":1,\"users\":[\"ann\"],\"v\":1,"
                + "\"features\":[\"history\",\"presence\",\"ack\"],\"session\":\""
                + session
                + "\",\"history\":[],\"time\":1700000000000,\"id\":1700000000000001}");
  }

  @Test
  void grantsOnlyTheFeaturesItKnowsAndThatWereAskedFor() {
    String answer = test.stranger().comesIn("ann", List.of("ack", "rooms", "x"), "");
    assertThat(answer).contains("\"features\":[\"ack\"]").doesNotContain("history", "users\":");
  }

  @Test
  void stampsEveryMessageToWhoAskedAndNoneToTheOthers() {
    Guest ann = test.stranger();
    ann.comesIn("ann");
    Guest old = test.user("old");
    Guest bob = test.user("bob");
    ann.broadcasts("hello");
    bob.whispers("ann", "psst");
    ann.says("{\"type\":\"users\"}").says("nonsense").whispers("nobody", "?");
    bob.member.leave("closed");
    List<String> heard = ann.heard();
    assertThat(heard).hasSize(8).allSatisfy(line -> assertThat(line).contains("\"time\":1700000"));
    assertThat(heard.stream().map(RoomSessionTest::id)).isSorted().doesNotHaveDuplicates();
    assertThat(heard.get(4)).startsWith("{\"type\":\"users\",\"users\":[\"ann\",\"old\",\"bob\"],");
    assertThat(old.heard()).noneMatch(line -> line.contains("\"time\"") || line.contains("\"id\""));
  }

  @Test
  void answersAPingAtAnyTime() {
    Guest ann = test.stranger().says("{\"type\":\"ping\"}");
    assertThat(ann.heard()).containsExactly("{\"type\":\"pong\"}");
    ann.comesIn("ann");
    assertThat(ann.says("{\"type\":\"ping\"}").heard()).containsExactly("{\"type\":\"pong\"}");
  }

  @Test
  void tellsNobodyWhoIsHereBeforeTheLogin() {
    assertThat(field(test.stranger().says("{\"type\":\"users\"}").heard().getFirst(), "code"))
        .isEqualTo("NOT_LOGGED_IN");
  }

  // History

  @Test
  void tellsANewcomerTheLatestMessagesToAllAndNoPrivateOnes() {
    Guest ann = test.user("ann");
    ann.broadcasts("one");
    ann.whispers("ann", "secret");
    ann.broadcasts("two");
    String answer = test.stranger().comesIn("bob");
    assertThat(texts(answer, "history")).containsExactly("one", "two");
    assertThat(answer).doesNotContain("secret", "missed", "recovered");
  }

  @Test
  void keepsNoMoreMessagesAndNoMoreBytesThanItMay() {
    TestRoom few = new TestRoom(RoomOptions.defaults().withHistoryMessages(3).withBurst(1000));
    Guest ann = few.user("ann");
    for (int i = 0; i < 10; i++) {
      ann.broadcasts("m" + i);
    }
    assertThat(texts(few.stranger().comesIn("b"), "history")).containsExactly("m7", "m8", "m9");
    TestRoom small = new TestRoom(RoomOptions.defaults().withHistoryBytes(5000).withBurst(1000));
    Guest cat = small.user("cat");
    for (int i = 0; i < 10; i++) {
      cat.broadcasts(i + "x".repeat(1000));
    }
    assertThat(texts(small.stranger().comesIn("b"), "history")).hasSize(2);
    assertThat(small.room.history().bytes()).isLessThanOrEqualTo(5000);
  }

  // Coming back

  @Test
  void givesTheNameBackWithoutANoticeAndTellsWhatWasMissedOnceInOrder() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    Guest bob = test.user("bob");
    bob.broadcasts("seen").whispers("ann", "seen too");
    long last = id(ann.heard().getLast());
    ann.member.leave("read ECONNRESET");
    assertThat(bob.forget().heard()).isEmpty();
    bob.broadcasts("m1").whispers("ann", "w1").broadcasts("m2").whispers("ann", "w2");
    assertThat(bob.heard()).hasSize(2);

    Guest back = test.stranger();
    String answer = back.comesBack("ann", field(first, "session"), last);
    assertThat(texts(answer, "history")).containsExactly("m1", "m2");
    assertThat(texts(answer, "missed")).containsExactly("w1", "w2");
    assertThat(answer)
        .contains("\"recovered\":true", "\"sumUsers\":2", "\"users\":[\"ann\",\"bob\"]")
        .contains("\"p2p\":true");
    assertThat(field(answer, "session")).isEqualTo(field(first, "session"));
    assertThat(bob.heard()).isEmpty();
    bob.broadcasts("after");
    assertThat(back.heard()).singleElement().asString().contains("after");
  }

  @Test
  void repeatsWhatWasWrittenToTheOldConnectionButNeverArrived() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    long last = id(first);
    test.user("bob").broadcasts("lost on the way").whispers("ann", "this too");
    Guest back = test.stranger();
    String answer = back.comesBack("ann", field(first, "session"), last);
    assertThat(texts(answer, "history")).containsExactly("lost on the way");
    assertThat(texts(answer, "missed")).containsExactly("this too");
    assertThat(answer).contains("\"recovered\":true");
  }

  @Test
  void endsTheOldConnectionWhereItIsStillThere() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    Guest bob = test.user("bob");
    ann.forget();
    Guest back = test.stranger();
    assertThat(back.comesBack("ann", field(first, "session"), id(first)))
        .contains("\"success\":true", "\"recovered\":true");
    assertThat(ann.ends()).containsExactly("its session goes on over another connection");
    ann.member.leave("closed");
    ann.broadcasts("from the grave");
    assertThat(bob.heard()).isEmpty();
    assertThat(test.room.users()).isEqualTo(2);
  }

  @Test
  void tellsThatAUserHasLeftWhoDoesNotComeBackInTime() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    Guest bob = test.user("bob");
    ann.member.leave("reset");
    test.passes(Duration.ofSeconds(29));
    assertThat(bob.heard()).isEmpty();
    test.passes(Duration.ofSeconds(2));
    assertThat(bob.heard()).containsExactly(Outgoing.left("ann", 1).toString());
    bob.broadcasts("gone?").forget();
    String answer = test.stranger().comesBack("ann", field(first, "session"), id(first));
    assertThat(texts(answer, "history")).containsExactly("gone?");
    assertThat(field(answer, "session")).isNotEqualTo(field(first, "session"));
    assertThat(answer).contains("\"recovered\":true");
    assertThat(bob.heard()).containsExactly(Outgoing.joined("ann", 2).toString());
  }

  @Test
  void saysThatSomethingIsGoneWhereAWhisperWasLostWithItsSession() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    Guest bob = test.user("bob");
    ann.member.leave("reset");
    bob.whispers("ann", "never heard");
    test.passes(LONG_ENOUGH);
    assertThat(test.stranger().comesBack("ann", field(first, "session"), id(first)))
        .contains("\"recovered\":false");
  }

  @Test
  void saysThatSomethingIsGoneWhereTheHistoryIsTooShort() {
    TestRoom few = new TestRoom(RoomOptions.defaults().withHistoryMessages(2));
    Guest ann = few.stranger();
    String first = ann.comesIn("ann");
    Guest bob = few.user("bob");
    ann.member.leave("reset");
    bob.broadcasts("1").broadcasts("2").broadcasts("3");
    String answer = few.stranger().comesBack("ann", field(first, "session"), id(first));
    assertThat(texts(answer, "history")).containsExactly("2", "3");
    assertThat(answer).contains("\"recovered\":false");
  }

  @Test
  void saysThatSomethingIsGoneAfterARestart() {
    test.user("bob").broadcasts("new");
    String answer = test.stranger().comesBack("ann", "x".repeat(24), TestRoom.FIRST_ID - 5000);
    assertThat(texts(answer, "history")).containsExactly("new");
    assertThat(answer).contains("\"recovered\":false");
  }

  @Test
  void saysThatSomethingIsGoneToWhoClaimsToKnowTheFuture() {
    assertThat(test.stranger().comesBack("ann", "x", 9_000_000_000_000_000L))
        .contains("\"recovered\":false");
  }

  @Test
  void doesNotGiveASessionToAnotherName() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    String answer = test.stranger().comesBack("bob", field(first, "session"), id(first));
    assertThat(answer).contains("\"success\":true");
    assertThat(field(answer, "session")).isNotEqualTo(field(first, "session"));
    assertThat(ann.ends()).isEmpty();
  }

  @Test
  void freesTheNameAtOnceOfWhoLeavesOnPurposeAndStillTellsWhatWasMissed() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    Guest bob = test.user("bob");
    ann.member.quit("ended by the peer");
    assertThat(bob.heard()).containsExactly(Outgoing.left("ann", 1).toString());
    bob.broadcasts("meanwhile").forget();
    String answer = test.stranger().comesBack("ann", field(first, "session"), id(first));
    assertThat(texts(answer, "history")).containsExactly("meanwhile");
    assertThat(answer).contains("\"recovered\":true");
    assertThat(field(answer, "session")).isEqualTo(field(first, "session"));
    assertThat(bob.heard()).containsExactly(Outgoing.joined("ann", 2).toString());
  }

  @Test
  void refusesANameThatSomebodyElseHasTakenAfterItWasFreed() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    ann.member.quit("ended by the peer");
    test.user("ann");
    assertThat(test.stranger().comesBack("ann", field(first, "session"), id(first)))
        .contains("NICKNAME_TAKEN");
  }

  @Test
  void leavesAtOnceWhereNobodyAskedForASession() {
    Guest bob = test.user("bob");
    test.user("ann").member.leave("reset");
    assertThat(bob.heard()).contains(Outgoing.left("ann", 1).toString());
  }

  @Test
  void forgetsTheOldestOfTooManyWhoAreAway() {
    TestRoom small = new TestRoom(RoomOptions.defaults().withMaxUsers(3));
    for (int i = 0; i < 50; i++) {
      Guest guest = small.stranger();
      guest.comesIn("n" + i);
      guest.member.quit("ended by the peer");
    }
    assertThat(small.room.sessions().size()).isEqualTo(3);
  }

  @Test
  void comesAndGoesAgainAndAgainUnderOneSession() {
    Guest bob = test.user("bob");
    Guest ann = test.stranger();
    String answer = ann.comesIn("ann");
    bob.forget();
    for (int i = 0; i < 20; i++) {
      ann.member.leave("reset");
      test.passes(Duration.ofSeconds(20));
      ann = test.stranger();
      answer = ann.comesBack("ann", field(answer, "session"), id(answer));
      assertThat(answer).contains("\"recovered\":true");
    }
    assertThat(bob.heard()).isEmpty();
    assertThat(test.room.counts().resumed).isEqualTo(20);
  }

  @Test
  void waitsForNobodyOnceItStops() {
    Guest ann = test.stranger();
    ann.comesIn("ann");
    ann.member.leave("reset");
    assertThat(test.room.users()).isEqualTo(1);
    test.stops();
    assertThat(test.room.users()).isZero();
  }

  // Being acknowledged

  @Test
  void acknowledgesAfterTheMessageItselfWithItsId() {
    Guest ann = test.stranger();
    ann.comesIn("ann");
    ann.says(said("r1", "hello"));
    List<String> heard = ann.heard();
    assertThat(heard).hasSize(2);
    assertThat(heard.get(0)).startsWith("{\"type\":\"broadcast\"");
    assertThat(heard.get(1)).startsWith("{\"type\":\"ack\",\"ref\":\"r1\",\"time\":");
    assertThat(id(heard.get(1))).isEqualTo(id(heard.get(0)));
  }

  @Test
  void deliversWhatIsSentAgainOnlyOnceAlsoOverANewConnection() {
    Guest ann = test.stranger();
    String first = ann.comesIn("ann");
    Guest bob = test.user("bob");
    ann.forget().says(said("r1", "hello"));
    long id = id(ann.heard().getLast());
    ann.says(said("r1", "hello"));
    assertThat(ann.heard()).singleElement().satisfies(ack -> assertThat(id(ack)).isEqualTo(id));
    ann.member.leave("reset");
    Guest back = test.stranger();
    back.comesBack("ann", field(first, "session"), id);
    back.says(said("r1", "hello")).says(said("r2", "world"));
    assertThat(back.heard()).hasSize(3).first().asString().contains("\"ack\"", "r1", "" + id);
    assertThat(bob.heard()).hasSize(2);
    assertThat(test.room.counts().repeated).isEqualTo(2);
  }

  @Test
  void acknowledgesWhispersAndNamesTheRefOfOneThatReachesNobody() {
    Guest ann = test.stranger();
    ann.comesIn("ann");
    test.user("bob");
    ann.forget();
    ann.says("{\"type\":\"p2p\",\"nickname\":\"bob\",\"message\":\"x\",\"ref\":\"w\"}");
    assertThat(ann.heard()).singleElement().asString().contains("\"ack\"", "\"ref\":\"w\"");
    ann.says("{\"type\":\"p2p\",\"nickname\":\"eve\",\"message\":\"x\",\"ref\":\"v\"}");
    assertThat(ann.heard())
        .singleElement()
        .asString()
        .contains("\"success\":false", "\"to\":\"eve\"", "\"ref\":\"v\"");
  }

  @Test
  void acknowledgesNothingToWhoHasNotAsked() {
    Guest ann = test.user("ann");
    ann.says(said("r", "hello")).says(said("r", "hello"));
    assertThat(ann.heard()).hasSize(2).noneMatch(line -> line.contains("ack"));
  }

  @Test
  void remembersNoMoreRefsThanItMay() {
    TestRoom fast = new TestRoom(RoomOptions.defaults().withBurst(10_000));
    Guest ann = fast.stranger();
    ann.comesIn("ann");
    for (int i = 0; i <= Session.MOST_REFS; i++) {
      ann.says(said("r" + i, "m"));
    }
    ann.forget().says(said("r1", "m"));
    assertThat(ann.heard()).hasSize(1);
    ann.says(said("r0", "m"));
    assertThat(ann.heard()).hasSize(2);
  }

  @Test
  void takesNoRefThatIsTooLong() {
    Guest ann = test.stranger();
    ann.comesIn("ann");
    ann.says(said("r".repeat(MessageReader.MAX_REF + 1), "hello"));
    assertThat(field(ann.heard().getFirst(), "code")).isEqualTo("BAD_MESSAGE");
  }
}
