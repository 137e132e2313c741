package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How people go, and are made to: section 5 of the wire protocol. */
class ChatLeavingTest {
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final TcpSeat.Patience IMPATIENT = new TcpSeat.Patience(SHORT, SHORT);
  private static final String B_LEFT = "b 离开了聊天室，当前在线人数：1";

  private static final RoomOptions TALKATIVE =
      RoomOptions.defaults().withBurst(1_000_000).withMessagesPerSecond(1_000_000);

  @RegisterExtension final House house = new House();

  @Test
  void tellsOfAResetOnceAndFreesTheName() {
    house.open();
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    b.resets();
    assertThat(a.hearsMessage()).isEqualTo(B_LEFT);
    house.user("b");
    assertThat(a.hearsMessage()).startsWith("b 进入了聊天室");
    a.hasHeardNothing();
    assertThat(house.logged("left as b")).singleElement().asString().contains("ECONNRESET");
  }

  @Test
  void survivesAResetInTheMiddleOfAMessage() {
    house.open();
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    b.sends("{\"type\":\"broadcast\",\"message\":\"half of").resets();
    assertThat(a.hearsMessage()).isEqualTo(B_LEFT);
    a.hasHeardNothing();
  }

  @Test
  void dropsAnUnfinishedMessageSilentlyWhenThePeerEnds() {
    house.open();
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    b.sends("{\"type\":\"broadcast\",\"message\":\"half of").halfCloses();
    assertThat(b.hearsToTheEnd()).isEmpty();
    assertThat(a.hearsMessage()).isEqualTo(B_LEFT);
    a.hasHeardNothing();
    assertThat(house.logged("left as b"))
        .singleElement()
        .asString()
        .endsWith("users: 1, cause: ended by the peer");
  }

  @Test
  void answersAPeerThatEndsItsSideAfterItsMessages() {
    house.open();
    Peer a = house.user("a");
    Peer b = house.stranger();
    b.sends(Peer.login("b") + "\n" + Peer.broadcast("bye") + "\n").halfCloses();
    assertThat(b.hears()).contains("登录成功");
    assertThat(b.hearsMessage()).isEqualTo("bye");
    assertThat(b.hearsToTheEnd()).isEmpty();
    assertThat(a.hearsMessage()).startsWith("b 进入了聊天室");
    assertThat(a.hearsMessage()).isEqualTo("bye");
    assertThat(a.hearsMessage()).isEqualTo(B_LEFT);
  }

  /** Nothing may be written to it any more, or the answers still under way would be lost. */
  @Test
  void leavesInPeaceAPeerThatHasEndedItsSideWhileOthersTalk() {
    ChatServer server = house.open(talkative());
    Peer a = house.user("a");
    Peer b = house.strangerWithLittleRoom().logsIn("b");
    a.hears();
    // More than the system holds for b, so that its answers are still with us when it ends.
    int messages = 200;
    for (int i = 0; i < messages; i++) {
      b.whispers("b", i + " " + "x".repeat(30_000));
    }
    b.halfCloses();
    assertThat(a.hearsMessage()).isEqualTo(B_LEFT);
    assertThat(server.connections()).isEqualTo(2);
    a.broadcasts("still talking").hears();
    for (int i = 0; i < messages; i++) {
      assertThat(b.hearsMessage()).startsWith(i + " ");
    }
    assertThat(b.hearsToTheEnd()).isEmpty();
  }

  @Test
  void cutsAPeerThatHasEndedItsSideAndDoesNotReadItsAnswers() {
    ChatServer server = house.open(talkative(), IMPATIENT);
    Peer b = house.strangerWithLittleRoom().logsIn("b");
    for (int i = 0; i < 200; i++) {
      b.whispers("b", "x".repeat(30_000));
    }
    b.halfCloses();
    House.until(() -> server.users() == 0);
    House.until(() -> server.connections() == 0);
  }

  @Test
  void saysNothingWhenSomebodyGoesWhoNeverLoggedIn() {
    ChatServer server = house.open();
    Peer a = house.user("a");
    Peer stranger = house.stranger().broadcasts("?");
    assertThat(stranger.hearsCode()).isEqualTo("NOT_LOGGED_IN");
    stranger.close();
    House.until(() -> server.connections() == 1);
    a.hasHeardNothing();
    assertThat(house.logged(" left ")).singleElement().asString().contains("without a login");
  }

  @Test
  void endsWhoDoesNotLogInInTime() {
    house.open(ChatOptions.defaults().withLoginTimeout(SHORT));
    Peer stranger = house.stranger().broadcasts("to say something is not enough");
    assertThat(stranger.hearsCode()).isEqualTo("NOT_LOGGED_IN");
    assertThat(stranger.hearsToTheEnd()).isEmpty();
    assertThat(house.logged("did not log in")).hasSize(1);
  }

  @Test
  void letsAUserStayBeyondTheLoginTimeout() {
    house.open(ChatOptions.defaults().withLoginTimeout(Duration.ofMillis(200)));
    Peer user = house.user("a");
    Peer stranger = house.stranger();
    assertThat(stranger.hearsToTheEnd()).isEmpty(); // and so the time is up for the user as well
    user.hasHeardNothing();
  }

  @Test
  void endsWhoIsIdleAndFreesTheNameAtOnce() {
    ChatServer server = house.open(ChatOptions.defaults().withIdleTimeout(SHORT));
    Peer a = house.user("a");
    House.until(() -> server.users() == 0);
    // The peer has not gone yet, but its name may be taken, and talk of others does it no harm.
    assertThat(server.connections()).isEqualTo(1);
    Peer second = house.user("a");
    second.hasHeardNothing();
    assertThat(a.hearsToTheEnd()).isEmpty();
    assertThat(house.logged("left as a").getFirst()).endsWith("cause: idle for too long");
  }

  @Test
  void doesNotCallIdleWhoIsToldSomething() {
    house.open(ChatOptions.defaults().withIdleTimeout(Duration.ofMillis(400)).withRoom(TALKATIVE));
    Peer listener = house.user("listener");
    Peer talker = house.user("talker");
    listener.hears();
    long until = System.nanoTime() + Duration.ofMillis(1200).toNanos();
    while (System.nanoTime() < until) {
      talker.broadcasts("x").hears();
      listener.hears();
    }
  }

  @Test
  void answersAnObjectThatStaysUnfinishedAndGoesOn() {
    house.open(ChatOptions.defaults(), IMPATIENT);
    Peer a = house.user("a").sends("{\"type\":\"broadcast\",\"message\":\"half");
    assertThat(a.hearsCode()).isEqualTo("BAD_MESSAGE");
    a.sends(" and the rest of it\"}\n");
    a.hasHeardNothing();
  }

  @Test
  void doesNotTakeAnObjectForUnfinishedBecauseAnEarlierOneWasSlow() {
    house.open(
        ChatOptions.defaults().withRoom(TALKATIVE),
        new TcpSeat.Patience(Duration.ofMillis(300), SHORT));
    Peer a = house.user("a");
    long until = System.nanoTime() + Duration.ofMillis(900).toNanos();
    a.sends("{");
    while (System.nanoTime() < until) {
      // Each piece ends an object and begins the next: one is always unfinished, none for long.
      a.sends("\"type\":\"broadcast\",\"message\":\"x\"}{");
      assertThat(a.hearsMessage()).isEqualTo("x");
    }
  }

  @Test
  void refusesConnectionsBeyondTheLimitOfTheirAddressWithAnAnswer() {
    ChatServer server = house.open(ChatOptions.defaults().withMaxPerAddress(2));
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    Peer refused = house.stranger().says(Peer.login("c"));
    assertThat(refused.hearsToTheEnd()).contains("\"code\":\"TOO_MANY_CONNECTIONS\"");
    refused.close();
    House.until(() -> server.connections() == 2);
    b.close();
    House.until(() -> server.connections() == 1);
    house.user("c");
    assertThat(a.hears(2).getLast()).contains("c 进入了聊天室");
  }

  @Test
  void cutsRefusedConnectionsThatDoNotGo() {
    ChatServer server = house.open(ChatOptions.defaults().withMaxPerAddress(1), IMPATIENT);
    house.user("a");
    Peer refused = house.stranger();
    assertThat(refused.hearsCode()).isEqualTo("TOO_MANY_CONNECTIONS");
    House.until(() -> server.connections() == 1);
  }

  @Test
  void givesNoAnswerToAnAddressThatHoldsAsManyRefusedConnectionsAsSeats() {
    ChatServer server = house.open(ChatOptions.defaults().withMaxPerAddress(2));
    house.user("a");
    house.user("b");
    assertThat(house.stranger().hearsCode()).isEqualTo("TOO_MANY_CONNECTIONS");
    assertThat(house.stranger().hearsCode()).isEqualTo("TOO_MANY_CONNECTIONS");
    assertThat(house.stranger().hearsPiece()).isEmpty();
    assertThat(server.connections()).isLessThanOrEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dropsASlowReaderAtTheLimitAndHarmsNobodyElse(boolean sendsLines) {
    ChatServer server = house.open(talkative().withMaxQueuedBytes(64 * 1024));
    Peer a = house.user("a");
    Peer slow = house.strangerWithLittleRoom();
    slow.sends(Peer.login("slow") + (sendsLines ? "\n" : ""));
    assertThat(slow.hears()).contains("登录成功");
    Peer c = house.user("c");
    a.hears(2);
    String left = "slow 离开了聊天室，当前在线人数：2";
    List<String> heard = new ArrayList<>();
    String text = "x".repeat(20_000);
    for (int said = 0; !heard.contains(left); said++) {
      a.broadcasts(text + said);
      heard.add(c.hearsMessage());
      if (heard.getLast().equals(left)) {
        heard.add(c.hearsMessage());
      }
      assertThat(heard.getLast()).endsWith("x" + said);
    }
    assertThat(server.users()).isEqualTo(2);
    for (String message : heard) {
      assertThat(a.hearsMessage()).isEqualTo(message);
    }
    assertThat(slow.isDropped()).isTrue();
    assertThat(house.logged("left as slow"))
        .singleElement()
        .asString()
        .contains("users: 2, cause: ended by us: ERR_OUTBOX_LIMIT")
        .contains("more than the limit of 65536")
        .contains("bytes unsent");
    c.hasHeardNothing();
    house.user("slow");
  }

  @Test
  void cutsAPeerThatStaysAfterItsConnectionWasEnded() {
    ChatServer server = house.open(ChatOptions.defaults(), IMPATIENT);
    Peer a = house.user("a").sends("x".repeat(70_000));
    House.until(() -> server.connections() == 0);
    assertThat(a.hears()).contains("BAD_MESSAGE");
  }

  private static ChatOptions talkative() {
    return ChatOptions.defaults().withMaxQueuedBytes(64 << 20).withRoom(TALKATIVE);
  }
}
