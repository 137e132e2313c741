package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextDecoderTest {
  private static final String TEXT = "aé你😀z\u07ff\u0800\uffff𐀀b";

  @ParameterizedTest
  @CsvSource({"UTF8", "UTF16LE"})
  void neverSplitsACharacterWhereverTheBytesAreSplit(Encoding encoding) {
    byte[] bytes = encoding.encode(TEXT);
    for (int i = 0; i <= bytes.length; i++) {
      for (int j = i; j <= bytes.length; j++) {
        TextDecoder decoder = new TextDecoder(encoding);
        String first = decoder.decode(Arrays.copyOfRange(bytes, 0, i));
        String second = decoder.decode(Arrays.copyOfRange(bytes, i, j));
        String third = decoder.decode(Arrays.copyOfRange(bytes, j, bytes.length));

        assertThat(first + second + third + decoder.finish()).isEqualTo(TEXT);
        assertThat(first).doesNotContain("\uFFFD");
        assertThat(TEXT).startsWith(first).startsWith(first + second);
        assertThat(endsInsideAPair(first)).isFalse();
        assertThat(endsInsideAPair(second)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"BASE64", "BASE64URL", "HEX", "LATIN1"})
  void theTextOfThePiecesIsTheTextOfTheWhole(Encoding encoding) {
    byte[] bytes = new byte[20];
    new Random(2).nextBytes(bytes);
    String whole = encoding.decode(bytes, 0, bytes.length);
    for (int i = 0; i <= bytes.length; i++) {
      TextDecoder decoder = new TextDecoder(encoding);
      String first = decoder.decode(Arrays.copyOfRange(bytes, 0, i));
      String second = decoder.decode(Arrays.copyOfRange(bytes, i, bytes.length));

      assertThat(first + second + decoder.finish()).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UTF8, e4bda0 f09f9880 c3a9, '你|😀|é|'",
    "UTF16LE, 604f 3dd800de 6100, '你|😀|a|'",
    "HEX, 00ff, '00|ff|'",
    "BASE64, 0102030405, 'AQID|BAU='"
  })
  void byteByByteACharacterComesWithItsLastByte(Encoding encoding, String hex, String pieces) {
    TextDecoder decoder = new TextDecoder(encoding);
    StringBuilder seen = new StringBuilder();
    for (byte b : HexFormat.of().parseHex(hex.replace(" ", ""))) {
      String piece = decoder.decode(new byte[] {b});
      if (!piece.isEmpty()) {
        seen.append(piece).append('|');
      }
    }
    seen.append(decoder.finish());

    assertThat(seen).hasToString(pieces);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF8, c3, '\uFFFD'",
    "UTF8, e4bd, '\uFFFD'",
    "UTF8, f09f98, '\uFFFD'",
    "UTF8, 61e4, '\uFFFD'",
    "UTF16LE, 610062, '\uFFFD'",
    "UTF16LE, 3dd8, '\uFFFD'",
    "UTF8, 61, ''",
    "HEX, 61, ''",
    "BASE64, 01, 'AQ=='",
    "BASE64URL, 01, 'AQ'"
  })
  void tellsWhatACutTailIsWorth(Encoding encoding, String hex, String tail) {
    TextDecoder decoder = new TextDecoder(encoding);
    decoder.decode(HexFormat.of().parseHex(hex));

    assertThat(decoder.finish()).isEqualTo(tail);
    assertThat(decoder.finish()).isEmpty();
  }

  @Test
  void bytesThatAreNotUtf8AreReplacedAndHoldNothingBack() {
    TextDecoder decoder = new TextDecoder(Encoding.UTF8);

    assertThat(decoder.decode(new byte[] {(byte) 0x80, (byte) 0xbf, (byte) 0x80, 'a'}))
        .isEqualTo("\uFFFD\uFFFD\uFFFDa");
    assertThat(decoder.decode(new byte[] {(byte) 0xc3, 'b'})).isEqualTo("\uFFFDb");
    assertThat(decoder.finish()).isEmpty();
  }

  @Test
  void anythingFedInAnyPiecesGivesTheTextOfTheWhole() {
    Random random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte) (random.nextBoolean() ? 0x80 + random.nextInt(0x80) : random.nextInt(256));
      }
      TextDecoder decoder = new TextDecoder(Encoding.UTF8);
      StringBuilder text = new StringBuilder();
      for (byte b : bytes) {
        text.append(decoder.decode(new byte[] {b}));
      }
      text.append(decoder.finish());

      assertThat(text).hasToString(Encoding.UTF8.decode(bytes, 0, bytes.length));
    }
  }

  private static boolean endsInsideAPair(String text) {
    return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
  }
}
