package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {

  @ParameterizedTest
  @CsvSource({
    "utf8, UTF8",
    "utf-8, UTF8",
    "UTF8, UTF8",
    "Utf-8, UTF8",
    "utf16le, UTF16LE",
    "utf-16le, UTF16LE",
    "ucs2, UTF16LE",
    "ucs-2, UTF16LE",
    "UCS2, UTF16LE",
    "latin1, LATIN1",
    "binary, LATIN1",
    "Latin1, LATIN1",
    "ascii, ASCII",
    "ASCII, ASCII",
    "hex, HEX",
    "HEX, HEX",
    "base64, BASE64",
    "Base64, BASE64",
    "base64url, BASE64URL",
    "BASE64URL, BASE64URL"
  })
  void knowsNodesNamesInAnyLetterCase(String name, Encoding encoding) {
    assertThat(Encoding.of(name)).isEqualTo(encoding);
  }

  @ParameterizedTest
  @ValueSource(strings = {"utf7", "utf_8", "utf 8", "latin-1", "iso-8859-1", "base-64", "x", ""})
  void knowsNoOtherName(String name) {
    assertThat(Encoding.of(name)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "UTF8, 'é你😀', c3a9e4bda0f09f9880",
    "UTF8, '', ''",
    "UTF16LE, 'aé你😀', 6100e900604f3dd800de",
    "LATIN1, 'aéÿ', 61e9ff",
    "LATIN1, '你', 60",
    "ASCII, 'aé', 61e9",
    "HEX, '00fFA0', 00ffa0",
    "BASE64, 'AQIDBAU=', 0102030405",
    "BASE64URL, '-_-_', fbffbf"
  })
  void encodes(Encoding encoding, String text, String bytes) {
    assertThat(hex(encoding.encode(text))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF8, c3a9e4bda0f09f9880, 'é你😀'",
    "UTF8, 61ff62, 'a\uFFFDb'",
    "UTF16LE, 6100604f, 'a你'",
    "UTF16LE, 610060, 'a'",
    "LATIN1, 61e9ff, 'aéÿ'",
    "ASCII, 61e9ff, 'ai\u007f'",
    "HEX, 00ffa0, 00ffa0",
    "BASE64, 0102030405, 'AQIDBAU='",
    "BASE64, fbffbf, '+/+/'",
    "BASE64URL, fbffbf01, '-_-_AQ'"
  })
  void decodes(Encoding encoding, String bytes, String text) {
    byte[] all = HexFormat.of().parseHex(bytes);

    assertThat(encoding.decode(all, 0, all.length)).isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource
  void decodesOnlyTheRangeAskedFor(Encoding encoding) {
    byte[] whole = "....ab12....".getBytes(StandardCharsets.US_ASCII);
    byte[] part = "ab12".getBytes(StandardCharsets.US_ASCII);

    assertThat(encoding.decode(whole, 4, 4)).isEqualTo(encoding.decode(part, 0, 4));
    assertThat(encoding.decode(whole, 4, 0)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "z, ''",
    "0, ''",
    "abc, ab",
    "abxx12, ab",
    "abxcd, ab",
    "'ab cd', ab",
    "xxab, ''"
  })
  void hexTextCountsUpToItsFirstBadPair(String text, String bytes) {
    assertThat(hex(Encoding.HEX.encode(text))).isEqualTo(bytes);
  }

  @Test
  void hexTextTakesNoDigitsButTheAsciiOnes() {
    assertThat(Encoding.HEX.encode("\uff11\uff12")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "AQID, 010203",
    "AQ ID, 010203",
    "'A\nQ\tI*D', 010203",
    "AQID=AAA, 010203",
    "AQIDBA, 01020304",
    "AQIDBA==, 01020304",
    "A, ''",
    "AQ, 01",
    "'', ''",
    "=, ''",
    "-_+/, fbffbf",
    "'你AQID', 010203"
  })
  void base64TextIsTakenWithAllItsFaults(String text, String bytes) {
    assertThat(hex(Encoding.BASE64.encode(text))).isEqualTo(bytes);
    assertThat(hex(Encoding.BASE64URL.encode(text))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource(names = {"LATIN1", "HEX", "BASE64", "BASE64URL"})
  void bringsAllBytesBack(Encoding encoding) {
    Random random = new Random(1);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);

      assertThat(encoding.encode(encoding.decode(bytes, 0, length))).isEqualTo(bytes);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
