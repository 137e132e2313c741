package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that others have written: the course's own, in Node, and nc. */
class ForeignClientTest {
  @RegisterExtension final House house = new House();

  @Test
  void theCoursesClientsLogInTalkAndWhisper() {
    house.open();
    try (Program a = Program.seedClient(house.port());
        Program b = Program.seedClient(house.port());
        Program c = Program.seedClient(house.port())) {
      assertThat(a.types("a").prints()).isEqualTo("请输入昵称：登录成功，当前在线用户：1");
      assertThat(b.types("a").prints()).isEqualTo("请输入昵称：登录失败：登录失败，该昵称已存在");
      assertThat(b.types("b").prints()).isEqualTo("登录成功，当前在线用户：2");
      assertThat(a.prints()).isEqualTo("b 进入了聊天室，当前在线人数：2");
      assertThat(c.types("c").prints()).isEqualTo("请输入昵称：登录成功，当前在线用户：3");
      assertThat(a.prints()).isEqualTo("c 进入了聊天室，当前在线人数：3");
      assertThat(b.prints()).isEqualTo("c 进入了聊天室，当前在线人数：3");
      a.types("大家好");
      assertThat(a.prints()).isEqualTo("a: 大家好");
      assertThat(b.prints()).isEqualTo("a: 大家好");
      assertThat(c.prints()).isEqualTo("a: 大家好");
      a.types("@b psst");
      assertThat(b.prints()).isEqualTo("a 对你说：psst");
      a.types("@nobody psst");
      assertThat(a.prints()).isEqualTo("发送失败：该用户不存在");
      b.types("bye");
      // Before the next is said: the course's client dies of two messages in one piece.
      assertThat(a.prints()).isEqualTo("b: bye");
      assertThat(c.prints()).isEqualTo("b: bye");
      b.isKilled();
      assertThat(a.prints()).isEqualTo("b 离开了聊天室，当前在线人数：2");
      assertThat(c.prints()).isEqualTo("b 离开了聊天室，当前在线人数：2");
    }
  }

  /**
   * One message to a piece is all that a server can do for it, and with a gap it is enough here: a
   * gap that is longer than Node may have to wait for its turn on a busy machine.
   */
  @Test
  void theCoursesClientSurvivesManyTalkersWhereTheGapIsOn() {
    house.open(ChatOptions.defaults().withLegacyGap(Duration.ofMillis(300)));
    try (Program a = Program.seedClient(house.port())) {
      assertThat(a.types("a").prints()).endsWith("登录成功，当前在线用户：1");
      Peer b = house.user("b");
      Peer c = house.user("c");
      for (int i = 0; i < 5; i++) {
        b.broadcasts("from b " + i);
        c.broadcasts("from c " + i);
      }
      assertThat(a.prints()).startsWith("b 进入了聊天室");
      assertThat(a.prints()).startsWith("c 进入了聊天室");
      assertThat(IntStream.range(0, 10).mapToObj(i -> a.prints()).toList())
          .contains("b: from b 0", "c: from c 4")
          .allMatch(line -> line.matches("[bc]: from [bc] \\d+"));
      assertThat(a.isAlive()).isTrue();
    }
  }

  @Test
  void theCoursesClientHearsThatTheServerStops() {
    ChatServer server = house.open(ChatOptions.defaults().withLegacyGap(Duration.ofMillis(5)));
    try (Program a = Program.seedClient(house.port())) {
      assertThat(a.types("a").prints()).endsWith("登录成功，当前在线用户：1");
      House.stop(server, Duration.ofSeconds(5));
      assertThat(a.prints()).isEqualTo("服务器即将关闭");
      assertThat(a.prints()).isEqualTo("与服务器的连接已断开");
      assertThat(a.ends()).isZero();
    }
  }

  @Test
  void aKilledClientLeavesOnceAndItsNameIsFree() {
    house.open(
        ChatOptions.defaults()
            // Who listens here may have to wait for its turn while the talker talks.
            .withMaxQueuedBytes(256 << 20)
            .withRoom(RoomOptions.defaults().withBurst(100_000).withMessagesPerSecond(100_000)));
    Peer a = house.user("a");
    String talker =
        """
        const socket = require('net').createConnection(%d, '127.0.0.1', () => {
          socket.write(JSON.stringify({ type: 'login', nickname: 'b' }));
          setInterval(() => {
            for (let i = 0; i < 5; i++) {
              socket.write(JSON.stringify({ type: 'broadcast', message: 'x'.repeat(1000) }));
            }
          }, 1);
        });
        socket.resume();
        """
            .formatted(house.port());
    try (Program b = Program.start("node", "-e", talker)) {
      assertThat(a.hearsMessage()).startsWith("b 进入了聊天室");
      a.hears(200);
      assertThat(b.isAlive()).isTrue();
      b.isKilled();
      String heard = a.hearsMessage();
      while (heard.equals("x".repeat(1000))) {
        heard = a.hearsMessage();
      }
      assertThat(heard).isEqualTo("b 离开了聊天室，当前在线人数：1");
      house.user("b");
      assertThat(a.hearsMessage()).startsWith("b 进入了聊天室");
      a.hasHeardNothing();
    }
  }

  @Test
  void ncTalksLineByLine() {
    house.open();
    Peer a = house.user("a");
    try (Program nc = Program.start("nc", "127.0.0.1", String.valueOf(house.port()))) {
      nc.types(Peer.login("nc"));
      assertThat(nc.prints()).contains("登录成功").contains("\"sumUsers\":2");
      assertThat(a.hearsMessage()).startsWith("nc 进入了聊天室");
      nc.types("hello");
      assertThat(nc.prints()).contains("BAD_MESSAGE");
      nc.types(Peer.broadcast("hello"));
      assertThat(nc.prints()).contains("\"nickname\":\"nc\",\"message\":\"hello\"");
      assertThat(a.hearsMessage()).isEqualTo("hello");
    }
  }

  @Test
  void ncThatEndsItsSideStillGetsItsAnswers() {
    house.open();
    try (Program nc = Program.start("nc", "-N", "127.0.0.1", String.valueOf(house.port()))) {
      nc.types(Peer.login("nc")).types(Peer.broadcast("one")).types(Peer.broadcast("two"));
      nc.inputEnds();
      assertThat(nc.prints()).contains("登录成功");
      assertThat(nc.prints()).contains("one");
      assertThat(nc.prints()).contains("two");
      assertThat(nc.ends()).isZero();
    }
  }
}
