package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A person at a connection that is none: says JSON texts to a room, and notes what it hears. */
final class Guest implements Seat {
  private final String label;
  private final List<String> heard = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private Consumer<String> whenHearing = _ -> {};
  private Runnable whenEnded = () -> {};
  final Member member;

  Guest(Room room, String label) {
    this.label = label;
    member = room.member(this);
    member.enter();
  }

  Guest says(String json) {
    member.receive(json.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Guest logsIn(String nickname) {
    return says(new JsonText().text("type", "login").text("nickname", nickname).end());
  }

  /** Logs in with these features and more fields, and returns the answer. */
  String comesIn(String nickname, List<String> features, String more) {
    String login =
        new JsonText()
            .text("type", "login")
            .text("nickname", nickname)
            .number("v", 1)
            .texts("features", features)
            .end();
    heard.clear();
    says(login.substring(0, login.length() - 1) + more + "}");
    String answer = heard.getFirst();
    heard.clear();
    return answer;
  }

  /** As {@link #comesIn(String, List, String)}, for the first time and with all features. */
  String comesIn(String nickname) {
    return comesIn(nickname, List.of("history", "presence", "ack"), "");
  }

  /** Comes back with a session and the highest id that was seen. */
  String comesBack(String nickname, String session, long last) {
    return comesIn(
        nickname,
        List.of("history", "presence", "ack"),
        ",\"session\":\"" + session + "\",\"last\":" + last);
  }

  Guest broadcasts(String message) {
    return says(new JsonText().text("type", "broadcast").text("message", message).end());
  }

  Guest whispers(String nickname, String message) {
    return says(
        new JsonText()
            .text("type", "p2p")
            .text("nickname", nickname)
            .text("message", message)
            .end());
  }

  /** What to do in the middle of being sent something. */
  Guest whenHearing(Consumer<String> action) {
    whenHearing = action;
    return this;
  }

  /** What to do in the middle of being ended. */
  Guest whenEnded(Runnable action) {
    whenEnded = action;
    return this;
  }

  /** All that was heard since the last call. */
  List<String> heard() {
    List<String> all = List.copyOf(heard);
    heard.clear();
    return all;
  }

  Guest forget() {
    heard.clear();
    return this;
  }

  /** Why the connection was ended, once for each time: more than one is a mistake. */
  List<String> ends() {
    return ends;
  }

  @Override
  public void send(Outgoing message, Style style) {
    assertThat(ends).as("sent after the end: %s", message).isEmpty();
    String line = message.line(style).toString();
    assertThat(line).endsWith("}\n");
    String json = message.json(style).toString();
    assertThat(line).isEqualTo(json + "\n");
    heard.add(json);
    whenHearing.accept(json);
  }

  @Override
  public void end(Ending how, String why) {
    ends.add(why);
    whenEnded.run();
  }

  @Override
  public String label() {
    return label;
  }
}
