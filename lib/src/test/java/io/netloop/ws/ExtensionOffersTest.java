package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionOffersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "a | a{}",
        "a,b | a{} b{}",
        "  a \t, b  | a{} b{}",
        "a;x | a{x=}",
        "a; x=1; y | a{x=1, y=}",
        "a;x=\"1\" | a{x=1}",
        "a; x = 1 | a{x=1}",
        "a;x;x | a null",
        "a;x=1;x=2, b;y | a null b{y=}",
        "a, a | a{} a{}",
        "!#$%&'*+-.^_`~ | !#$%&'*+-.^_`~{}"
      })
  void reads(String header, String expected) {
    ExtensionOffers read = ExtensionOffers.parse(header);
    assertThat(read).isNotNull();
    StringBuilder text = new StringBuilder();
    for (ExtensionOffers.Offer offer : read.offers()) {
      text.append(text.isEmpty() ? "" : " ").append(offer.name());
      text.append(offer.parameters() == null ? " null" : offer.parameters().toString());
    }
    assertThat(text).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "a,",
        ",a",
        "a;",
        "a;;b",
        "a;=1",
        "a;x=",
        "a;x=\"",
        "a;x=\"1",
        "a;x=\"\"",
        "a;x=\"1 2\"",
        "a;x=\"1\\\"\"",
        "a b",
        "a;x y",
        "a;x=1 2",
        "a;x==1",
        "a\"",
        "a/b",
        "ä",
        "a\u0000",
        "a\n"
      })
  void readsNothingElse(String header) {
    assertThat(ExtensionOffers.parse(header)).isNull();
  }

  @Test
  void knowsTokens() {
    for (char c = 0; c < 300; c++) {
      boolean expected = c > 32 && c < 127 && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
      assertThat(ExtensionOffers.isToken("a" + c)).describedAs("%d", (int) c).isEqualTo(expected);
    }
    assertThat(ExtensionOffers.isToken("")).isFalse();
  }

  @Test
  void endsQuicklyWithAHeaderMadeToTakeLong() {
    String offers = "a;".repeat(30_000) + "a";
    assertThat(ExtensionOffers.parse(offers)).isNotNull();
    assertThat(ExtensionOffers.parse("a;x=\"".repeat(30_000))).isNull();
  }
}
