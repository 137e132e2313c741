package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.chat.ChatClientOptions;
import io.netloop.chat.FoundRoom;
import io.netloop.loop.NetException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where one goes who names no address. */
class RoomChoiceTest {
  private static final FoundRoom ANNS = new FoundRoom("Ann's", "192.0.2.7", 3000, 2);
  private static final FoundRoom BENS = new FoundRoom("小本", "192.0.2.8", 4000, 0);

  private final StringWriter said = new StringWriter();
  private final RoomChoice choice = new RoomChoice(Texts.EN, new PrintWriter(said));

  private static String target(ChatClientOptions options) {
    return options.host() + ":" + options.port();
  }

  /** Where a user goes who answers with these lines and then leaves; null for nowhere. */
  private String answered(List<FoundRoom> rooms, String... lines) {
    Iterator<String> left = List.of(lines).iterator();
    ChatClientOptions options =
        choice.asked(
            rooms,
            question -> {
              assertThat(question).isEqualTo("Which one? (1-%d) ".formatted(rooms.size()));
              return left.hasNext() ? left.next() : null;
            });
    assertThat(left.hasNext()).as("is asked as often as needed").isFalse();
    return options == null ? null : target(options);
  }

  @Test
  void goesToTheOnlyRoomAndSaysSo() {
    assertThat(target(choice.alone(List.of(ANNS)))).isEqualTo("192.0.2.7:3000");
    assertThat(answered(List.of(BENS))).isEqualTo("192.0.2.8:4000");

    assertThat(said.toString().lines())
        .containsExactly(
            "Joining 192.0.2.7:3000  Ann's (users online: 2)",
            "Joining 192.0.2.8:4000  小本 (users online: 0)");
  }

  @Test
  void goesToThisMachineWhereThereIsNoneAndSaysSo() {
    assertThat(target(choice.alone(List.of()))).isEqualTo("127.0.0.1:3000");
    assertThat(answered(List.of())).isEqualTo("127.0.0.1:3000");

    assertThat(said.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.endsWith("trying this machine: 127.0.0.1:3000"));
  }

  @Test
  void listsSeveralAndJoinsNoneWhereNobodyCanBeAsked() {
    assertThatThrownBy(() -> choice.alone(List.of(ANNS, BENS)))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("there are 2 rooms")
        .hasMessageContaining("./netloop join 192.0.2.7:3000");

    assertThat(said.toString().lines())
        .containsExactly(
            "There are 2 rooms:",
            "  1  192.0.2.7:3000  Ann's (users online: 2)",
            "  2  192.0.2.8:4000  小本 (users online: 0)");
  }

  @ParameterizedTest
  @CsvSource({"1, 192.0.2.7:3000", "2, 192.0.2.8:4000", "' 2 ', 192.0.2.8:4000"})
  void joinsTheOneThatIsPicked(String typed, String target) {
    assertThat(answered(List.of(ANNS, BENS), typed)).isEqualTo(target);
    assertThat(said.toString().lines())
        .hasSize(4)
        .element(3)
        .asString()
        .startsWith("Joining " + target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "3", "-1", "x", "1.5", "99999999999999999999", "１"})
  void asksAgainUntilTheAnswerIsARoom(String wrong) {
    assertThat(answered(List.of(ANNS, BENS), wrong, wrong, "2")).isEqualTo("192.0.2.8:4000");
  }

  @Test
  void joinsNothingForAUserWhoLeaves() {
    assertThat(answered(List.of(ANNS, BENS))).isNull();
    assertThat(said.toString()).doesNotContain("Joining");
  }

  @Test
  void speaksBothLanguages() {
    StringWriter zh = new StringWriter();
    new RoomChoice(Texts.ZH, new PrintWriter(zh)).alone(List.of(ANNS));

    assertThat(zh).hasToString("正在加入：192.0.2.7:3000  Ann's（在线 2 人）\n");
  }
}
