package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How one goes, who is told, and what the log says. */
final class RoomLeavingTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Room.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final TestRoom test = new TestRoom();

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  private List<String> logged() {
    return lines.list.stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void tellsTheRestOnceWhenAUserLeaves() {
    Guest a = test.user("a");
    Guest b = test.user("b");
    Guest c = test.user("c");
    b.broadcasts("bye");
    a.forget();
    b.forget();
    c.forget();
    b.member.leave("ended by the peer");
    b.member.leave("and closed");
    String json = "{\"type\":\"log\",\"message\":\"b 离开了聊天室，当前在线人数：2\"}";
    assertThat(a.heard()).containsExactly(json);
    assertThat(c.heard()).containsExactly(json);
    assertThat(b.heard()).isEmpty();
    assertThat(b.ends()).isEmpty();
    assertThat(test.room.users()).isEqualTo(2);
    assertThat(test.room.members()).isEqualTo(2);
  }

  @Test
  void tellsNobodyWhenAStrangerLeaves() {
    Guest a = test.user("a");
    Guest stranger = test.stranger();
    stranger.member.leave("closed");
    assertThat(a.heard()).isEmpty();
    assertThat(test.room.members()).isEqualTo(1);
    assertThat(logged()).hasSize(1);
  }

  @Test
  void ignoresWhatComesAfterTheLeave() {
    Guest a = test.user("a");
    Guest b = test.user("b");
    a.forget();
    b.member.leave("closed");
    b.broadcasts("late").logsIn("b").says("bad");
    b.member.badMessage();
    b.member.tooLong();
    assertThat(a.heard()).containsExactly(Outgoing.left("b", 1).toString());
    assertThat(b.heard()).isEmpty();
    assertThat(b.ends()).isEmpty();
    a.whispers("b", "still there?");
    assertThat(a.heard()).containsExactly(Outgoing.userNotFound("a", "b", null).toString());
  }

  @Test
  void writesTheLeaveNoticeAfterTheLeaversLastMessage() {
    Guest a = test.user("a");
    Guest b = test.user("b");
    a.forget();
    b.broadcasts("last");
    b.member.leave("closed");
    assertThat(a.heard())
        .containsExactly(
            Outgoing.broadcast("b", "last").toString(), Outgoing.left("b", 1).toString());
  }

  @Test
  void holdsNothingOfThoseWhoHaveLeft() {
    for (int i = 0; i < 10_000; i++) {
      Guest guest = test.stranger();
      if (i % 2 == 0) {
        guest.logsIn("n" + i);
      }
      guest.member.leave("closed");
    }
    assertThat(test.room.users()).isZero();
    assertThat(test.room.members()).isZero();
  }

  @Test
  void logsOneLineForAJoinAndOneForALeave() {
    Guest a = test.user("张三");
    test.user("b");
    a.broadcasts("private talk is not logged");
    a.member.leave("read ECONNRESET");
    a.member.leave("closed");
    assertThat(logged())
        .containsExactly(
            "10.0.0.1:1 joined as 张三, users: 1",
            "10.0.0.1:2 joined as b, users: 2",
            "10.0.0.1:1 left as 张三, users: 1, cause: read ECONNRESET");
  }

  @Test
  void logsTheCauseWhereTheRoomEndsAConnection() {
    Guest a = test.user("a");
    a.member.tooLong();
    a.member.leave("closed");
    assertThat(logged())
        .last()
        .isEqualTo("10.0.0.1:1 left as a, users: 0, cause: sent a message that is too long");
    assertThat(logged()).hasSize(2);
  }

  @Test
  void logsNothingThatDrivesATerminal() {
    Guest guest = new Guest(test.room, "peer\u001b[2J").logsIn("a");
    guest.member.leave("closed: \u202ebye\r\nforged line");
    assertThat(logged())
        .containsExactly(
            "peer␛[2J joined as a, users: 1",
            "peer␛[2J left as a, users: 0, cause: closed: \\u202ebye␍␊forged line");
  }

  @Test
  void tellsAllAndEndsThemWhenTheServerStops() {
    Guest a = test.user("a");
    Guest b = test.user("b");
    Guest stranger = test.stranger();
    a.forget();
    test.stops();
    for (Guest guest : List.of(a, b, stranger)) {
      assertThat(guest.heard()).containsExactly("{\"type\":\"log\",\"message\":\"服务器即将关闭\"}");
      assertThat(guest.ends()).containsExactly("the server stops");
      guest.member.leave("closed");
      assertThat(guest.heard()).isEmpty();
    }
    assertThat(test.room.members()).isZero();
    assertThat(logged()).hasSize(4).last().asString().endsWith("users: 0, cause: the server stops");
    test.stops();
    assertThat(a.ends()).hasSize(1);
  }

  @Test
  void turnsAwayWhoComesAfterTheStop() {
    test.room.stop();
    Guest late = test.stranger();
    assertThat(late.heard()).containsExactly(Outgoing.SERVER_STOPS.toString());
    assertThat(late.ends()).hasSize(1);
    late.logsIn("a");
    assertThat(late.heard()).isEmpty();
    assertThat(test.room.members()).isZero();
  }
}
