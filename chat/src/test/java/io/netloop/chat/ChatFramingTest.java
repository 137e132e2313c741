package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and pieces of bytes: section 4 of the wire protocol, over real connections. */
class ChatFramingTest {
  @RegisterExtension final House house = new House();

  @Test
  void readsAMessageThatComesByteByByte() {
    house.open();
    Peer peer = house.stranger();
    for (byte b :
        (Peer.login("a") + Peer.broadcast("😀 \\ \" }")).getBytes(StandardCharsets.UTF_8)) {
      peer.sends(new byte[] {b});
    }
    assertThat(peer.hears()).contains("登录成功");
    assertThat(peer.hears()).contains("😀 \\\\ \\\" }");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", " ", "\n\n\t"})
  void readsSeveralMessagesFromOnePiece(String between) {
    house.open();
    Peer peer = house.stranger();
    String all =
        String.join(between, Peer.login("a"), Peer.broadcast("one"), Peer.broadcast("two"), "");
    peer.sends(all);
    assertThat(peer.hears()).contains("登录成功");
    assertThat(peer.hearsMessage()).isEqualTo("one");
    assertThat(peer.hearsMessage()).isEqualTo("two");
    peer.hasHeardNothing();
  }

  @Test
  void skipsAByteOrderMarkAtTheStart() {
    house.open();
    Peer peer = house.stranger().sends("\ufeff" + Peer.login("a"));
    assertThat(peer.hears()).contains("登录成功");
  }

  @Test
  void recoversFromAMessageThatLostItsEnd() {
    house.open();
    Peer peer = house.stranger().sends("{\"type\":\"login\"\n").logsInAfterABadMessage("a");
    peer.hasHeardNothing();
  }

  @Test
  void writesOneMessageAtATimeToAClientThatSendsBareJson() {
    house.open();
    Peer bare = house.stranger().sends(Peer.login("bare"));
    assertThat(bare.hearsPiece()).contains("登录成功");
    Peer talker = house.user("talker");
    assertThat(bare.hearsPiece()).contains("talker 进入了聊天室");
    for (int i = 0; i < 50; i++) {
      talker.broadcasts("message " + i).hears();
      assertThat(bare.hearsPiece())
          .isEqualTo(
              "{\"type\":\"broadcast\",\"nickname\":\"talker\",\"message\":\"message "
                  + i
                  + "\"}\n");
    }
  }

  /** A reader that waits sees the first by itself at some time, and never if they share a write. */
  @Test
  void writesMessagesOfOneTurnEachByItselfToAClientThatSendsBareJson() {
    house.open(
        ChatOptions.defaults()
            .withRoom(RoomOptions.defaults().withBurst(100_000).withMessagesPerSecond(100_000)));
    Peer bare = house.stranger().sends(Peer.login("bare"));
    assertThat(bare.hearsPiece()).contains("登录成功");
    String two = Peer.broadcast("1") + Peer.broadcast("2");
    boolean apart = false;
    for (int tries = 0; tries < 5000 && !apart; tries++) {
      bare.sends(two);
      String heard = bare.hearsPiece();
      apart = !heard.contains("\"2\"");
      while (!heard.endsWith("\"2\"}\n")) {
        heard = bare.hearsPiece();
      }
    }
    assertThat(apart).isTrue();
  }

  @Test
  void writesMessagesOfOneTurnTogetherToAClientThatSendsLines() {
    house.open();
    Peer lines = house.user("lines");
    lines.broadcasts("from now on it is known that lines are read").hears();
    Peer talker = house.user("talker");
    lines.hears();
    String three = Peer.broadcast("1") + Peer.broadcast("2") + Peer.broadcast("3");
    talker.sends(three);
    talker.hears(3);
    assertThat(lines.hearsPiece().lines()).hasSize(3);
  }

  @Test
  void keepsTheGapBetweenMessagesToAClientThatSendsBareJson() {
    house.open(ChatOptions.defaults().withLegacyGap(Duration.ofMillis(40)));
    Peer bare = house.stranger().sends(Peer.login("bare"));
    assertThat(bare.hearsPiece()).contains("登录成功");
    long before = System.nanoTime();
    bare.sends(Peer.broadcast("1") + Peer.broadcast("2") + Peer.broadcast("3"));
    for (String message : List.of("1", "2", "3")) {
      assertThat(bare.hearsPiece())
          .isEqualTo(
              "{\"type\":\"broadcast\",\"nickname\":\"bare\",\"message\":\"" + message + "\"}\n");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(75));
  }

  @Test
  void keepsNoGapToAClientThatSendsLines() {
    house.open(ChatOptions.defaults().withLegacyGap(Duration.ofSeconds(1)));
    Peer lines = house.stranger().sends("\n" + Peer.login("lines") + "\n");
    assertThat(lines.hears()).contains("登录成功");
    long before = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      lines.broadcasts("x");
    }
    lines.hears(5);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void keepsTheOrderWhenAClientBeginsToSendLinesWhileMessagesWaitForTheGap() {
    house.open(ChatOptions.defaults().withLegacyGap(Duration.ofMillis(100)));
    Peer peer = house.stranger();
    peer.sends(Peer.login("a") + Peer.broadcast("1") + Peer.broadcast("2") + "\n");
    peer.sends(Peer.broadcast("3") + "\n" + Peer.broadcast("4") + "\n");
    assertThat(peer.hears()).contains("登录成功");
    for (String message : List.of("1", "2", "3", "4")) {
      assertThat(peer.hearsMessage()).isEqualTo(message);
    }
  }

  @Test
  void keepsTheGapToTheLastMessageBeforeTheEnd() {
    ChatServer server = house.open(ChatOptions.defaults().withLegacyGap(Duration.ofMillis(50)));
    Peer bare = house.stranger().sends(Peer.login("bare"));
    assertThat(bare.hearsPiece()).contains("登录成功");
    bare.sends(Peer.broadcast("1") + Peer.broadcast("2"));
    assertThat(bare.hearsPiece()).contains("\"message\":\"1\"");
    var stopped = server.stop(Duration.ofSeconds(5));
    assertThat(bare.hearsPiece()).contains("\"message\":\"2\"").doesNotContain("即将关闭");
    assertThat(bare.hearsPiece()).contains("服务器即将关闭");
    assertThat(bare.hearsPiece()).isEmpty();
    bare.close();
    assertThat(stopped.join().cut()).isZero();
  }

  @Test
  void answersAllToAClientThatEndsItsSideWhileMessagesWaitForTheGap() {
    house.open(ChatOptions.defaults().withLegacyGap(Duration.ofMillis(30)));
    Peer bare = house.stranger();
    bare.sends(Peer.login("bare") + Peer.broadcast("1") + Peer.broadcast("2")).halfCloses();
    assertThat(bare.hearsPiece()).contains("登录成功");
    assertThat(bare.hearsPiece()).contains("\"message\":\"1\"");
    assertThat(bare.hearsPiece()).contains("\"message\":\"2\"");
    assertThat(bare.hearsPiece()).isEmpty();
  }

  @Test
  void dropsAClientForWhichTooMuchWaitsForTheGap() {
    house.open(
        ChatOptions.defaults()
            .withLegacyGap(Duration.ofSeconds(1))
            .withMaxQueuedBytes(4096)
            .withRoom(RoomOptions.defaults().withBurst(1000)));
    Peer bare = house.stranger().sends(Peer.login("bare"));
    assertThat(bare.hearsPiece()).contains("登录成功");
    Peer talker = house.user("talker");
    for (int i = 0; i < 4; i++) {
      talker.broadcasts("x".repeat(1000)).hears();
    }
    assertThat(talker.hearsMessage()).isEqualTo("bare 离开了聊天室，当前在线人数：1");
    assertThat(bare.isDropped()).isTrue();
    assertThat(house.logged("left as bare"))
        .singleElement()
        .asString()
        .endsWith("cause: more than 4096 bytes wait for it");
  }
}
