package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ./netloop join} in a real terminal. */
class JoinTerminalTest {
  private static final Path LAUNCHER = Path.of(System.getProperty("netloop.root"), "netloop");

  private Command room;

  @BeforeEach
  void openTheRoom() {
    room = Command.room();
  }

  @AfterEach
  void closeTheRoom() {
    room.close();
  }

  private Tmux join(String options) {
    return new Tmux("'%s' join 127.0.0.1:%d %s".formatted(LAUNCHER, room.port(), options));
  }

  @Test
  void keepsTheLineBeingTypedWhenMessagesArrive() {
    try (Tmux li = join("--nick 李四");
        Tmux zhang = join("")) {
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
    try (Tmux zhang = join("--nick 张三")) {
      zhang.sees("登录成功");
      try (Tmux li = join("--nick 李四")) {
        zhang.sees("李四 进入了聊天室");
        zhang.type("@李").press("Tab").endsWith("> @李四");
        zhang.type("你好!!").press("Enter");
        li.sees("张三 对你说：你好!!");
      }
    }
  }

  @Test
  void letsNobodyDriveTheTerminal() {
    try (Tmux zhang = join("--nick 张三")) {
      zhang.sees("登录成功");
      try (Command evil =
          new Command("join", "127.0.0.1:" + room.port(), "--nick", "evil")
              .type("\u001b[2J\u001b[31m\u001b]0;title\u0007\u202e\n")
              .endInput()) {
        assertThat(evil.status()).isZero();
      }

      zhang.sees("evil: ␛[2J␛[31m␛]0;title␇\\u202e").sees("登录成功");
    }
  }

  @Test
  void showsWhispersAndNoticesInColour() {
    try (Tmux zhang = join("--nick 张三")) {
      zhang.sees("登录成功").type("@张三 psst").press("Enter").sees("张三 对你说：psst");
      zhang.type("aloud").press("Enter").sees("张三: aloud");

      assertThat(zhang.colours())
          .containsPattern("\u001b\\[36m登录成功")
          .containsPattern("\u001b\\[35m张三 对你说：psst")
          .doesNotContainPattern("\u001b\\[3[0-8]m张三: aloud");
    }
  }

  @Test
  void showsNoColourWhereNobodyWantsIt() {
    try (Tmux zhang =
        new Tmux("NO_COLOR=1 '%s' join 127.0.0.1:%d --nick 张三".formatted(LAUNCHER, room.port()))) {
      zhang.sees("登录成功").type("@张三 psst").press("Enter").sees("张三 对你说：psst");

      assertThat(zhang.colours()).doesNotContain("\u001b[3");
    }
  }

  @Test
  void comesBackWhenTheRoomDoes() {
    int port = room.port();
    try (Tmux zhang = join("--nick 张三")) {
      zhang.sees("登录成功").type("half").endsWith("> half");
      room.signal("TERM").status();
      zhang.sees("服务器即将关闭").sees("与服务器的连接已断开").endsWith("> half");

      room = new Command("chat", "--web-port", "0", "--port", "" + port);
      zhang.sees("已重新连接，当前在线用户：1").endsWith("> half");
    }
  }

  @Test
  void leavesAtCtrlC() {
    leavesAt("C-c");
  }

  @Test
  void leavesAtCtrlD() {
    leavesAt("C-d");
  }

  private void leavesAt(String key) {
    try (Tmux zhang = join("--nick 张三");
        Tmux li = join("--nick 李四")) {
      zhang.sees("登录成功");
      li.endsWith(">").press(key).sees("status 0");
      zhang.sees("李四 离开了聊天室，当前在线人数：1");
    }
  }
}
