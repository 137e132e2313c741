package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  private final List<String> heard = new ArrayList<>();

  @Test
  void cutsAtLineEndsWhereverThePiecesAreCut() {
    Buffer text = Buffer.from("张三\r\n\n😀 hello\nlast");
    for (int cut = 0; cut <= text.length(); cut++) {
      heard.clear();
      Lines lines = new Lines(100, heard::add);
      lines.feed(text.slice(0, cut));
      lines.feed(text.slice(cut));
      lines.end();

      assertThat(heard).as("cut at %d", cut).containsExactly("张三", "", "😀 hello", "last");
    }
  }

  @Test
  void hasNoLineAfterTheLastLineEnd() {
    Lines lines = new Lines(100, heard::add);
    lines.feed(Buffer.from("a\n"));
    lines.end();

    assertThat(heard).containsExactly("a");
  }

  @Test
  void dropsTheRestOfALineThatIsTooLong() {
    Lines lines = new Lines(4, heard::add);
    lines.feed(Buffer.from("abc"));
    lines.feed(Buffer.from("def"));
    lines.feed(Buffer.from("ghi\njk\n"));

    assertThat(heard).containsExactly("abcd", "jk");
  }
}
