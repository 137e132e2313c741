package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.chat.ChatEvent.Broadcast;
import io.netloop.chat.ChatEvent.Closed;
import io.netloop.chat.ChatEvent.Connected;
import io.netloop.chat.ChatEvent.LoggedIn;
import io.netloop.chat.ChatEvent.LoginRefused;
import io.netloop.chat.ChatEvent.Notice;
import io.netloop.chat.ChatEvent.Whisper;
import io.netloop.chat.ChatEvent.WhisperFailed;
import io.netloop.loop.Buffer;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The client with servers that are not ours. */
class ChatClientPeersTest {
  private static final String ACCEPTED =
      "{\"type\":\"login\",\"success\":true,\"message\":\"登录成功\",\"nickname\":\"ann\",\"sumUsers\":10}";

  /** Accepts every login, as the servers of the course do: bare JSON, no line end. */
  private static void accept(TcpSocket socket, String data) {
    if (data.contains("\"type\":\"login\"")) {
      socket.write(ACCEPTED);
    }
  }

  @Test
  void understandsBareJsonThatComesJoinedAndSplit() {
    try (ScriptedServer server = new ScriptedServer(0, ChatClientPeersTest::accept);
        ClientProbe ann = new ClientProbe(server.port(), false).login("ann")) {
      ann.hears(new Connected());
      ann.hears(new LoggedIn("ann", 10, List.of(), false));
      server.send(
          "{\"type\":\"broadcast\",\"nickname\":\"bob\",\"message\":\"}{\"}"
              + "{\"type\":\"p2p\",\"success\":true,\"nickname\":\"bob\",\"message\":\"psst\"}"
              + "{\"type\":\"p2p\",\"success\":false,\"message\":\"该用户不存在\"}"
              + "{\"type\":\"log\",\"message\":\"bob 离开了\"}");
      ann.hears(new Broadcast("bob", "}{"));
      ann.hears(new Whisper("bob", "psst"));
      ann.hears(new WhisperFailed("该用户不存在"));
      ann.hears(new Notice("bob 离开了", null, null));

      Buffer said = Buffer.from("{\"type\":\"broadcast\",\"nickname\":\"bob\",\"message\":\"😀\"}");
      for (int i = 0; i < said.length(); i++) {
        server.send(said.slice(i, i + 1));
      }
      ann.hears(new Broadcast("bob", "😀"));
    }
  }

  @Test
  void understandsTypesThatAreNumbers() {
    try (ScriptedServer server =
            new ScriptedServer(
                0,
                (socket, data) ->
                    socket.write("{\"type\":0,\"success\":true,\"message\":\"\",\"sumUsers\":1}"));
        ClientProbe ann = new ClientProbe(server.port(), false).login("ann")) {
      assertThat(ann.sooner(LoggedIn.class).nickname()).isEqualTo("ann");
      server.send("{\"type\":1,\"nickname\":\"bob\",\"message\":\"hello\"}");
      ann.hears(new Broadcast("bob", "hello"));
    }
  }

  @Test
  void sendsOneJsonTextAndALineEndPerMessage() {
    StringBuilder heard = new StringBuilder();
    try (ScriptedServer server =
            new ScriptedServer(
                0,
                (socket, data) -> {
                  heard.append(data);
                  accept(socket, data);
                });
        ClientProbe ann = new ClientProbe(server.port(), false).login("ann")) {
      ann.sooner(LoggedIn.class);
      ann.does(client -> client.broadcast("a\nb") && client.whisper("bob", "hi"));
      ann.end();
      ann.next(Closed.class);

      assertThat(ClientProbe.onLoop(heard::toString))
          .isEqualTo(
              """
              {"type":"login","nickname":"ann","v":1,"features":["presence"]}
              {"type":"broadcast","message":"a\\nb"}
              {"type":"p2p","nickname":"bob","message":"hi"}
              """);
    }
  }

  @Test
  void ignoresWhatItDoesNotUnderstand() {
    try (ScriptedServer server = new ScriptedServer(0, ChatClientPeersTest::accept);
        ClientProbe ann = new ClientProbe(server.port(), false).login("ann")) {
      ann.sooner(LoggedIn.class);
      server.send(
          "garbage \u0000\u0001\u001b[2J\n"
              + "[1,2,3]\n"
              + "{\"type\":\"dance\",\"message\":\"x\"}\n"
              + "{\"message\":\"no type\"}\n"
              + "{\"type\":\"broadcast\",\"message\":\"no sender\"}\n"
              + "{\"type\":\"broadcast\",\"nickname\":1,\"message\":[]}\n"
              + "{\"type\":\"login\",\"success\":\"yes\"}\n"
              + "{\"type\":\"log\"}\n"
              + "{\"a\":".repeat(1_000)
              + "1"
              + "}".repeat(1_000)
              + "\n");
      server.send(Buffer.from("{\"type\":\"log\",\"message\":\"\ufffd", "latin1"));
      server.send(Buffer.from("ff227d0a", "hex"));
      server.send("{\"type\":\"log\",\"message\":\"still here\"}");

      ann.hears(new Notice("still here", null, null));
    }
  }

  @Test
  void leavesForGoodAtAMessageWithoutEnd() {
    try (ScriptedServer server = new ScriptedServer(0, ChatClientPeersTest::accept);
        ClientProbe ann = new ClientProbe(server.port(), true).login("ann")) {
      ann.sooner(LoggedIn.class);
      Buffer piece = Buffer.from("x".repeat(1 << 20));
      server.send("{\"type\":\"log\",\"message\":\"");
      for (int i = 0; i < 10; i++) {
        server.send(piece);
      }

      assertThat(ann.next(Closed.class).cause().code()).isEqualTo("ERR_MESSAGE_TOO_LONG");
    }
  }

  @Test
  void leavesTheMakingHarmlessToWhoShows() {
    try (ScriptedServer server = new ScriptedServer(0, ChatClientPeersTest::accept);
        ClientProbe ann = new ClientProbe(server.port(), false).login("ann")) {
      ann.sooner(LoggedIn.class);
      server.send(
          "{\"type\":\"broadcast\",\"nickname\":\"\\u001b]0;x\\u0007\",\"message\":\"\\u001b[2J\"}");

      Broadcast said = ann.next(Broadcast.class);
      assertThat(said.message()).isEqualTo("\u001b[2J");
      assertThat(Harmless.text(said.nickname())).isEqualTo("␛]0;x␇");
    }
  }

  @Test
  void keepsABoundedNumberOfNamesAndOnlyProperOnes() {
    String names =
        IntStream.range(0, 20_000).mapToObj(i -> "\"n" + i + "\"").collect(Collectors.joining(","));
    try (ScriptedServer server =
            new ScriptedServer(
                0,
                (socket, data) ->
                    socket.write(
                        "{\"type\":\"login\",\"success\":true,\"sumUsers\":99999999999,\"users\":["
                            + "\"\\u001b[2J\",\"a b\",7,"
                            + names
                            + "]}"));
        ClientProbe ann = new ClientProbe(server.port(), false).login("ann")) {
      LoggedIn in = ann.sooner(LoggedIn.class);
      assertThat(in.names()).hasSize(10_000);
      assertThat(in.users()).isZero();
      assertThat(ann.call(ChatClient::names)).hasSize(9_998).doesNotContain("\u001b[2J", "a b");

      StringBuilder joins = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        joins
            .append("{\"type\":\"log\",\"message\":\"\",\"event\":\"join\",\"nickname\":\"m")
            .append(i)
            .append("\"}");
      }
      server.send(joins.toString());
      for (int i = 0; i < 100; i++) {
        ann.next(Notice.class);
      }
      assertThat(ann.call(ChatClient::names)).hasSize(10_000);
    }
  }

  @Test
  void takesNoAnswerItHasNotAskedFor() {
    try (ScriptedServer server = new ScriptedServer(0, (socket, data) -> {});
        ClientProbe ann = new ClientProbe(server.port(), false)) {
      ann.hears(new Connected());
      server.send(ACCEPTED + "{\"type\":\"log\",\"message\":\"next\"}");
      ann.hears(new Notice("next", null, null));
      assertThat(ann.does(ChatClient::loggedIn)).isFalse();

      ann.login("ann");
      server.send("{\"type\":\"login\",\"success\":false,\"message\":\"登录失败\"}");
      ann.hears(new LoginRefused("登录失败", false));
    }
  }
}
