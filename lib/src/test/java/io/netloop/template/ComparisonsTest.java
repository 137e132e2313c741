package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is the same, equal, before or true, and of what type; expectations come from Node. */
class ComparisonsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{1 === 1}} → true
          {{1 === 1.0}} → true
          {{'1' === 1}} → false
          {{null === null}} → true
          {{undefined === null}} → false
          {{missing === undefined}} → true
          {{nul === null}} → true
          {{$imports.NaN === $imports.NaN}} → false
          {{0 === -0}} → true
          {{'a' === 'a'}} → true
          {{true === true}} → true
          {{true === 1}} → false
          {{[] === []}} → false
          {{l === l}} → true
          {{({}) === ({})}} → false
          {{o === o}} → true
          {{l[0] === 3}} → true
          {{rows[0] === rows[0]}} → true
          {{1 !== 1}} → false
          {{1 !== '1'}} → true
          {{null !== undefined}} → true
          {{$imports.NaN !== $imports.NaN}} → true
          {{s === 'Hello, World'}} → true
          """)
  void valuesAreComparedStrictly(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{1 == '1'}} → true
          {{1 == true}} → true
          {{0 == ''}} → true
          {{0 == '0'}} → true
          {{'' == '0'}} → false
          {{false == '0'}} → true
          {{false == ''}} → true
          {{null == undefined}} → true
          {{null == 0}} → false
          {{null == false}} → false
          {{undefined == 0}} → false
          {{undefined == ''}} → false
          {{[] == ''}} → true
          {{[] == 0}} → true
          {{[] == false}} → true
          {{[1] == 1}} → true
          {{[1, 2] == '1,2'}} → true
          {{[null] == ''}} → true
          {{({}) == '[object Object]'}} → true
          {{[] == []}} → false
          {{l == l}} → true
          {{$imports.NaN == $imports.NaN}} → false
          {{' 1 ' == 1}} → true
          {{'x' == 1}} → false
          {{true == 'true'}} → false
          {{true == '1'}} → true
          {{1 != '1'}} → false
          {{null != undefined}} → false
          {{null != 0}} → true
          {{[] != ''}} → false
          {{missing == null}} → true
          {{nul == undefined}} → true
          {{no == 0}} → true
          {{yes == 1}} → true
          {{'a' == 'b'}} → false
          {{1 == 2}} → false
          {{null == []}} → false
          {{[] == undefined}} → false
          """)
  void valuesAreComparedLoosely(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{1 < 2}} → true
          {{2 < 1}} → false
          {{1 < 1}} → false
          {{1 <= 1}} → true
          {{2 > 1}} → true
          {{1 >= 2}} → false
          {{'a' < 'b'}} → true
          {{'B' < 'a'}} → true
          {{'10' < '9'}} → true
          {{10 < '9'}} → false
          {{'10' < 9}} → false
          {{'a' < 1}} → false
          {{'a' > 1}} → false
          {{'a' <= 1}} → false
          {{'' < 'a'}} → true
          {{'a' < 'aa'}} → true
          {{null < 1}} → true
          {{null >= 0}} → true
          {{null <= 0}} → true
          {{null > 0}} → false
          {{undefined < 1}} → false
          {{undefined >= 0}} → false
          {{true > false}} → true
          {{true >= 1}} → true
          {{[2] > 1}} → true
          {{[1, 2] < [1, 3]}} → true
          {{({}) < ({})}} → false
          {{({}) <= ({})}} → true
          {{$imports.NaN >= $imports.NaN}} → false
          {{-1 < 0}} → true
          {{0 < -0}} → false
          {{0 >= -0}} → true
          {{1e21 > 1e20}} → true
          {{0.1 < 0.2}} → true
          {{'é' > 'z'}} → true
          {{'你' > 'z'}} → true
          {{f < z}} → true
          {{n > f}} → true
          {{s > t}} → true
          {{1 < 2 < 3}} → true
          {{3 > 2 > 1}} → false
          """)
  void valuesAreOrdered(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{!0}} → true
          {{!-0}} → true
          {{!1}} → false
          {{!''}} → true
          {{!'0'}} → false
          {{!' '}} → false
          {{!null}} → true
          {{!undefined}} → true
          {{!$imports.NaN}} → true
          {{![]}} → false
          {{!({})}} → false
          {{!(() => 1)}} → false
          {{!!missing}} → false
          {{!!l}} → true
          {{!!e}} → false
          {{!!0.1}} → true
          {{!'false'}} → false
          {{0 && 1}} → 0
          {{1 && 2}} → 2
          {{@null && 1}} → null
          {{'' && 1}}. → .
          {{0 || 1}} → 1
          {{'' || 'x'}} → x
          {{null || undefined || 'y'}} → y
          {{0 ?? 1}} → 0
          {{'' ?? 1}}. → .
          {{null ?? 1}} → 1
          {{undefined ?? 'z'}} → z
          {{no ?? 1}} → false
          {{missing ?? nul ?? 'end'}} → end
          {{@$imports.NaN || 0}} → 0
          {{@$imports.NaN ?? 0}} → NaN
          {{1 ? 'a' : 'b'}} → a
          {{0 ? 'a' : 'b'}} → b
          {{'' ? 1 : null ? 2 : 3}} → 3
          {{yes ? no ? 1 : 2 : 3}} → 2
          {{[] ? 'list' : 'none'}} → list
          {{(yes && n) > 2}} → true
          {{(no || n) + 1}} → 4
          {{!(yes && no) || z}} → true
          {{if 0}}a{{else if ''}}b{{else if null}}c{{else if []}}d{{else}}e{{/if}} → d
          {{if !n}}x{{else}}y{{/if}} → y
          {{if n && f}}x{{/if}} → x
          {{if z || e}}x{{/if}} → ¦¦
          {{if n > 2 && n < 4}}x{{/if}} → x
          {{if n === 3}}x{{/if}} → x
          {{if n === 3.0}}x{{/if}} → x
          {{if f === -7}}x{{/if}} → ¦¦
          <% var q; q ??= 1; q ||= 2; q &&= 3 %>{{q}} → 3
          <% var r = 0; r ||= 5; r &&= 0; r ??= 9 %>{{r}} → 0
          <% var p = {}; p.a ??= 1; p.a ??= 2; p.b ||= 3; p.a &&= 4 %>{{p.a}}{{p.b}} → 43
          """)
  void truthDecides(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{typeof 1}} → number
          {{typeof 'a'}} → string
          {{typeof true}} → boolean
          {{typeof null}} → object
          {{typeof undefined}} → undefined
          {{typeof missing}} → undefined
          {{typeof []}} → object
          {{typeof ({})}} → object
          {{typeof (() => 1)}} → function
          {{typeof $imports.Math}} → object
          {{typeof $imports.String}} → function
          {{typeof /a/}} → object
          {{typeof typeof 1}} → string
          {{typeof l.length}} → number
          {{typeof -1}} → number
          {{void 0 === undefined}} → true
          {{typeof void 'x'}} → undefined
          {{+'5' + +'6'}} → 11
          {{- -3}} → 3
          {{-'3'}} → -3
          {{@-'x'}} → NaN
          {{-null}} → 0
          {{@-undefined}} → NaN
          {{-true}} → -1
          {{-[5]}} → -5
          {{- -0}} → 0
          {{-2147483648}} → -2147483648
          {{-(-2147483648)}} → 2147483648
          {{+[]}} → 0
          {{!-1}} → false
          {{-n}} → -3
          {{-f}} → 7.25
          {{@-s}} → NaN
          {{[] instanceof $imports.Array}} → true
          {{[] instanceof $imports.Object}} → true
          {{({}) instanceof $imports.Object}} → true
          {{({}) instanceof $imports.Array}} → false
          {{'a' instanceof $imports.Object}} → false
          {{(/a/) instanceof $imports.RegExp}} → true
          {{new $imports.Date(0) instanceof $imports.Date}} → true
          {{1 instanceof $imports.Object}} → false
          {{(() => 1) instanceof $imports.Object}} → true
          {{new $imports.Error('x') instanceof $imports.Error}} → true
          {{null instanceof $imports.Object}} → false
          {{'k' in o}} → true
          {{'x' in o}} → false
          {{10 in o}} → true
          {{0 in l}} → true
          {{3 in l}} → false
          {{'length' in l}} → true
          {{'a' in {a: undefined} }} → true
          {{'id' in rows[0]}} → true
          {{!('k' in o)}} → false
          {{'PI' in $imports.Math}} → true
          {{'nope' in $imports.Math}} → false
          """)
  void typesAreNamed(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
