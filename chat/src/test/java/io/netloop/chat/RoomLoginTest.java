package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in under which name, and who is told. */
final class RoomLoginTest {
  private final TestRoom test = new TestRoom();
  private final Room room = test.room;

  private static String refused(@Nullable String nickname, int users, Refusal why) {
    return Outgoing.loginRefused(why, nickname, users).toString();
  }

  @Test
  void tellsTheNewcomerAndTheOthersWhenSomebodyLogsIn() {
    Guest a = test.user("a");
    Guest b = test.stranger().logsIn("b");
    assertThat(b.heard())
        .containsExactly(
            "{\"type\":\"login\",\"success\":true,\"message\":\"登录成功\","
                + "\"nickname\":\"b\",\"sumUsers\":2}");
    assertThat(a.heard()).containsExactly("{\"type\":\"log\",\"message\":\"b 进入了聊天室，当前在线人数：2\"}");
    assertThat(room.users()).isEqualTo(2);
  }

  @Test
  void tellsNothingToThoseWhoHaveNotLoggedIn() {
    Guest stranger = test.stranger();
    Guest a = test.user("a");
    a.broadcasts("hello");
    a.member.leave("closed");
    assertThat(stranger.heard()).isEmpty();
    assertThat(stranger.member.isLoggedIn()).isFalse();
  }

  @Test
  void refusesATakenNameAndLetsTheConnectionTryAnother() {
    Guest a = test.user("a");
    Guest b = test.stranger().logsIn("a");
    assertThat(b.heard()).containsExactly(refused("a", 1, Refusal.NICKNAME_TAKEN));
    assertThat(a.heard()).isEmpty();
    b.logsIn("b");
    assertThat(b.heard()).containsExactly(Outgoing.loggedIn("b", 2, List.of()).toString());
    a.broadcasts("still here");
    assertThat(a.heard()).hasSize(2);
  }

  @Test
  void takesNamesForTheSameInNormalFormWithoutBlanks() {
    Guest zoe = test.stranger().logsIn(" Zoe\u0308 ");
    assertThat(zoe.member.nickname()).isEqualTo("Zoë");
    assertThat(zoe.heard().getFirst()).contains("\"nickname\":\"Zoë\"");
    assertThat(test.stranger().logsIn("Zoë").heard())
        .containsExactly(refused("Zoë", 1, Refusal.NICKNAME_TAKEN));
    assertThat(test.stranger().logsIn("zoë").member.isLoggedIn()).isTrue();
  }

  @Test
  void answersTheNameAsItWasAskedFor() {
    test.user("a");
    assertThat(test.stranger().logsIn(" a ").heard())
        .containsExactly(refused(" a ", 1, Refusal.NICKNAME_TAKEN));
    assertThat(test.stranger().logsIn("a b").heard())
        .containsExactly(refused("a b", 1, Refusal.NICKNAME_INVALID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"login\"}",
        "{\"type\":\"login\",\"nickname\":null}",
        "{\"type\":\"login\",\"nickname\":5}",
        "{\"type\":\"login\",\"nickname\":{}}"
      })
  void refusesANicknameThatIsNotText(String login) {
    Guest guest = test.stranger().says(login);
    assertThat(guest.heard()).containsExactly(refused(null, 0, Refusal.NICKNAME_INVALID));
    assertThat(guest.logsIn("a").member.isLoggedIn()).isTrue();
  }

  @Test
  void keepsTheFirstNameAtASecondLogin() {
    Guest b = test.user("b");
    Guest a = test.user("a");
    b.forget();
    a.logsIn("c");
    assertThat(a.heard()).containsExactly(refused("c", 2, Refusal.ALREADY_LOGGED_IN));
    assertThat(b.heard()).isEmpty();
    a.logsIn("a").says("{\"type\":\"login\"}");
    assertThat(a.heard())
        .containsExactly(
            refused("a", 2, Refusal.ALREADY_LOGGED_IN),
            refused(null, 2, Refusal.ALREADY_LOGGED_IN));
    assertThat(a.member.nickname()).isEqualTo("a");
    assertThat(test.stranger().logsIn("c").member.isLoggedIn()).isTrue();
  }

  @Test
  void refusesWhoComesWhenTheRoomIsFull() {
    TestRoom small = new TestRoom(RoomOptions.defaults().withMaxUsers(2));
    Guest a = small.user("a");
    small.user("b");
    Guest c = small.stranger().logsIn("c");
    assertThat(c.heard()).containsExactly(refused("c", 2, Refusal.ROOM_FULL));
    assertThat(c.logsIn("a").heard()).containsExactly(refused("a", 2, Refusal.ROOM_FULL));
    assertThat(c.logsIn("@").heard()).containsExactly(refused("@", 2, Refusal.NICKNAME_INVALID));
    a.member.leave("closed");
    assertThat(c.logsIn("c").member.isLoggedIn()).isTrue();
  }

  @Test
  void freesTheNameWhenItsOwnerHasLeft() {
    test.user("a").member.leave("reset");
    Guest again = test.stranger().logsIn("a");
    assertThat(again.member.isLoggedIn()).isTrue();
    assertThat(again.heard().getFirst()).contains("\"sumUsers\":1");
  }

  @Test
  void answersEachConnectionInTheKindThatItsLoginUsed() {
    Guest text = test.user("text");
    Guest number = test.stranger().says("{\"type\":0,\"nickname\":\"number\"}");
    assertThat(number.heard().getFirst()).startsWith("{\"type\":0,\"success\":true");
    assertThat(text.heard().getFirst()).startsWith("{\"type\":\"log\"");
    // A later message in the other kind changes nothing.
    number.says("{\"type\":\"broadcast\",\"message\":\"x\"}");
    assertThat(number.heard())
        .containsExactly("{\"type\":1,\"nickname\":\"number\",\"message\":\"x\"}");
    assertThat(text.heard())
        .containsExactly("{\"type\":\"broadcast\",\"nickname\":\"number\",\"message\":\"x\"}");
    number.says("{\"type\":\"login\",\"nickname\":\"y\"}").says("oops");
    assertThat(number.heard()).allMatch(json -> json.matches("\\{\"type\":[03],.*"));
  }

  @Test
  void answersInTheKindOfEachMessageBeforeTheLogin() {
    Guest guest = test.stranger();
    guest.says("{\"type\":1,\"message\":\"x\"}").says("{\"type\":0,\"nickname\":\"@\"}").says("?");
    assertThat(guest.heard()).allMatch(json -> json.matches("\\{\"type\":[03],.*")).hasSize(3);
    guest.says("{\"type\":\"login\",\"nickname\":\"a\"}").says("{\"type\":1,\"message\":\"x\"}");
    assertThat(guest.heard()).allMatch(json -> json.startsWith("{\"type\":\"")).hasSize(2);
  }

  @Test
  void givesThePresenceFieldsToThoseWhoAskedForThem() {
    Guest plain = test.user("plain");
    Guest wise =
        test.stranger()
            .says("{\"type\":\"login\",\"nickname\":\"wise\",\"features\":[\"presence\",\"x\"]}");
    assertThat(wise.heard())
        .containsExactly(
            "{\"type\":\"login\",\"success\":true,\"message\":\"登录成功\",\"nickname\":\"wise\","
                + "\"sumUsers\":2,\"users\":[\"plain\",\"wise\"]}");
    Guest c = test.user("c");
    c.member.leave("closed");
    assertThat(wise.heard())
        .containsExactly(
            "{\"type\":\"log\",\"message\":\"c 进入了聊天室，当前在线人数：3\","
                + "\"event\":\"join\",\"nickname\":\"c\",\"sumUsers\":3}",
            "{\"type\":\"log\",\"message\":\"c 离开了聊天室，当前在线人数：2\","
                + "\"event\":\"leave\",\"nickname\":\"c\",\"sumUsers\":2}");
    assertThat(plain.heard()).hasSize(3).noneMatch(json -> json.contains("event"));
  }

  @Test
  void forgetsTheWishesOfALoginThatWasRefused() {
    Guest guest =
        test.stranger()
            .says("{\"type\":\"login\",\"nickname\":\"@\",\"features\":[\"presence\"]}")
            .forget()
            .logsIn("a");
    assertThat(guest.heard().getFirst()).doesNotContain("users\":[");
  }
}
