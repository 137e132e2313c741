package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the platform's own decoder. */
class Utf8CheckTest {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer out = CharBuffer.allocate(256);

  private boolean isValid(byte[] bytes, int length) {
    out.clear();
    decoder.reset();
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes, 0, length), out, true);
    return !result.isError();
  }

  private static boolean accepts(byte[] bytes, int length) {
    Utf8Check check = new Utf8Check();
    return check.accept(bytes, 0, length) && check.isComplete();
  }

  private static boolean acceptsInPieces(byte[] bytes, int length, int cut) {
    Utf8Check check = new Utf8Check();
    return check.accept(bytes, 0, cut) && check.accept(bytes, cut, length) && check.isComplete();
  }

  private void compare(byte[] bytes, int length) {
    boolean expected = isValid(bytes, length);
    if (accepts(bytes, length) != expected) {
      assertThat(accepts(bytes, length)).describedAs(Frames.hex(bytes)).isEqualTo(expected);
    }
    for (int cut = 1; cut < length; cut++) {
      if (acceptsInPieces(bytes, length, cut) != expected) {
        assertThat(expected).describedAs(Frames.hex(bytes) + " cut at " + cut).isNull();
      }
    }
  }

  @Test
  void agreesOnEverySequenceOfUpToThreeBytes() {
    byte[] bytes = new byte[3];
    for (int all = 0; all < 1 << 24; all++) {
      bytes[0] = (byte) (all >> 16);
      bytes[1] = (byte) (all >> 8);
      bytes[2] = (byte) all;
      // Where the second and the third are ASCII or plain rubbish they all behave as these do.
      boolean isDull = bytes[0] >= 0 && (all & 0xff) % 16 != 0;
      if (!isDull) {
        compare(bytes, 3);
      }
      if (bytes[2] == 0) {
        compare(bytes, 2);
      }
      if (bytes[1] == 0 && bytes[2] == 0) {
        compare(bytes, 1);
      }
    }
  }

  @Test
  void agreesOnSequencesOfFourBytes() {
    Random random = new Random(4);
    byte[] bytes = new byte[4];
    int[] edges = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    for (int first = 0xf0; first <= 0xff; first++) {
      for (int second = 0; second < 256; second++) {
        for (int third : edges) {
          for (int fourth : edges) {
            bytes[0] = (byte) first;
            bytes[1] = (byte) second;
            bytes[2] = (byte) third;
            bytes[3] = (byte) fourth;
            compare(bytes, 4);
          }
        }
      }
    }
    for (int i = 0; i < 200_000; i++) {
      random.nextBytes(bytes);
      bytes[0] |= (byte) 0xe0;
      compare(bytes, 4);
    }
  }

  @Test
  void acceptsEveryCharacterThereIsAndNoOther() {
    for (int point = 0; point <= 0x10ffff; point++) {
      boolean isSurrogate = point >= 0xd800 && point <= 0xdfff;
      byte[] bytes = encoded(point);
      assertThat(accepts(bytes, bytes.length)).isEqualTo(!isSurrogate);
    }
    assertThat(accepts(encoded(0x110000), 4)).isFalse();
  }

  private static byte[] encoded(int point) {
    if (point < 0x80) {
      return new byte[] {(byte) point};
    } else if (point < 0x800) {
      return new byte[] {(byte) (0xc0 | point >> 6), (byte) (0x80 | (point & 0x3f))};
    } else if (point < 0x10000) {
      return new byte[] {
        (byte) (0xe0 | point >> 12),
        (byte) (0x80 | (point >> 6 & 0x3f)),
        (byte) (0x80 | (point & 0x3f))
      };
    }
    return new byte[] {
      (byte) (0xf0 | point >> 18),
      (byte) (0x80 | (point >> 12 & 0x3f)),
      (byte) (0x80 | (point >> 6 & 0x3f)),
      (byte) (0x80 | (point & 0x3f))
    };
  }

  @Test
  void findsOneWrongByteAnywhereInALongText() {
    String text = "ASCII for a while, then ü, €, 𝄞 and 中文 and ASCII again to the very end.";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at++) {
      for (int wrong : new int[] {0x80, 0xc0, 0xff, 0xed, 0x41}) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) wrong;
        compare(changed, changed.length);
      }
    }
  }

  @Test
  void saysSoAtTheFirstByteThatCannotBe() {
    byte[] bytes = Frames.hex("ce ba e1 bd b9 cf 83 ce bc ce b5 f4 90 80 80 65 64");
    Utf8Check check = new Utf8Check();
    assertThat(check.accept(bytes, 0, 12)).isTrue();
    assertThat(check.isComplete()).isFalse();
    assertThat(check.accept(bytes, 12, 13)).isFalse();
  }

  @Test
  void beginsAnewAfterAReset() {
    Utf8Check check = new Utf8Check();
    assertThat(check.accept(new byte[] {(byte) 0xe2}, 0, 1)).isTrue();
    check.reset();
    assertThat(check.isComplete()).isTrue();
    assertThat(check.accept(new byte[] {'a'}, 0, 1)).isTrue();
  }

  @Test
  void looksOnlyAtItsPartOfAnArray() {
    byte[] bytes = new byte[64];
    Arrays.fill(bytes, (byte) 0xff);
    Arrays.fill(bytes, 10, 50, (byte) 'a');
    Utf8Check check = new Utf8Check();
    assertThat(check.accept(bytes, 10, 50)).isTrue();
    assertThat(check.accept(bytes, 10, 51)).isFalse();
  }
}
