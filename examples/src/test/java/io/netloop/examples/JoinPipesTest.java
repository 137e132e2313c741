package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code ./netloop join} over pipes, as scripts use it. */
class JoinPipesTest {
  private static Command room;

  @BeforeAll
  static void openTheRoom() {
    room = Command.room();
  }

  @AfterAll
  static void closeTheRoom() {
    room.close();
  }

  private static Command join(String... options) {
    String[] args = new String[options.length + 2];
    args[0] = "join";
    args[1] = "127.0.0.1:" + room.port();
    System.arraycopy(options, 0, args, 2, options.length);
    return new Command(args);
  }

  @Test
  void saysEveryLineAndLeavesAtTheEndOfTheInput() {
    try (Command ann = join().type("ann\r\n你好\n@ann psst\n@nobody hi\nlast").endInput()) {
      assertThat(ann.status()).isZero();

      assertThat(ann.out())
          .isEqualTo(
              """
              请输入昵称：登录成功，当前在线用户：1
              ann: 你好
              ann 对你说：psst
              发送失败：该用户不存在
              ann: last
              """);
      assertThat(ann.err()).isEmpty();
    }
  }

  @Test
  void saysAFileThatIsLongerThanARoomTakesAtOnce() {
    String lines =
        IntStream.range(0, 130).mapToObj(i -> "line " + i).collect(Collectors.joining("\n"));
    try (Command ann = join("--nick", "long").type(lines).endInput()) {
      assertThat(ann.status()).isZero();

      assertThat(ann.out().lines()).hasSize(131).doesNotContain("发送过于频繁");
      assertThat(ann.out()).endsWith("long: line 129\n");
    }
  }

  @Test
  void talksWithTheOthers() {
    try (Command ann = join("--nick", "ann2", "--lang", "en").says("Logged in, users online: 1");
        Command bob = join("--nick", "bob2").says("登录成功，当前在线用户：2")) {
      ann.says("bob2 进入了聊天室，当前在线人数：2").type("@bob2 \u001b[31mred\n");
      bob.says("ann2 对你说：␛[31mred").type("/quit\n");
      assertThat(bob.status()).isZero();
      ann.says("bob2 离开了聊天室，当前在线人数：1").endInput();
      assertThat(ann.status()).isZero();
    }
  }

  @Test
  void failsWhereThereIsNoRoom() {
    try (Command nobody = new Command("join", "127.0.0.1:1", "--nick", "ann")) {
      assertThat(nobody.status()).isEqualTo(1);

      assertThat(nobody.out()).isEmpty();
      assertThat(nobody.err())
          .startsWith("netloop: there is no chat room at 127.0.0.1 port 1: connect ECONNREFUSED")
          .contains("./netloop chat");
      assertThat(nobody.err().lines()).hasSize(1);
    }
  }

  @Test
  void failsWhenTheConnectionIsLost() {
    try (Command other = Command.room();
        Command ann = new Command("join", "127.0.0.1:" + other.port(), "--nick", "ann")) {
      ann.says("登录成功");
      other.signal("KILL");

      assertThat(ann.status()).isEqualTo(1);
      assertThat(ann.out()).endsWith("与服务器的连接已断开\n");
      assertThat(ann.err()).startsWith("netloop: the connection to 127.0.0.1 port");
    }
  }
}
