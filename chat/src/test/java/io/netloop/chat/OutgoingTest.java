package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The exact texts on the wire, sections 1, 3 and 7. */
final class OutgoingTest {
  private static String text(Outgoing message) {
    return message.json(Style.TEXT).toString();
  }

  @Test
  void writesTheMessagesOfTheSeed() {
    assertThat(text(Outgoing.loggedIn("张三", 10, List.of())))
        .isEqualTo(
            "{\"type\":\"login\",\"success\":true,\"message\":\"登录成功\","
                + "\"nickname\":\"张三\",\"sumUsers\":10}");
    assertThat(text(Outgoing.broadcast("张三", "你好")))
        .isEqualTo("{\"type\":\"broadcast\",\"nickname\":\"张三\",\"message\":\"你好\"}");
    assertThat(text(Outgoing.whisper("张三", "你好")))
        .isEqualTo("{\"type\":\"p2p\",\"success\":true,\"nickname\":\"张三\",\"message\":\"你好\"}");
    assertThat(text(Outgoing.joined("张三", 2)))
        .isEqualTo("{\"type\":\"log\",\"message\":\"张三 进入了聊天室，当前在线人数：2\"}");
    assertThat(text(Outgoing.left("张三", 1)))
        .isEqualTo("{\"type\":\"log\",\"message\":\"张三 离开了聊天室，当前在线人数：1\"}");
  }

  @Test
  void usesTheFullWidthCommaAndColon() {
    assertThat(text(Outgoing.left("a", 1))).contains("\uff0c").contains("\uff1a");
  }

  @Test
  void writesRefusedLogins() {
    assertThat(text(Outgoing.loginRefused(Refusal.NICKNAME_TAKEN, "a", 3)))
        .isEqualTo(
            "{\"type\":\"login\",\"success\":false,\"message\":\"登录失败，该昵称已存在\","
                + "\"nickname\":\"a\",\"sumUsers\":3,\"code\":\"NICKNAME_TAKEN\"}");
    assertThat(text(Outgoing.loginRefused(Refusal.NICKNAME_INVALID, null, 0)))
        .isEqualTo(
            "{\"type\":\"login\",\"success\":false,\"message\":\"登录失败，昵称不合法\","
                + "\"nickname\":null,\"sumUsers\":0,\"code\":\"NICKNAME_INVALID\"}");
    assertThat(text(Outgoing.loginRefused(Refusal.ALREADY_LOGGED_IN, "b", 1)))
        .contains("\"message\":\"登录失败，您已登录\"", "\"code\":\"ALREADY_LOGGED_IN\"");
    assertThat(text(Outgoing.loginRefused(Refusal.ROOM_FULL, "b", 1)))
        .contains("\"message\":\"登录失败，聊天室已满\"", "\"code\":\"ROOM_FULL\"");
  }

  @Test
  void writesRefusedWhispers() {
    assertThat(text(Outgoing.userNotFound("a", "nobody", null)))
        .isEqualTo(
            "{\"type\":\"p2p\",\"success\":false,\"nickname\":\"a\",\"message\":\"该用户不存在\","
                + "\"code\":\"USER_NOT_FOUND\",\"to\":\"nobody\"}");
    assertThat(text(Outgoing.WHISPER_NOT_LOGGED_IN))
        .isEqualTo(
            "{\"type\":\"p2p\",\"success\":false,\"nickname\":null,\"message\":\"请先登录\","
                + "\"code\":\"NOT_LOGGED_IN\"}");
  }

  @Test
  void writesNotices() {
    assertThat(text(Outgoing.NOT_LOGGED_IN))
        .isEqualTo("{\"type\":\"log\",\"message\":\"请先登录\",\"code\":\"NOT_LOGGED_IN\"}");
    assertThat(text(Outgoing.BAD_MESSAGE))
        .isEqualTo("{\"type\":\"log\",\"message\":\"消息格式错误\",\"code\":\"BAD_MESSAGE\"}");
    assertThat(text(Outgoing.MESSAGE_TOO_LONG))
        .isEqualTo("{\"type\":\"log\",\"message\":\"消息过长\",\"code\":\"MESSAGE_TOO_LONG\"}");
    assertThat(text(Outgoing.RATE_LIMITED))
        .isEqualTo("{\"type\":\"log\",\"message\":\"发送过于频繁\",\"code\":\"RATE_LIMITED\"}");
    assertThat(text(Outgoing.MESSAGE_EMPTY))
        .isEqualTo("{\"type\":\"log\",\"message\":\"消息不能为空\",\"code\":\"MESSAGE_EMPTY\"}");
    assertThat(text(Outgoing.SERVER_STOPS)).isEqualTo("{\"type\":\"log\",\"message\":\"服务器即将关闭\"}");
  }

  @Test
  void writesNumbersForTypesWhereTheyAreWanted() {
    assertThat(Outgoing.loggedIn("a", 1, List.of()).json(Style.NUMBER).toString())
        .startsWith("{\"type\":0,\"success\":true,");
    assertThat(Outgoing.broadcast("a", "x").json(Style.NUMBER).toString())
        .isEqualTo("{\"type\":1,\"nickname\":\"a\",\"message\":\"x\"}");
    assertThat(Outgoing.whisper("a", "x").json(Style.NUMBER).toString())
        .startsWith("{\"type\":2,\"success\":true,");
    assertThat(Outgoing.BAD_MESSAGE.json(Style.NUMBER).toString()).startsWith("{\"type\":3,");
  }

  @Test
  void addsThePresenceFieldsWhereTheyAreWanted() {
    assertThat(Outgoing.loggedIn("b", 2, List.of("a", "b")).json(Style.TEXT_PRESENCE).toString())
        .endsWith("\"nickname\":\"b\",\"sumUsers\":2,\"users\":[\"a\",\"b\"]}");
    assertThat(Outgoing.joined("b", 2).json(Style.NUMBER_PRESENCE).toString())
        .isEqualTo(
            "{\"type\":3,\"message\":\"b 进入了聊天室，当前在线人数：2\","
                + "\"event\":\"join\",\"nickname\":\"b\",\"sumUsers\":2}");
    assertThat(Outgoing.left("b", 1).json(Style.TEXT_PRESENCE).toString())
        .endsWith("\"event\":\"leave\",\"nickname\":\"b\",\"sumUsers\":1}");
  }

  @ParameterizedTest
  @EnumSource(Style.class)
  void encodesOnceForEachStyle(Style style) {
    for (Outgoing message :
        List.of(Outgoing.broadcast("a", "x"), Outgoing.joined("a", 1), Outgoing.BAD_MESSAGE)) {
      assertThat(message.line(style)).isSameAs(message.line(style));
      assertThat(message.json(style)).isSameAs(message.json(style));
      assertThat(message.line(style).toString()).isEqualTo(message.json(style) + "\n");
    }
  }

  @Test
  void sharesBytesBetweenStylesThatDoNotDiffer() {
    Outgoing broadcast = Outgoing.broadcast("a", "x");
    assertThat(broadcast.line(Style.TEXT_PRESENCE)).isSameAs(broadcast.line(Style.TEXT));
    assertThat(broadcast.json(Style.NUMBER_PRESENCE)).isSameAs(broadcast.json(Style.NUMBER));
    Outgoing joined = Outgoing.joined("a", 1);
    assertThat(joined.line(Style.TEXT_PRESENCE)).isNotEqualTo(joined.line(Style.TEXT));
  }

  @Test
  void writesRealCharacters() {
    assertThat(text(Outgoing.broadcast("a", "é 你好 😀 \u2028 </script>")))
        .endsWith("\"message\":\"é 你好 😀 \u2028 </script>\"}");
  }

  @Test
  void escapesQuotationMarksAndControlCharacters() {
    assertThat(text(Outgoing.broadcast("a", "\"\\\n\r\t\b\f\0\u001b\u007f\u009b/")))
        .endsWith("\"\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001b\\u007f\\u009b/\"}");
  }

  @Test
  void escapesLoneSurrogates() {
    assertThat(text(Outgoing.broadcast("a", "\ud83d😀\ude00\ud83d")))
        .endsWith("\"\\ud83d😀\\ude00\\ud83d\"}");
    byte[] line = Outgoing.broadcast("a", "\udc00x").line(Style.TEXT).toByteArray();
    assertThat(new String(line, StandardCharsets.UTF_8)).contains("\\udc00x").doesNotContain("?");
  }

  @Test
  void isOneLineWhateverIsSaid() {
    String line = Outgoing.broadcast("a\nb", "c\r\nd").line(Style.TEXT).toString();
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    assertThat(line).doesNotContain("\r");
  }
}
