package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NicknameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"a", "张三", "O'Brien", "a@b", "😀", "❤️", "名前", "Ünïcödé", "<b>", "a-b_c.d", "0"})
  void acceptsNames(String name) {
    assertThat(Nickname.accept(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" bob", "bob ", "\tbob\r\n", "\u3000bob\u00a0", "\ufeffbob", "\u2003bob\u2028"})
  void trimsAsJavaScriptDoes(String asked) {
    assertThat(Nickname.accept(asked)).isEqualTo("bob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "\u3000", "\ufeff", "\u2800"})
  void refusesNothing(String asked) {
    assertThat(Nickname.accept(asked)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"@", "@bob", " @bob"})
  void refusesAnAtSignAtTheStart(String asked) {
    assertThat(Nickname.accept(asked)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a\u3000b",
        "a\u00a0b",
        "a\tb",
        "a\nb",
        "a\r\nb",
        "a\u2028b",
        "a\u0085b",
        "a\u2800b"
      })
  void refusesBlanksAndLineEndsInside(String asked) {
    assertThat(Nickname.accept(asked)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\0", "\u001b[31mred", "a\u007f", "a\u009b", "a\u202eb", "a\u2066b", "a\u200b", "a\u200db",
        "a\u00adb", "a\u2060b", "a\ufeffb", "\ud83d", "a\udc00", "a\u034fb", "\u3164", "a\ufe0f",
        "a\ufe00", "1\ufe0f", "a\udb40\udd00", "a\udb40\udc41"
      })
  void refusesWhatCannotBeSeenOrCouldHarm(String asked) {
    assertThat(Nickname.accept(asked)).isNull();
  }

  @Test
  void counts32CharactersAsUnicodeDoes() {
    assertThat(Nickname.accept("x".repeat(32))).hasSize(32);
    assertThat(Nickname.accept("x".repeat(33))).isNull();
    assertThat(Nickname.accept("😀".repeat(32))).hasSize(64);
    assertThat(Nickname.accept("😀".repeat(33))).isNull();
    assertThat(Nickname.accept(" ".repeat(1000) + "x".repeat(32) + "\n")).hasSize(32);
  }

  @Test
  void countsInNormalForm() {
    assertThat(Nickname.accept("e\u0301".repeat(32))).isEqualTo("é".repeat(32));
    assertThat(Nickname.accept("e\u0301".repeat(33))).isNull();
    // The longest decompositions there are: four characters that become one.
    assertThat(Nickname.accept("\u03b1\u0313\u0300\u0345".repeat(32)))
        .isEqualTo("\u1f82".repeat(32));
  }

  @Test
  void knowsTheSameNameInItsForms() {
    assertThat(Nickname.accept("Zoe\u0308")).isEqualTo("Zoë");
    assertThat(Nickname.accept("\u212b")).isEqualTo("Å");
  }

  @Test
  void keepsLetterCase() {
    assertThat(Nickname.accept("Bob")).isEqualTo("Bob");
  }

  @Test
  void refusesLongTextsBeforeNormalizingThem() {
    assertThat(Nickname.accept("a" + "\u0345\u0301\u0323".repeat(20_000))).isNull();
  }

  @Property(tries = 3000)
  void acceptsItsOwnNamesUnchanged(@ForAll String asked) {
    String name = Nickname.accept(asked);
    if (name != null) {
      assertThat(Nickname.accept(name)).isEqualTo(name);
      assertThat(Nickname.accept(" " + name + "\n")).isEqualTo(name);
      assertThat(Harmless.text(name)).isSameAs(name);
    }
  }
}
