package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HarmlessTest {
  @Test
  void leavesCleanTextAlone() {
    String text = "Hello, 你好 é 😀 ❤️ «quoted» \\u001b";
    assertThat(Harmless.text(text)).isSameAs(text);
    assertThat(Harmless.text("")).isEmpty();
  }

  @Test
  void showsControlCharactersAsPictures() {
    assertThat(Harmless.text("\u001b[31mred\u0007\r\n\t\0\u007f")).isEqualTo("␛[31mred␇␍␊␉␀␡");
  }

  @Test
  void keepsWhatIsAroundThem() {
    assertThat(Harmless.text("你\u001b😀")).isEqualTo("你␛😀");
  }

  @ParameterizedTest
  @CsvSource({
    "0080", "0085", "009b", "009f", "00ad", "061c", "180e", "200b", "200c", "200d", "200e", "200f",
    "2028", "2029", "202a", "202b", "202c", "202d", "202e", "2060", "2061", "2064", "2066", "2067",
    "2068", "2069", "206a", "feff", "fff9", "115f", "3164", "ffa0", "034f", "d800", "dbff", "dc00",
    "dfff"
  })
  void showsOtherDangerousCharactersAsEscapes(String hex) {
    char c = (char) Integer.parseInt(hex, 16);
    assertThat(Harmless.text("a" + c + "b")).isEqualTo("a\\u" + hex + "b");
    assertThat(Harmless.text("" + c)).isEqualTo("\\u" + hex);
  }

  @Test
  void neutralisesEveryControlCharacter() {
    for (int c = 0; c < 0xa0; c++) {
      String text = Harmless.text("x" + (char) c);
      if (Character.isISOControl(c)) {
        assertThat(text).doesNotContain(String.valueOf((char) c));
      } else {
        assertThat(text).isEqualTo("x" + (char) c);
      }
    }
  }

  @Test
  void showsTagCharactersAsEscapes() {
    assertThat(Harmless.text("a" + Character.toString(0xe0041))).isEqualTo("a\\u{e0041}");
    assertThat(Harmless.text("a" + Character.toString(0xe0100))).isEqualTo("a\\u{e0100}");
  }

  @Test
  void keepsJoinersThatMakeOneEmojiOfTwo() {
    String family = "👨\u200d👩\u200d👧";
    String heart = "❤\ufe0f\u200d🔥";
    String skin = "👩🏽\u200d🚀";
    assertThat(Harmless.text(family + heart + skin)).isEqualTo(family + heart + skin);
  }

  @Test
  void showsJoinersBetweenAnythingElse() {
    assertThat(Harmless.text("a\u200d😀")).isEqualTo("a\\u200d😀");
    assertThat(Harmless.text("😀\u200da")).isEqualTo("😀\\u200da");
    assertThat(Harmless.text("😀\u200d\u200d😀")).isEqualTo("😀\\u200d\\u200d😀");
    assertThat(Harmless.text("\ufe0f\u200d😀")).isEqualTo("\ufe0f\\u200d😀");
    assertThat(Harmless.text("😀\u200d")).isEqualTo("😀\\u200d");
  }

  @Property(tries = 3000)
  void neverLetsADangerousCharacterThrough(@ForAll String text) {
    String shown = Harmless.text(text);
    assertThat(shown.codePoints().filter(c -> c != 0x200d).noneMatch(Harmless::dangerous)).isTrue();
    assertThat(Harmless.text(shown)).isEqualTo(shown);
  }
}
