package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regular expressions of JavaScript; expectations come from Node. */
class PatternsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@'a1 _-'.match(/\\w/g)}} → a,1,_
          {{@'a1 _-'.match(/\\W/g).length}} → 2
          {{@'a1b2'.match(/\\d/g)}} → 1,2
          {{@'a1b2'.match(/\\D/g)}} → a,b
          {{'a \\t\\u00a0\\ufeffb'.replace(/\\s/g, '').length}} → 2
          {{'a b'.match(/\\S+/)[0]}} → a
          {{@'abcxyz'.match(/[a-cx]/g)}} → a,b,c,x
          {{@'abc'.match(/[^ab]/g)}} → c
          {{@'a-b'.match(/[a\\-]/g)}} → a,-
          {{@'a]b'.match(/[\\]]/)[0]}} → ]
          {{@'a^b'.match(/[b^]/g)}} → ^,b
          {{@'[x]'.match(/[[x]/g)}} → [,x
          {{@'a&&b'.match(/[a&&b]/g)}} → a,&,&,b
          {{@'ä1'.match(/\\w/g)}} → 1
          {{@'é'.match(/[à-ÿ]/)}} → é
          {{'x'.match(/[]/)}}. → .
          {{@'x'.match(/[^]/)}} → x
          {{@'\\b'.match(/[\\b]/) !== null}} → true
          {{'a.b'.match(/[.]/).index}} → 1
          {{@'~'.match(/[~]/)}} → ~
          {{'a\\nb'.match(/a.b/)}}. → .
          {{'a\\nb'.match(/a.b/s) !== null}} → true
          {{'a\\rb'.match(/a.b/)}}. → .
          {{'a\\u2028b'.match(/a.b/)}}. → .
          {{'a\\u0085b'.match(/a.b/) !== null}} → true
          {{'你好'.match(/./g).length}} → 2
          {{'\\v\\0'.match(/\\v\\0/) !== null}} → true
          {{'\\f\\n\\r\\t'.match(/\\f\\n\\r\\t/) !== null}} → true
          """)
  void classesMatch(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@'aaa'.match(/a*/)}} → aaa
          {{@'aaa'.match(/a+?/)}} → a
          {{@'aaa'.match(/a{2}/)}} → aa
          {{@'aaa'.match(/a{2,}/)}} → aaa
          {{@'aaaa'.match(/a{1,3}/)}} → aaa
          {{@'aaaa'.match(/a{1,3}?/)}} → a
          {{@'b'.match(/a?b/)}} → b
          {{@'a{b}'.match(/{b}/)}} → {b}
          {{@'a{1'.match(/a{1/)}} → a{1
          {{@'{}'.match(/{}/)}} → {}
          {{@'a{,2}'.match(/a{,2}/)}} → a{,2}
          {{@'x{a}'.match(/x{a}/)}} → x{a}
          {{@'abab'.match(/(?:ab)+/)}} → abab
          {{@'abab'.match(/(ab)+/)}} → abab,ab
          {{@'aab'.match(/(a*)(b?)/)}} → aab,aa,b
          {{@'<a><b>'.match(/<.+?>/)}} → <a>
          {{@'<a><b>'.match(/<.+>/)}} → <a><b>
          """)
  void quantifiersRepeat(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{'a\\nb'.match(/^b/)}}. → .
          {{'a\\nb'.match(/^b/m) !== null}} → true
          {{'a\\nb'.match(/a$/)}}. → .
          {{'a\\nb'.match(/a$/m) !== null}} → true
          {{'a\\n'.match(/a$/)}}. → .
          {{@'a b'.match(/\\bb/)}} → b
          {{@'ab'.match(/\\Bb/)}} → b
          {{'a\\r\\nb'.replace(/^/gm, '>').split('>').length}} → 4
          {{'a\\u2028b'.match(/^b/m) !== null}} → true
          {{@'ab12'.match(/[a-z]+(?=\\d)/)}} → ab
          {{@'abc'.match(/a(?!b)/)}} → null
          {{@'$12'.match(/(?<=\\$)\\d+/)}} → 12
          {{@'a12'.match(/(?<!a)\\d/)}} → 2
          {{@'aXb'.replace(/(?<x>X)/, '[$1]')}} → a[X]b
          {{@'abab'.match(/(?<p>ab)\\k<p>/)}} → abab,ab
          {{@'aa'.match(/(a)\\1/)}} → aa,a
          {{@'ab'.match(/(a)\\1/)}} → null
          """)
  void placesMatch(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@'aAa'.match(/a/gi)}} → a,A,a
          {{'ÄÖ'.match(/ä/i) !== null}} → true
          {{'\\u{1D11E}'.match(/^.$/u) !== null}} → true
          {{'ABC'.replace(/b/i, '.')}} → A.C
          {{@'aaba'.match(/a/gy)}} → a,a
          {{'ba'.match(/a/y)}}. → .
          """)
  void flagsChangeTheSearch(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{'a.b*c'.match(/a\\.b\\*c/) !== null}} → true
          {{'A'.match(/\\x41/) !== null}} → true
          {{'A'.match(/\\u0041/) !== null}} → true
          {{'u12'.match(/\\u12/) !== null}} → true
          {{'x1'.match(/\\x1/) !== null}} → true
          {{'/'.match(/\\//) !== null}} → true
          {{'-'.match(/\\-/) !== null}} → true
          {{'a'.match(/\\a/) !== null}} → true
          {{'@'.match(/\\@/) !== null}} → true
          {{'q'.match(/\\q/) !== null}} → true
          {{'ä'.match(/\\ä/) !== null}} → true
          {{'#'.match(/#/) !== null}} → true
          {{' '.match(/ /) !== null}} → true
          {{'}'.match(/}/) !== null}} → true
          {{']'.match(/]/) !== null}} → true
          {{'a|b'.split(/\\|/).length}} → 2
          {{@'a|b'.match(/a|b/g)}} → a,b
          {{@'ab'.match(/a|ab/)}} → a
          {{'(x)'.replace(/[()]/g, '')}} → x
          {{'a/b'.split(/[/]/).length}} → 2
          {{'\\\\'.match(/\\\\/) !== null}} → true
          {{@'"'.match(/"/)}} → "
          {{@"'".match(/'/)}} → '
          """)
  void escapesMeanThemselves(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
