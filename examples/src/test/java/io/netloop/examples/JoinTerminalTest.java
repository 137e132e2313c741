package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code ./netloop join} in a real terminal. Starting programs is what takes the time here: where
 * it does not matter who else is there, the tests share a room, and each has its own names.
 */
class JoinTerminalTest {
  private static final Path LAUNCHER = Path.of(System.getProperty("netloop.root"), "netloop");

  private static Command shared;

  @BeforeAll
  static void openTheRoom() {
    shared = Command.room();
  }

  @AfterAll
  static void closeTheRoom() {
    shared.close();
  }

  private static Tmux join(Command room, String options) {
    return new Tmux("'%s' join 127.0.0.1:%d %s".formatted(LAUNCHER, room.port(), options));
  }

  private static Tmux join(String nickname) {
    return join(shared, "--nick " + nickname);
  }

  @Test
  void keepsTheLineBeingTypedWhenMessagesArrive() {
    try (Command room = Command.room();
        Tmux li = join(room, "--nick 李四");
        Tmux zhang = join(room, "")) {
      li.sees("登录成功，当前在线用户：1").endsWith(">");
      zhang.endsWith("请输入昵称：").type("李四").press("Enter").sees("登录失败：登录失败，该昵称已存在");
      zhang.endsWith("请输入昵称：").type("张三").press("Enter").sees("登录成功，当前在线用户：2");

      zhang.type("half a li").endsWith("> half a li");
      li.type("大家好").press("Enter").sees("李四: 大家好");
      zhang.sees("李四: 大家好").endsWith("> half a li");
      zhang.type("ne").press("Enter").sees("张三: half a line");
      li.sees("张三: half a line");
    }
  }

  @Test
  void completesNicknames() {
    try (Tmux wang = join("王五")) {
      wang.sees("登录成功");
      try (Tmux zhao = join("赵六")) {
        wang.sees("赵六 进入了聊天室");
        wang.type("@赵").press("Tab").endsWith("> @赵六");
        wang.type("你好!!").press("Enter");
        zhao.sees("王五 对你说：你好!!");
      }
    }
  }

  @Test
  void letsNobodyDriveTheTerminal() {
    try (Tmux sun = join("孙七")) {
      sun.sees("登录成功");
      try (Command evil =
          new Command("join", "127.0.0.1:" + shared.port(), "--nick", "evil")
              .type("\u001b[2J\u001b[31m\u001b]0;title\u0007\u202e\n")
              .endInput()) {
        assertThat(evil.status()).isZero();
      }

      sun.sees("evil: ␛[2J␛[31m␛]0;title␇\\u202e").sees("登录成功");
    }
  }

  @Test
  void showsWhispersAndNoticesInColour() {
    try (Tmux zhou = join("周八")) {
      zhou.sees("登录成功").type("@周八 psst").press("Enter").sees("周八 对你说：psst");
      zhou.type("aloud").press("Enter").sees("周八: aloud");

      assertThat(zhou.colours())
          .containsPattern("\u001b\\[36m登录成功")
          .containsPattern("\u001b\\[35m周八 对你说：psst")
          .doesNotContainPattern("\u001b\\[3[0-8]m周八: aloud");
    }
  }

  @Test
  void showsNoColourWhereNobodyWantsIt() {
    try (Tmux wu =
        new Tmux(
            "NO_COLOR=1 '%s' join 127.0.0.1:%d --nick 吴九".formatted(LAUNCHER, shared.port()))) {
      wu.sees("登录成功").type("@吴九 psst").press("Enter").sees("吴九 对你说：psst");

      assertThat(wu.colours()).doesNotContain("\u001b[3");
    }
  }

  @Test
  void comesBackWhenTheRoomDoes() {
    try (Command room = Command.room();
        Tmux zhang = join(room, "--nick 张三")) {
      int port = room.port();
      zhang.sees("登录成功").type("half").endsWith("> half");
      room.signal("TERM").status();
      zhang.sees("服务器即将关闭").sees("与服务器的连接已断开").endsWith("> half");

      try (Command again = new Command("chat", "--web-port", "0", "--port", "" + port)) {
        again.says("127.0.0.1:" + port);
        zhang.sees("已重新连接，当前在线用户：1").endsWith("> half");
      }
    }
  }

  @Test
  void leavesAtCtrlC() {
    leavesAt("C-c", "郑十", "钱一");
  }

  @Test
  void leavesAtCtrlD() {
    leavesAt("C-d", "冯二", "陈三");
  }

  private static void leavesAt(String key, String staying, String leaving) {
    try (Tmux stays = join(staying);
        Tmux leaves = join(leaving)) {
      stays.sees("登录成功");
      leaves.endsWith(">").press(key).sees("status 0");
      stays.sees(leaving + " 离开了聊天室");
    }
  }
}
