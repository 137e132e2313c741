package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.web.ByteRanges.Part;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What a Range header asks for, of whatever it holds. */
class ByteRangesTest {

  @Property(tries = 500)
  void partsAreInsideApartAndCoverWhatWasAskedFor(
      @ForAll @IntRange(min = 0, max = 60) int size,
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 99) Integer> firsts,
      @ForAll @IntRange(min = 0, max = 9) int width) {
    StringBuilder header = new StringBuilder("bytes=");
    BitSet asked = new BitSet();
    for (int first : firsts) {
      header.append(first).append('-').append(first + width).append(',');
      if (first < size) {
        asked.set(first, Math.min(first + width, size - 1) + 1);
      }
    }

    List<Part> parts = ByteRanges.of(header.toString(), size);

    assertThat(parts).isNotNull();
    BitSet sent = new BitSet();
    for (Part part : parts) {
      assertThat(part.first()).isBetween(0L, part.last());
      assertThat(part.last()).isLessThan(size);
      assertThat(sent.get((int) Math.max(0, part.first() - 1), (int) part.last() + 2).isEmpty())
          .describedAs("parts do not touch")
          .isTrue();
      sent.set((int) part.first(), (int) part.last() + 1);
    }
    assertThat(sent).isEqualTo(asked);
  }

  @Property(tries = 500)
  void noHeaderIsTooStrange(
      @ForAll @StringLength(max = 40) @Chars({'0', '9', '-', ',', ' ', '=', 'b', '+', '\t', 'x'})
          String rest,
      @ForAll @IntRange(min = 0, max = 1000) int size) {
    List<Part> parts = ByteRanges.of("bytes=" + rest, size);
    if (parts != null) {
      assertThat(parts).allMatch(part -> part.first() >= 0 && part.last() < size);
    }
    assertThat(ByteRanges.of(rest, size)).isNull();
  }
}
