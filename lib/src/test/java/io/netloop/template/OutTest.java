package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written, as bytes while that is possible, in pieces where somebody takes them. */
class OutTest {
  private static final long ENOUGH = 1L << 30;

  private static Out text(int expected) {
    return out(expected, false, ENOUGH, null);
  }

  private static Out out(int room, boolean wide, long limit, @Nullable Appendable sink) {
    return wide ? Out.wide(room, limit, sink) : new Out(new byte[room], limit, sink);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 1000})
  void takesAsMuchAsComesWhateverWasExpected(int expected) {
    Out out = text(expected);

    out.append(new Out.Piece("<p>"));
    out.append("ä");
    out.append(1234567890);
    out.append(-5);
    out.append(0);
    out.append(2.5);
    out.append(1e21);
    out.appendEscaped("<&>");
    out.append(new Out.Piece("</p>"));

    assertThat(out).hasToString("<p>ä1234567890-502.51e+21&#60;&#38;&#62;</p>");
    assertThat(out.isWide()).isFalse();
    assertThat(out.length()).isEqualTo(out.toString().length());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 1000})
  void goesOverToCharactersWithTheFirstThatIsNoByte(int expected) {
    Out out = text(expected);

    out.append("a");
    out.append("é你");
    out.append(new Out.Piece("b"));
    out.append(new Out.Piece("好"));
    out.append(42);
    out.append(-1);
    out.append(0.5);
    out.appendEscaped("'𝄞\"");

    assertThat(out).hasToString("aé你b好42-10.5&#39;𝄞&#34;");
    assertThat(out.isWide()).isTrue();
  }

  @Test
  void aTextThatTurnsWideInTheMiddleIsEscapedToItsEnd() {
    Out out = text(4);

    out.appendEscaped("<a>é<你>&");

    assertThat(out).hasToString("&#60;a&#62;é&#60;你&#62;&#38;");
  }

  @ParameterizedTest
  @CsvSource({
    "'a\"b', a&#34;b",
    "'a&b', a&#38;b",
    "'a''b', a&#39;b",
    "a<b, a&#60;b",
    "a>b, a&#62;b"
  })
  void fiveCharactersAreEscaped(String text, String escaped) {
    assertThat(Out.escape(text)).isEqualTo(escaped);
    assertThat(Out.escape("你" + text)).isEqualTo("你" + escaped);
  }

  @Test
  void noOtherCharacterIsEscaped() {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x250; c++) {
      if ("\"&'<>".indexOf(c) < 0) {
        all.append(c);
      }
    }

    assertThat(Out.escape(all.toString())).isEqualTo(all.toString());
  }

  @Test
  void anythingInAnyOrderIsWhatAStringBuilderMakesOfIt() {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 300; round++) {
      Out out = out(random.nextInt(40), random.nextBoolean(), ENOUGH, null);
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        write(random, out, expected);
      }
      assertThat(out).hasToString(expected.toString());
    }
  }

  private static void write(SplittableRandom random, Out out, StringBuilder expected) {
    String text =
        List.of("", "x", "<b>", "ä&", "你\"", "0123456789".repeat(5)).get(random.nextInt(6));
    switch (random.nextInt(7)) {
      case 0 -> {
        out.append(text);
        expected.append(text);
      }
      case 1 -> {
        out.append(new Out.Piece(text));
        expected.append(text);
      }
      case 2 -> {
        out.appendEscaped(text);
        expected.append(escaped(text));
      }
      case 3 -> {
        int number = random.nextInt() >> random.nextInt(32);
        out.append(number);
        expected.append(number);
      }
      case 4 -> {
        double number = random.nextInt(-9_000_000, 9_000_000) / 1000.0;
        out.append(number);
        expected.append(Numbers.text(number));
      }
      case 5 -> {
        int start = out.length();
        out.append("taken back");
        assertThat(out.since(start)).isEqualTo("taken back");
        out.truncate(start);
      }
      default -> {
        out.hold();
        out.append(text);
        expected.append(text);
        out.release();
      }
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&#38;")
        .replace("<", "&#60;")
        .replace(">", "&#62;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void moreThanTheLimitIsRefusedByEachWayToWrite(boolean wide) {
    List<Out> full = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Out out = out(8, wide, 10, null);
      out.append("123456789");
      full.add(out);
    }
    String sentence = "The output is longer than 10 characters, which is the limit.";

    assertThatThrownBy(() -> full.get(0).append("ab")).hasMessage(sentence);
    assertThatThrownBy(() -> full.get(1).append(new Out.Piece("ab"))).hasMessage(sentence);
    assertThatThrownBy(() -> full.get(2).append(12)).hasMessage(sentence);
    assertThatThrownBy(() -> full.get(3).append(1.5)).hasMessage(sentence);
    assertThatThrownBy(() -> full.get(4).appendEscaped("ab")).hasMessage(sentence);
    assertThatThrownBy(() -> full.get(5).appendEscaped("<")).hasMessage(sentence);
  }

  @Test
  void theLimitItselfMayBeWritten() {
    Out out = out(8, false, 10, null);

    out.append("1234567890");

    assertThat(out).hasToString("1234567890");
  }

  @Test
  void piecesGoOutWhenTheyAreLargeAndTheRestWithTheFlush() {
    List<String> pieces = new ArrayList<>();
    Out out = out(64, false, ENOUGH, collector(pieces));
    String part = "0123456789".repeat(1000);

    out.append(part);
    assertThat(pieces).isEmpty();
    out.append(part);
    assertThat(pieces).containsExactly(part + part);
    out.append("rest");
    out.flush();
    out.flush();

    assertThat(pieces).containsExactly(part + part, "rest");
  }

  @Test
  void whatIsHeldStaysUntilItIsReleased() {
    List<String> pieces = new ArrayList<>();
    Out out = out(64, false, ENOUGH, collector(pieces));
    String part = "x".repeat(20_000);

    out.hold();
    out.hold();
    out.append(part);
    out.append(part);
    out.release();
    out.append(part);
    assertThat(pieces).isEmpty();
    out.release();
    out.append("y");

    assertThat(pieces).containsExactly(part + part + part + "y");
  }

  @Test
  void theLimitCountsWhatHasGoneOut() {
    Out out = out(64, false, 50_000, collector(new ArrayList<>()));
    String part = "x".repeat(20_000);
    out.append(part);
    out.append(part);

    assertThatThrownBy(() -> out.append(part))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("longer than 50000 characters");
  }

  @Test
  void whatTheSinkThrowsIsThrown() {
    Appendable broken =
        new Sink() {
          @Override
          public Appendable append(CharSequence text) throws IOException {
            throw new IOException("gone");
          }
        };
    Out out = out(64, false, ENOUGH, broken);
    out.append("text");

    assertThatThrownBy(out::flush)
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("gone");
  }

  private abstract static class Sink implements Appendable {
    @Override
    public Appendable append(CharSequence text, int from, int to) throws IOException {
      return append(text.subSequence(from, to));
    }

    @Override
    public Appendable append(char c) throws IOException {
      return append(String.valueOf(c));
    }
  }

  private static Appendable collector(List<String> pieces) {
    return new Sink() {
      @Override
      public Appendable append(CharSequence text) {
        pieces.add(text.toString());
        return this;
      }
    };
  }
}
