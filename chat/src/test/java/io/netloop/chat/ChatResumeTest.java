package io.netloop.chat;

import static io.netloop.chat.Browser.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Coming back over real connections, of both kinds. */
class ChatResumeTest {
  @RegisterExtension final House house = new House();

  private static String login(String nickname, String more) {
    return "{\"type\":\"login\",\"nickname\":\""
        + nickname
        + "\",\"v\":1,\"features\":[\"history\",\"ack\"]"
        + more
        + "}";
  }

  private static String again(String answer) {
    return ",\"session\":\""
        + field(answer, "session")
        + "\",\"last\":"
        + field(answer.substring(answer.lastIndexOf("\"id\"")), "id");
  }

  @Test
  void bringsBackWhoWasResetOverTcp() {
    house.openWeb();
    Peer bob = house.user("bob");
    Peer ann = house.stranger().says(login("ann", ""));
    String first = ann.hears();
    bob.hears();
    ann.resets();
    House.until(() -> !house.logged("lost its connection as ann").isEmpty());
    bob.broadcasts("missed").hears();
    bob.whispers("ann", "psst");
    Peer back = house.stranger().says(login("ann", again(first)));
    assertThat(back.hears())
        .contains("\"message\":\"missed\"", "\"message\":\"psst\"", "\"recovered\":true");
    bob.hasHeardNothing();
    assertThat(back.hears()).contains("nothing?");
    back.halfCloses();
    assertThat(bob.hears()).isEqualTo(Outgoing.left("ann", 1).toString());
  }

  @Test
  void bringsBackAPageWhoseNetworkWasLost() {
    house.openWeb();
    Peer bob = house.user("bob");
    Browser ann = house.browser();
    String first = ann.comesIn("ann", "");
    bob.hears();
    ann.vanishes();
    House.until(() -> !house.logged("lost its connection as ann").isEmpty());
    bob.broadcasts("missed").hears();
    Browser back = house.browser();
    assertThat(back.comesIn("ann", again(first)))
        .contains("\"message\":\"missed\"", "\"recovered\":true");
    bob.hasHeardNothing();
    assertThat(back.hears()).contains("nothing?");
    back.leaves(1001);
    assertThat(bob.hears()).isEqualTo(Outgoing.left("ann", 1).toString());
  }

  @Test
  void movesAUserFromATerminalToAPageAndEndsTheOld() {
    house.openWeb();
    Peer bob = house.user("bob");
    Peer ann = house.stranger().says(login("ann", ""));
    String first = ann.hears();
    bob.hears();
    Browser page = house.browser();
    String second = page.comesIn("ann", again(first));
    assertThat(second).contains("\"recovered\":true");
    assertThat(ann.hearsToTheEnd()).isEmpty();
    ann.close();
    Browser other = house.browser();
    other.comesIn("ann", again(second));
    assertThat(page.closeCode()).isEqualTo(4001);
    bob.hasHeardNothing();
    other.leaves(1000);
    assertThat(bob.hears()).isEqualTo(Outgoing.left("ann", 1).toString());
  }

  @Test
  void tellsTheOthersOfWhoDoesNotComeBack() {
    house.openWeb(
        ChatOptions.defaults()
            .withRoom(RoomOptions.defaults().withSessionTime(Duration.ofMillis(50))),
        WebOptions.defaults());
    Peer bob = house.user("bob");
    Browser ann = house.browser();
    ann.comesIn("ann", "");
    bob.hears();
    ann.vanishes();
    assertThat(bob.hears()).isEqualTo(Outgoing.left("ann", 1).toString());
  }

  @Test
  void tellsAfterARestartThatSomethingIsGone() {
    ChatServer before = house.openWeb();
    Browser ann = house.browser();
    String first = ann.comesIn("ann", "");
    var stopped = before.stop(Duration.ofSeconds(5));
    assertThat(ann.closeCode()).isEqualTo(1012);
    ann.leaves(1012).close();
    stopped.join();
    house.openWeb();
    Browser back = house.browser();
    assertThat(back.comesIn("ann", again(first)))
        .contains("\"success\":true", "\"recovered\":false", "\"history\":[]");
    back.leaves(1000);
  }
}
