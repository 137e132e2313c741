package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who hears what, and what is refused. */
final class RoomTalkTest {
  private final TestRoom test = new TestRoom();
  private final Guest a = test.user("a");
  private final Guest b = test.user("b");
  private final Guest stranger = test.stranger();

  RoomTalkTest() {
    a.forget();
  }

  @Test
  void bringsABroadcastToAllUsersOnceTheSenderIncluded() {
    a.broadcasts("hello");
    String json = "{\"type\":\"broadcast\",\"nickname\":\"a\",\"message\":\"hello\"}";
    assertThat(a.heard()).containsExactly(json);
    assertThat(b.heard()).containsExactly(json);
    assertThat(stranger.heard()).isEmpty();
  }

  @Test
  void bringsAWhisperToItsReceiverOnly() {
    a.whispers("b", "psst");
    assertThat(b.heard())
        .containsExactly(
            "{\"type\":\"p2p\",\"success\":true,\"nickname\":\"a\",\"message\":\"psst\"}");
    assertThat(a.heard()).isEmpty();
    assertThat(stranger.heard()).isEmpty();
  }

  @Test
  void findsTheReceiverInNormalFormWithoutBlanks() {
    Guest zoe = test.user("Zoë");
    a.whispers(" Zoe\u0308\n", "x");
    assertThat(zoe.heard()).hasSize(1);
  }

  @Test
  void bringsAWhisperToOneselfOnce() {
    a.whispers("a", "note");
    assertThat(a.heard())
        .containsExactly(
            "{\"type\":\"p2p\",\"success\":true,\"nickname\":\"a\",\"message\":\"note\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "", "@b", "B", "b b", "\u001b"})
  void tellsTheSenderOfAnUnknownReceiver(String receiver) {
    a.whispers(receiver, "psst");
    assertThat(a.heard()).containsExactly(Outgoing.userNotFound("a", receiver, null).toString());
    assertThat(b.heard()).isEmpty();
  }

  @Test
  void writesWhispersInTheKindOfTheReceiver() {
    Guest number = test.stranger().says("{\"type\":0,\"nickname\":\"n\"}").forget();
    a.whispers("n", "x");
    assertThat(number.heard().getFirst()).startsWith("{\"type\":2,");
  }

  @Test
  void refusesABroadcastBeforeTheLogin() {
    stranger.broadcasts("hello");
    assertThat(stranger.heard())
        .containsExactly("{\"type\":\"log\",\"message\":\"请先登录\",\"code\":\"NOT_LOGGED_IN\"}");
    assertThat(a.heard()).isEmpty();
  }

  @Test
  void refusesAWhisperBeforeTheLogin() {
    stranger.whispers("a", "hello");
    assertThat(stranger.heard())
        .containsExactly(
            "{\"type\":\"p2p\",\"success\":false,\"nickname\":null,\"message\":\"请先登录\","
                + "\"code\":\"NOT_LOGGED_IN\"}");
    assertThat(a.heard()).isEmpty();
  }

  @Test
  void deliversAnEmptyBroadcast() {
    a.broadcasts("");
    assertThat(b.heard()).containsExactly(Outgoing.broadcast("a", "").toString());
  }

  @Test
  void refusesAnEmptyBroadcastWhereTheOptionSaysSo() {
    TestRoom strict = new TestRoom(RoomOptions.defaults().withAllowEmpty(false));
    Guest c = strict.user("c");
    Guest d = strict.user("d");
    c.forget().broadcasts("").broadcasts(" \n").broadcasts("x").whispers("d", "");
    assertThat(c.heard())
        .containsExactly(
            Outgoing.MESSAGE_EMPTY.toString(),
            Outgoing.MESSAGE_EMPTY.toString(),
            Outgoing.broadcast("c", "x").toString());
    assertThat(d.heard()).hasSize(2);
  }

  @Test
  void deliversTextAsItIs() {
    String text = "你好 😀 \ud83d \u001b[31m \"quoted\" \\ \n end";
    a.broadcasts(text);
    assertThat(b.heard()).containsExactly(Outgoing.broadcast("a", text).toString());
  }

  @Test
  void keepsTheOrderOfASendersMessagesAtEveryReceiver() {
    IntStream.range(0, 40).forEach(i -> a.broadcasts("m" + i).whispers("b", "w" + i));
    List<String> expected =
        IntStream.range(0, 40)
            .boxed()
            .flatMap(i ->
                List.of(Outgoing.broadcast("a", "m" + i), Outgoing.whisper("a", "w" + i)).stream())
            .map(Outgoing::toString)
            .toList();
    assertThat(b.heard()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "[]",
        "{}",
        "{\"type\":\"users\"}",
        "{\"type\":\"broadcast\"}",
        "{\"type\":\"p2p\",\"nickname\":\"b\",\"message\":1}",
        "{\"type\":\"log\",\"message\":\"x\"}"
      })
  void answersABadMessageAndServesTheNext(String bad) {
    a.says(bad).broadcasts("good");
    assertThat(a.heard())
        .containsExactly(
            "{\"type\":\"log\",\"message\":\"消息格式错误\",\"code\":\"BAD_MESSAGE\"}",
            Outgoing.broadcast("a", "good").toString());
    assertThat(b.heard()).hasSize(1);
    assertThat(a.ends()).isEmpty();
  }

  @Test
  void answersInvalidUtf8AsABadMessage() {
    a.member.receive(
        new byte[] {'{', '"', 't', 'y', 'p', 'e', '"', ':', '1', ',', '"', (byte) 0xff, '"', '}'});
    assertThat(a.heard()).containsExactly(Outgoing.BAD_MESSAGE.toString());
  }

  @Test
  void endsTheConnectionAtTheTenthBadMessageInARow() {
    for (int i = 0; i < 9; i++) {
      if (i % 2 == 0) {
        a.says("bad");
      } else {
        a.member.badMessage();
      }
    }
    assertThat(a.ends()).isEmpty();
    a.member.badMessage();
    assertThat(a.heard()).hasSize(10).containsOnly(Outgoing.BAD_MESSAGE.toString());
    assertThat(a.ends()).containsExactly("sent 10 bad messages in a row");
    assertThat(b.heard()).containsExactly(Outgoing.left("a", 1).toString());
    assertThat(test.stranger().logsIn("a").member.isLoggedIn()).isTrue();
  }

  @Test
  void countsBadMessagesAnewAfterAGoodOne() {
    for (int i = 0; i < 5; i++) {
      IntStream.range(0, 9).forEach(_ -> a.member.badMessage());
      a.whispers("nobody", "x");
    }
    assertThat(a.ends()).isEmpty();
  }

  @Test
  void endsAStrangerForBadMessagesWithoutANotice() {
    IntStream.range(0, 10).forEach(_ -> stranger.says("GET / HTTP/1.1"));
    assertThat(stranger.ends()).hasSize(1);
    assertThat(a.heard()).isEmpty();
  }

  @Test
  void endsTheConnectionAtAMessageThatIsTooLong() {
    a.member.tooLong();
    assertThat(a.heard())
        .containsExactly("{\"type\":\"log\",\"message\":\"消息过长\",\"code\":\"MESSAGE_TOO_LONG\"}");
    assertThat(a.ends()).hasSize(1);
    assertThat(b.heard()).containsExactly(Outgoing.left("a", 1).toString());
    a.broadcasts("more").logsIn("again");
    a.member.badMessage();
    a.member.tooLong();
    a.member.leave("closed");
    assertThat(a.heard()).isEmpty();
    assertThat(a.ends()).hasSize(1);
    assertThat(b.heard()).isEmpty();
  }

  @Test
  void dropsMessagesOverTheRate() {
    // The login took the first of the hundred.
    IntStream.range(0, 102).forEach(i -> a.broadcasts("m" + i));
    List<String> heard = a.heard();
    assertThat(heard.subList(0, 99)).allMatch(json -> json.startsWith("{\"type\":\"broadcast\""));
    assertThat(heard.subList(99, 102))
        .containsOnly("{\"type\":\"log\",\"message\":\"发送过于频繁\",\"code\":\"RATE_LIMITED\"}");
    assertThat(b.heard()).hasSize(99);
  }

  @Test
  void takesFiftyMoreAfterEachSecond() {
    IntStream.range(0, 99).forEach(_ -> a.broadcasts("x"));
    test.passes(Duration.ofSeconds(1));
    b.forget();
    IntStream.range(0, 60).forEach(_ -> a.broadcasts("y"));
    assertThat(b.heard()).hasSize(50);
  }

  @Test
  void limitsEachConnectionAlone() {
    IntStream.range(0, 200).forEach(_ -> a.broadcasts("x"));
    b.forget().broadcasts("hello");
    assertThat(b.heard()).containsExactly(Outgoing.broadcast("b", "hello").toString());
  }

  @Test
  void limitsStrangersAndBadMessagesToo() {
    IntStream.range(0, 100).forEach(_ -> stranger.broadcasts("x"));
    stranger.forget().logsIn("s").says("bad");
    assertThat(stranger.heard())
        .hasSize(2)
        .allMatch(json -> json.contains("\"code\":\"RATE_LIMITED\""));
    assertThat(stranger.member.isLoggedIn()).isFalse();
  }
}
