package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Each example, started as its reader would start it. */
final class ExamplesTest {
  private static final int MOST_LINES = 40;

  /** Whole applications in one file, and how long each may be. */
  private static final Map<String, Integer> APPLICATIONS =
      Map.of("FileSharing", 80, "TodoApp", 120);

  @Test
  void echoServerAndClientTalkAsTheirModelsDo() throws Exception {
    int port = Program.freePort();
    try (Program server = Program.example("EchoServer", 8124, port).prints("server bound");
        Program client = Program.example("EchoClient", 8124, port)) {
      assertThat(client.status()).isZero();
      assertThat(client.lines())
          .containsExactly("connected to server!", "hello", "world!", "disconnected from server");
      server.prints("client disconnected");
      assertThat(server.lines())
          .containsExactly("server bound", "client connected", "client disconnected");
    }
  }

  @Test
  void echoServerThrowsWhereItsPortIsTaken() throws Exception {
    int port = Program.freePort();
    try (Program first = Program.example("EchoServer", 8124, port).prints("server bound");
        Program second = Program.example("EchoServer", 8124, port)) {
      assertThat(second.status()).isEqualTo(1);
      assertThat(first.lines()).containsExactly("server bound");
      assertThat(String.join("\n", second.lines()))
          .contains(
              "listen EADDRINUSE: address already in use :::" + port + " (held by java, pid ");
    }
  }

  @Test
  void talkClientSendsWhatIsTyped() throws Exception {
    int port = Program.freePort();
    try (Program server = Program.example("TalkServer", 3000, port).prints("Server running");
        Program client = Program.example("TalkClient", 3000, port)) {
      client.prints("成功的连接到服务器了").prints("服务端说：hello");
      server.prints("有新的连接进来了").prints("客户端说：world");
      client.types("  今天天气不错  ");
      server.prints("客户端说：今天天气不错\n");
    }
  }

  @Test
  void chatRoomOfFortyLinesKnowsItsRules() throws Exception {
    int port = Program.freePort();
    try (Program room = Program.example("ChatRoomServer", 3000, port).prints("chat room open");
        Program ann = Program.example("ChatRoomClient", 3000, port).prints("请输入昵称：");
        Program ben = Program.example("ChatRoomClient", 3000, port).prints("请输入昵称：")) {
      ann.types("安").prints("登录成功，当前在线用户：1");
      ben.types("安").prints("登录失败").types("本").prints("登录成功，当前在线用户：2");
      ann.prints("本 进入了聊天室，当前在线人数：2");
      ann.types("大家好").prints("安: 大家好");
      ben.prints("安: 大家好").types("@安 悄悄话");
      ann.prints("本 对你说：悄悄话");
      ben.types("@无人 喂").prints("发送失败：该用户不存在");
      ben.endsInput();
      assertThat(ben.status()).isZero();
      ann.prints("本 离开了聊天室，当前在线人数：1");
      assertThat(String.join("\n", ben.lines())).doesNotContain("对你说");
      assertThat(room.failures()).isEmpty();
    }
  }

  @Test
  void theFirstServerOfTheReadmesRunsAsPrinted() throws Exception {
    for (String readme : List.of("README.md", "README.zh-CN.md")) {
      Path file = Program.ROOT.resolve(readme);
      Snippet first = Snippet.in(file, Files.readString(file)).getFirst();
      int port = Program.freePort();
      try (Program server =
          Program.source("Hello", first.text().replace("3000", String.valueOf(port)))) {
        assertThat(answer(port)).isEqualTo("Hello World\n");
        assertThat(server.lines()).isEmpty();
      }
    }
  }

  @Test
  void everyExampleIsShortAndHasATest() throws IOException {
    StringBuilder tests = new StringBuilder();
    Path sources = Program.ROOT.resolve("examples/src/test/java/io/netloop/examples");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(sources, "*ExamplesTest.java")) {
      for (Path file : files) {
        tests.append(Files.readString(file));
      }
    }
    try (Stream<Path> examples = Files.list(Program.ROOT.resolve("examples"))) {
      for (Path example : examples.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = example.getFileName().toString().replace(".java", "");
        int most = APPLICATIONS.getOrDefault(name, MOST_LINES);
        assertThat(Files.readAllLines(example)).as(name).hasSizeLessThanOrEqualTo(most);
        assertThat(tests.toString()).contains('"' + name + '"');
      }
    }
  }

  /** Asks the server as soon as it listens, and gives its answer. */
  private static String answer(int port) {
    URI root = URI.create("http://127.0.0.1:" + port + "/");
    return Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              try (InputStream body = root.toURL().openStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
              }
            },
            answer -> !answer.isEmpty());
  }
}
