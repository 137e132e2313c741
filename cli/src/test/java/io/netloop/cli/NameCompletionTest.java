package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameCompletionTest {
  private final NameCompletion completion =
      new NameCompletion(() -> List.of("ann", "anton", "bob", "张三"));

  private List<String> complete(String line, int cursor) {
    List<Candidate> candidates = new ArrayList<>();
    completion.complete(null, completion.parse(line, cursor, ParseContext.COMPLETE), candidates);
    return candidates.stream().map(Candidate::value).toList();
  }

  private List<String> complete(String line) {
    return complete(line, line.length());
  }

  @Test
  void offersTheNamesThatBeginSo() {
    assertThat(complete("@")).containsExactly("@ann", "@anton", "@bob", "@张三");
    assertThat(complete("@an")).containsExactly("@ann", "@anton");
    assertThat(complete("@张")).containsExactly("@张三");
    assertThat(complete("@x")).isEmpty();
  }

  @Test
  void looksAtWhatIsBeforeTheCursor() {
    assertThat(complete("@bx hello", 2)).containsExactly("@bob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "hello @a", "@ann ", "@ann @b", " @a"})
  void offersNothingElsewhere(String line) {
    assertThat(complete(line)).isEmpty();
  }
}
