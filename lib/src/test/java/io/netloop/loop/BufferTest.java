package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BufferTest {
  private final Buffer hello = Buffer.from("hello");

  @Test
  void isTextInUtf8() {
    assertThat(Buffer.from("é你").length()).isEqualTo(5);
    assertThat(Buffer.from("é你")).hasToString("é你");
    assertThat(Buffer.from(new byte[] {'a', (byte) 0xff})).hasToString("a\uFFFD");
  }

  @Test
  void takesAndGivesTextInNamedEncodings() {
    assertThat(Buffer.from("68656c6c6f", "hex")).isEqualTo(hello);
    assertThat(Buffer.from("aGVsbG8=", "Base64")).isEqualTo(hello);
    assertThat(hello.toString("hex")).isEqualTo("68656c6c6f");
    assertThat(hello.slice(1, 3).toString("base64")).isEqualTo("ZWw=");
    assertThat(hello.toString(StandardCharsets.UTF_16BE)).hasSize(3);
  }

  @Test
  void refusesAnEncodingThatIsUnknown() {
    assertThatThrownBy(() -> Buffer.from("x", "klingon"))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_UNKNOWN_ENCODING"))
        .hasMessage("Unknown encoding: klingon");
    assertThatThrownBy(() -> hello.toString("utf7")).hasMessage("Unknown encoding: utf7");
  }

  @Test
  void keepsNothingOfTheArrayItWasMadeFrom() {
    byte[] array = {1, 2, 3};
    Buffer whole = Buffer.from(array);
    Buffer part = Buffer.from(array, 1, 2);
    array[1] = 9;

    assertThat(whole.toByteArray()).containsExactly(1, 2, 3);
    assertThat(part.toByteArray()).containsExactly(2, 3);
  }

  @Test
  void givesNobodyItsArray() {
    hello.toByteArray()[0] = 'J';
    assertThat(hello).hasToString("hello");
    assertThat(hello.toByteBuffer().isReadOnly()).isTrue();
    assertThatThrownBy(() -> hello.toByteBuffer().put((byte) 1))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void takesWhatRemainsInAByteBuffer() {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3, 4});
    bytes.position(1).limit(3);

    assertThat(Buffer.from(bytes).toByteArray()).containsExactly(2, 3);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void aByteBufferShowsTheViewAndNoMore() {
    ByteBuffer bytes = hello.slice(1, 4).toByteBuffer();

    assertThat(bytes.position()).isZero();
    assertThat(bytes.capacity()).isEqualTo(3);
    assertThat(StandardCharsets.UTF_8.decode(bytes).toString()).isEqualTo("ell");
  }

  @Test
  void slicesOfSlicesAreViewsOfTheSameBytes() {
    assertThat(hello.slice(1)).hasToString("ello");
    assertThat(hello.slice(1).slice(1, 3)).hasToString("ll");
    assertThat(hello.slice(5).isEmpty()).isTrue();
    assertThat(hello.slice(0, 5)).isEqualTo(hello);
  }

  @Test
  void holdsToItsBounds() {
    Buffer part = hello.slice(1, 3);

    assertThat(part.get(0)).isEqualTo('e');
    assertThatThrownBy(() -> part.get(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> part.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> part.slice(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> part.slice(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> part.slice(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> part.copyTo(new byte[1], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Buffer.from(new byte[2], 1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void bytesCountFromZeroTo255() {
    assertThat(Buffer.from(new byte[] {-1, -128, 0}).get(0)).isEqualTo(255);
    assertThat(Buffer.from(new byte[] {-1, -128, 0}).get(1)).isEqualTo(128);
  }

  @Test
  void findsAByte() {
    assertThat(hello.indexOf('l', 0)).isEqualTo(2);
    assertThat(hello.indexOf('l', 3)).isEqualTo(3);
    assertThat(hello.indexOf('l', 4)).isEqualTo(-1);
    assertThat(hello.indexOf('h', -5)).isZero();
    assertThat(hello.slice(1).indexOf('h', 0)).isEqualTo(-1);
    assertThat(hello.slice(1, 3).indexOf('o', 0)).isEqualTo(-1);
    assertThat(Buffer.from(new byte[] {-1}).indexOf(255, 0)).isZero();
  }

  @Test
  void joinsSeveral() {
    assertThat(Buffer.concat(List.of(hello, Buffer.from(" "), hello.slice(0, 2))))
        .hasToString("hello he");
    assertThat(Buffer.concat(List.of()).isEmpty()).isTrue();
  }

  @Test
  void copiesItselfIntoAnArray() {
    byte[] target = "........".getBytes(StandardCharsets.UTF_8);

    assertThat(hello.slice(1).copyTo(target, 2)).isEqualTo(4);
    assertThat(target).asString(StandardCharsets.UTF_8).isEqualTo("..ello..");
  }

  @Test
  void isEqualWhereTheBytesAre() {
    Buffer view = Buffer.from("ohello").slice(1);

    assertThat(view).isEqualTo(hello).hasSameHashCodeAs(hello);
    assertThat(hello).isNotEqualTo(hello.slice(1)).isNotEqualTo("hello");
    assertThat(Buffer.empty()).isEqualTo(Buffer.from("")).isEqualTo(hello.slice(2, 2));
  }

  @Property(tries = 200)
  boolean aSliceIsTheRangeOfTheArray(
      @ForAll byte[] bytes, @ForAll @IntRange(max = 50) int a, @ForAll @IntRange(max = 50) int b) {
    int from = Math.min(Math.min(a, b), bytes.length);
    int to = Math.min(Math.max(a, b), bytes.length);
    Buffer slice = Buffer.from(bytes).slice(from, to);

    return slice.equals(Buffer.from(bytes, from, to - from))
        && slice.hashCode() == Buffer.from(bytes, from, to - from).hashCode()
        && slice.length() == to - from;
  }
}
