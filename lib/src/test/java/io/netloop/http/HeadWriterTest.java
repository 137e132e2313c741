package io.netloop.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.SpareArray;
import org.junit.jupiter.api.Test;

/** The memory of those that put messages together. */
class HeadWriterTest {
  private final SpareArray spare = new SpareArray();
  private final HeadWriter one = new HeadWriter(spare);
  private final HeadWriter other = new HeadWriter(spare);

  @Test
  void whatIsTakenStaysAsItIs() {
    one.put("first");
    byte[] first = one.take();
    other.put("other");
    byte[] second = other.take();
    one.put("third");

    assertThat(first).asString(US_ASCII).isEqualTo("first");
    assertThat(second).asString(US_ASCII).isEqualTo("other");
    assertThat(one).hasToString("third");
  }

  @Test
  void whatIsGivenBackIsTheNextOnes() {
    one.put("first");
    byte[] lent = one.lend();
    assertThat(one.isEmpty()).isTrue();
    one.put("second");
    other.put("other");
    one.giveBack(lent);
    assertThat(one).hasToString("second");
    assertThat(other).hasToString("other");

    other.take();
    one.take();
    HeadWriter next = new HeadWriter(spare);
    next.put("next");
    assertThat(next.lend()).isSameAs(lent).asString(US_ASCII).startsWith("next");
  }

  @Test
  void twoThatWriteAtTheSameTimeShareNothingHoweverTheyGrow() {
    StringBuilder ones = new StringBuilder();
    StringBuilder others = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      one.put("one " + i);
      ones.append("one ").append(i);
      other.put((long) i);
      others.append(i);
      if (i % 700 == 699) {
        assertThat(one.take()).asString(US_ASCII).isEqualTo(ones.toString());
        ones.setLength(0);
      }
    }

    assertThat(one).hasToString(ones.toString());
    assertThat(other).hasToString(others.toString());
  }

  @Test
  void whatWasTruncatedIsPutAnew() {
    one.put("kept and not");
    one.truncate(4);
    one.put("!");

    assertThat(one.take()).asString(US_ASCII).isEqualTo("kept!");
  }
}
