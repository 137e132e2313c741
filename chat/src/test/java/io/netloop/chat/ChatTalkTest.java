package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who hears what over real connections: sections 1 to 3 of the wire protocol. */
class ChatTalkTest {
  @RegisterExtension final House house = new House();

  @Test
  void answersTheNewcomerAndTellsTheOthers() {
    house.open();
    Peer a = house.user("a");
    Peer b = house.stranger().says(Peer.login("b"));
    assertThat(b.hears())
        .isEqualTo(
            """
            {"type":"login","success":true,"message":"登录成功","nickname":"b","sumUsers":2}\
            """);
    assertThat(a.hears())
        .isEqualTo(
            """
            {"type":"log","message":"b 进入了聊天室，当前在线人数：2"}\
            """);
    b.hasHeardNothing();
  }

  @Test
  void tellsTheOthersWhoLeft() {
    house.open();
    Peer a = house.user("a");
    house.user("b").close();
    assertThat(a.hears(2).getLast())
        .isEqualTo(
            """
            {"type":"log","message":"b 离开了聊天室，当前在线人数：1"}\
            """);
  }

  @Test
  void refusesATakenNameAndTakesAnother() {
    house.open();
    Peer a = house.user("a");
    Peer other = house.stranger().says(Peer.login("a"));
    assertThat(other.hears())
        .isEqualTo(
            """
            {"type":"login","success":false,"message":"登录失败，该昵称已存在","nickname":"a",\
            "sumUsers":1,"code":"NICKNAME_TAKEN"}\
            """);
    other.logsIn("b");
    assertThat(a.hearsMessage()).startsWith("b 进入了聊天室");
    a.broadcasts("still me");
    assertThat(other.hears()).contains("\"nickname\":\"a\"").contains("still me");
  }

  @Test
  void broadcastsToAllTheSenderIncludedOnceAndToNobodyOutside() {
    house.open();
    Peer outside = house.stranger();
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    a.broadcasts("大家好 😀");
    String expected =
        """
        {"type":"broadcast","nickname":"a","message":"大家好 😀"}\
        """;
    assertThat(a.hears()).isEqualTo(expected);
    assertThat(b.hears()).isEqualTo(expected);
    a.hasHeardNothing();
    outside.logsIn("c");
  }

  @Test
  void whispersToTheReceiverOnly() {
    house.open();
    Peer a = house.user("a");
    Peer b = house.user("b");
    Peer c = house.user("c");
    a.hears(2);
    b.hears();
    a.whispers("b", "psst");
    assertThat(b.hears())
        .isEqualTo(
            """
            {"type":"p2p","success":true,"nickname":"a","message":"psst"}\
            """);
    c.hasHeardNothing();
    assertThat(a.hearsMessage()).isEqualTo("nothing?");
  }

  @Test
  void whispersToOneselfOnce() {
    house.open();
    Peer a = house.user("a").whispers("a", "note");
    assertThat(a.hears()).contains("\"type\":\"p2p\"").contains("\"success\":true");
    a.hasHeardNothing();
  }

  @Test
  void tellsTheSenderOnlyThatNobodyOfThatNameIsHere() {
    house.open();
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    a.whispers("nobody", "psst");
    assertThat(a.hears())
        .isEqualTo(
            """
            {"type":"p2p","success":false,"nickname":"a","message":"该用户不存在",\
            "code":"USER_NOT_FOUND","to":"nobody"}\
            """);
    b.hasHeardNothing();
  }

  @Test
  void refusesTalkBeforeTheLogin() {
    house.open();
    Peer a = house.user("a");
    Peer stranger = house.stranger().broadcasts("hello?");
    assertThat(stranger.hears())
        .isEqualTo(
            """
            {"type":"log","message":"请先登录","code":"NOT_LOGGED_IN"}\
            """);
    stranger.whispers("a", "hello?");
    assertThat(stranger.hears())
        .isEqualTo(
            """
            {"type":"p2p","success":false,"nickname":null,"message":"请先登录","code":"NOT_LOGGED_IN"}\
            """);
    a.hasHeardNothing();
  }

  @Test
  void refusesASecondLoginAndKeepsTheFirstName() {
    house.open();
    Peer a = house.user("a").says(Peer.login("b"));
    assertThat(a.hearsCode()).isEqualTo("ALREADY_LOGGED_IN");
    a.broadcasts("who am I");
    assertThat(a.hears()).contains("\"nickname\":\"a\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "a b", "@a", "a\tb", "123456789012345678901234567890123"})
  void refusesAnUnfitName(String name) {
    house.open();
    Peer peer = house.stranger().says(Peer.login(name));
    assertThat(peer.hearsCode()).isEqualTo("NICKNAME_INVALID");
    peer.logsIn("fit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|1|2|3", "'login'|'broadcast'|'p2p'|'log'"},
      quoteCharacter = '`')
  void answersInTheKindOfTypeThatTheLoginUsed(
      String login, String broadcast, String p2p, String log) {
    house.open();
    Peer peer = house.stranger();
    String type = login.replace('\'', '"');
    peer.says("{\"type\":" + type + ",\"nickname\":\"n\"}");
    assertThat(peer.hears()).startsWith("{\"type\":" + type + ",");
    peer.broadcasts("x"); // in the other kind, perhaps
    assertThat(peer.hears()).startsWith("{\"type\":" + broadcast.replace('\'', '"') + ",");
    peer.whispers("n", "x");
    assertThat(peer.hears()).startsWith("{\"type\":" + p2p.replace('\'', '"') + ",");
    house.user("other");
    assertThat(peer.hears()).startsWith("{\"type\":" + log.replace('\'', '"') + ",");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "[1,2]",
        "{}",
        "{\"type\":\"dance\"}",
        "{\"type\":\"broadcast\"}",
        "{\"type\":\"broadcast\",\"message\":7}",
        "{\"type\":\"broadcast\",\"message\":\"x\"",
        "{\"a\":[}]",
        "null"
      })
  void answersWhatIsNoMessageAndGoesOn(String bad) {
    house.open();
    Peer a = house.user("a").says(bad);
    if (bad.startsWith("{\"type\":\"broadcast\",\"message\":\"x\"")) {
      a.broadcasts("next"); // only now is it certain that the first has lost its end
      assertThat(a.hears())
          .isEqualTo(
              """
              {"type":"log","message":"消息格式错误","code":"BAD_MESSAGE"}\
              """);
      assertThat(a.hearsMessage()).isEqualTo("next");
    } else {
      assertThat(a.hearsCode()).isEqualTo("BAD_MESSAGE");
      a.hasHeardNothing();
    }
  }

  @Test
  void endsTheConnectionAfterTenBadMessagesInARow() {
    ChatServer server = house.open();
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    for (int i = 0; i < 9; i++) {
      a.says("bad");
    }
    a.broadcasts("good").hears(9);
    assertThat(a.hearsMessage()).isEqualTo("good");
    for (int i = 0; i < 10; i++) {
      a.says("bad");
    }
    assertThat(a.hearsToTheEnd().lines())
        .hasSize(10)
        .allMatch(line -> line.contains("BAD_MESSAGE"));
    assertThat(b.hears(2).getLast()).contains("a 离开了聊天室");
    assertThat(server.users()).isEqualTo(1);
  }

  @Test
  void endsTheConnectionAfterAMessageThatIsTooLong() {
    house.open();
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    b.broadcasts("x".repeat(66_000));
    assertThat(b.hearsToTheEnd())
        .isEqualTo(
            """
            {"type":"log","message":"消息过长","code":"MESSAGE_TOO_LONG"}
            """);
    assertThat(a.hearsMessage()).contains("b 离开了聊天室");
  }

  @Test
  void answersInvalidUtf8AsABadMessage() {
    house.open();
    Peer a = house.user("a");
    a.sends("{\"type\":\"broadcast\",\"message\":\"")
        .sends(new byte[] {(byte) 0xc3, 0x28})
        .says("\"}");
    assertThat(a.hearsCode()).isEqualTo("BAD_MESSAGE");
    a.hasHeardNothing();
  }

  @Test
  void dropsMessagesThatAreTooManyAndSaysSo() {
    house.open(
        ChatOptions.defaults()
            .withRoom(RoomOptions.defaults().withBurst(3).withMessagesPerSecond(1)));
    Peer a = house.user("a");
    for (int i = 0; i < 5; i++) {
      a.broadcasts("message " + i);
    }
    assertThat(a.hearsMessage()).isEqualTo("message 0");
    assertThat(a.hearsMessage()).isEqualTo("message 1");
    assertThat(a.hears(3))
        .containsOnly(
            """
            {"type":"log","message":"发送过于频繁","code":"RATE_LIMITED"}\
            """);
  }

  @Test
  void refusesWhoComesWhenTheRoomIsFullUntilSomebodyLeaves() {
    ChatServer server =
        house.open(ChatOptions.defaults().withRoom(RoomOptions.defaults().withMaxUsers(2)));
    house.user("a");
    Peer b = house.user("b");
    Peer c = house.stranger().says(Peer.login("c"));
    assertThat(c.hears()).contains("登录失败，聊天室已满").contains("\"code\":\"ROOM_FULL\"");
    b.close();
    House.until(() -> server.users() == 1);
    c.logsIn("c");
  }

  @Test
  void keepsTheOrderOfEachSenderAtEveryReceiver() {
    house.open(ChatOptions.defaults().withRoom(RoomOptions.defaults().withBurst(1000)));
    Peer a = house.user("a");
    Peer b = house.user("b");
    a.hears();
    for (int i = 0; i < 200; i++) {
      a.broadcasts("a" + i);
      b.broadcasts("b" + i);
    }
    var heardByA = a.hears(400);
    assertThat(b.hears(400)).isEqualTo(heardByA);
    for (String sender : new String[] {"a", "b"}) {
      var own =
          heardByA.stream()
              .filter(line -> line.contains("\"nickname\":\"" + sender + "\""))
              .toList();
      assertThat(own).hasSize(200);
      for (int i = 0; i < 200; i++) {
        assertThat(own.get(i)).endsWith("\"message\":\"" + sender + i + "\"}");
      }
    }
  }
}
