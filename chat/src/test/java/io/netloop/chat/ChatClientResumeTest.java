package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.chat.ChatEvent.Broadcast;
import io.netloop.chat.ChatEvent.Connected;
import io.netloop.chat.ChatEvent.ConnectionLost;
import io.netloop.chat.ChatEvent.LoggedIn;
import io.netloop.chat.ChatEvent.SomethingGone;
import io.netloop.chat.ChatEvent.Whisper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The client whose connection is lost, and what it is told when it is back. */
class ChatClientResumeTest {
  private static String answer(String more) {
    return "{\"type\":\"login\",\"success\":true,\"nickname\":\"ann\",\"sumUsers\":2" + more + "}";
  }

  /** A server that is lost after its first words, and what the next one is asked and answers. */
  private static List<String> comesBack(String firstWords, String nextAnswer, ChatEvent... told) {
    List<String> asked = new ArrayList<>();
    ScriptedServer first =
        new ScriptedServer(
            0,
            (socket, data) -> socket.write(answer(",\"session\":\"s1\",\"id\":10") + firstWords));
    try (ClientProbe ann = new ClientProbe(first.port(), true).login("ann")) {
      ann.sooner(LoggedIn.class);
      if (!firstWords.isEmpty()) {
        ann.next(Broadcast.class);
      }
      first.close();
      ann.next(ConnectionLost.class);
      try (ScriptedServer second =
          new ScriptedServer(
              first.port(),
              (socket, data) -> {
                asked.add(data);
                socket.write(nextAnswer);
              })) {
        assertThat(second.port()).isEqualTo(first.port());
        ann.hears(new Connected());
        ann.hears(new LoggedIn("ann", 2, List.of(), true));
        for (ChatEvent event : told) {
          ann.hears(event);
        }
        assertThat(ann.isQuiet()).isTrue();
      }
      ann.next(ConnectionLost.class);
    }
    return asked;
  }

  @Test
  void asksForWhatItHasMissedAndTellsItOnceInOrder() {
    List<String> asked =
        comesBack(
            "{\"type\":\"broadcast\",\"nickname\":\"bob\",\"message\":\"seen\",\"id\":12}",
            answer(
                ",\"session\":\"s1\",\"recovered\":true,\"id\":17,\"history\":["
                    + "{\"nickname\":\"bob\",\"message\":\"seen\",\"time\":1,\"id\":12},"
                    + "{\"nickname\":\"bob\",\"message\":\"b14\",\"time\":1,\"id\":14},"
                    + "{\"nickname\":\"bob\",\"message\":\"b16\",\"time\":1,\"id\":16}],"
                    + "\"missed\":[{\"nickname\":\"cat\",\"message\":\"w15\",\"id\":15,"
                    + "\"p2p\":true},{\"junk\":[1]},7,null]"),
            new Broadcast("bob", "b14"),
            new Whisper("cat", "w15"),
            new Broadcast("bob", "b16"));
    assertThat(asked)
        .containsExactly(
            "{\"type\":\"login\",\"nickname\":\"ann\",\"v\":1,"
                + "\"features\":[\"history\",\"presence\"],\"session\":\"s1\",\"last\":12}\n");
  }

  @Test
  void saysPlainlyThatSomethingIsGone() {
    comesBack(
        "",
        answer(
            ",\"session\":\"s2\",\"recovered\":false,\"id\":20,"
                + "\"history\":[{\"nickname\":\"bob\",\"message\":\"left\",\"id\":19}]"),
        new SomethingGone(),
        new Broadcast("bob", "left"));
  }

  @Test
  void takesEverythingFromAServerThatCountsAnew() {
    comesBack(
        "",
        answer(
            ",\"session\":\"s2\",\"recovered\":false,\"id\":3,"
                + "\"history\":[{\"nickname\":\"bob\",\"message\":\"new\",\"id\":2}]"),
        new SomethingGone(),
        new Broadcast("bob", "new"));
  }

  @Test
  void believesAServerThatTellsNothingAboutIt() {
    comesBack("", answer(""));
  }
}
