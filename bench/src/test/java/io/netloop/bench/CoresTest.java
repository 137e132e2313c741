package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That loops and generator have cores of their own, as far as there are any. */
final class CoresTest {
  @ParameterizedTest
  @CsvSource({
    "2, '[0, 1]', [1]",
    "3, '[0, 2]', [1]",
    "4, '[0, 2]', '[1, 3]'",
    "64, '[0, 2]', '[1, 3]'"
  })
  void givesTwoLoopsACoreEachAndTheGeneratorAsManyWhereThereAreFour(
      int cores, String servers, String generator) {
    Cores two = Cores.ofTwoLoops(cores);

    assertThat(two.servers()).hasToString(servers);
    assertThat(two.generator()).hasToString(generator);
  }

  @Test
  void putsAServerOnTheFirstCoreIfNothingElseIsSaid() {
    List<String> command = Peer.of("a", List.of("program")).commandFor(80);

    assertThat(command).isEqualTo(pinned("0", "program", "80"));
  }

  /** The inner taskset has the last word: a process may leave the cores that it was given. */
  @Test
  void putsAServerOnOtherCoresWhereTheyAreNamed() {
    Peer peer = Peer.of("a", List.of("program")).on(List.of(0, 2));

    List<String> command = peer.commandFor(80);
    assertThat(command.subList(command.size() - 2, command.size()))
        .containsExactly("program", "80");
    if (Machine.canPin()) {
      assertThat(command.subList(command.size() - 5, command.size() - 2))
          .containsExactly("taskset", "-c", "0,2");
    }
  }

  @Test
  void keepsWhyAPeerIsMissing() {
    Peer peer = Peer.missing("a", "it is not here").on(List.of(0, 2));

    assertThat(peer.missing()).isEqualTo("it is not here");
  }

  private static List<String> pinned(String cores, String... command) {
    List<String> whole = new ArrayList<>();
    if (Machine.canPin()) {
      whole.addAll(List.of("taskset", "-c", cores));
    }
    whole.addAll(List.of(command));
    return whole;
  }
}
