package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators and what they make of values of other kinds; expectations come from Node. */
class OperatorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{1 + 2}} → 3
          {{'1' + 2}} → 12
          {{1 + '2'}} → 12
          {{1 + 2 + '3'}} → 33
          {{'1' + 2 + 3}} → 123
          {{1 + null}} → 1
          {{@1 + undefined}} → NaN
          {{1 + true}} → 2
          {{'x' + null}} → xnull
          {{'x' + undefined}} → xundefined
          {{'x' + true}} → xtrue
          {{[] + []}}. → .
          {{[] + 1}} → 1
          {{[1, 2] + 3}} → 1,23
          {{({}) + 1}} → [object Object]1
          {{null + null}} → 0
          {{@undefined + undefined}} → NaN
          {{true + true}} → 2
          {{0.1 + 0.2}} → 0.30000000000000004
          {{'' + -0}} → 0
          {{'a' + [1, [2]]}} → a1,2
          {{'a' + ({})}} → a[object Object]
          {{nul + 1}} → 1
          {{@missing + 1}} → NaN
          {{n + f}} → -4.25
          {{s + n}} → Hello, World3
          {{big + 1}} → 1e+21
          {{o + ''}} → [object Object]
          {{l + ''}} → 3,1,2
          {{1e308 + 1e308 > 1e308}} → true
          """)
  void valuesAreAdded(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{5 - 3}} → 2
          {{'5' - 3}} → 2
          {{@'x' - 1}} → NaN
          {{null - 1}} → -1
          {{true - 1}} → 0
          {{@undefined - 1}} → NaN
          {{[] - 1}} → -1
          {{[5] - 1}} → 4
          {{@[1, 2] - 1}} → NaN
          {{@({}) - 1}} → NaN
          {{-5 - -3}} → -2
          {{0 - 0}} → 0
          {{3 * 4}} → 12
          {{'3' * '4'}} → 12
          {{null * 5}} → 0
          {{@undefined * 5}} → NaN
          {{true * 5}} → 5
          {{[2] * 3}} → 6
          {{@'a' * 1}} → NaN
          {{-3 * 0}} → 0
          {{0.1 * 3}} → 0.30000000000000004
          {{1e200 * 1e200 == 1 / 0}} → true
          {{100000 * 100000}} → 10000000000
          {{6 / 3}} → 2
          {{1 / 2}} → 0.5
          {{@1 / 0}} → Infinity
          {{@-1 / 0}} → -Infinity
          {{@0 / 0}} → NaN
          {{'6' / '3'}} → 2
          {{null / 2}} → 0
          {{@undefined / 2}} → NaN
          {{7 / 2}} → 3.5
          {{@5 / null}} → Infinity
          {{1 / 3 * 3}} → 1
          {{7 % 3}} → 1
          {{-7 % 3}} → -1
          {{7 % -3}} → 1
          {{@7 % 0}} → NaN
          {{5.5 % 2}} → 1.5
          {{'7' % '4'}} → 3
          {{@undefined % 2}} → NaN
          {{0 % 5}} → 0
          {{null % 5}} → 0
          {{@5 % null}} → NaN
          {{1e21 % 7}} → 6
          {{2147483648 % 10}} → 8
          {{@1 / (-4 % 2)}} → -Infinity
          """)
  void valuesAreSubtractedMultipliedAndDivided(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{5 & 3}} → 1
          {{5 ^ 3}} → 6
          {{~5}} → -6
          {{~~5.9}} → 5
          {{~-1}} → 0
          {{'5' & 3}} → 1
          {{null & 1}} → 0
          {{undefined ^ 1}} → 1
          {{1.9 ^ 0}} → 1
          {{-1.9 ^ 0}} → -1
          {{4294967296 ^ 0}} → 0
          {{4294967295 ^ 0}} → -1
          {{1e21 ^ 0}} → -559939584
          {{-1e10 ^ 0}} → -1410065408
          {{$imports.NaN ^ 0}} → 0
          {{$imports.Infinity ^ 0}} → 0
          {{1 << 3}} → 8
          {{1 << 31}} → -2147483648
          {{1 << 32}} → 1
          {{1 << 33}} → 2
          {{1 << -1}} → -2147483648
          {{-8 >> 1}} → -4
          {{-8 >>> 1}} → 2147483644
          {{-1 >>> 0}} → 4294967295
          {{-1 >>> 31}} → 1
          {{8 >> 33}} → 4
          {{'8' >> '1'}} → 4
          {{8 >>> 32}} → 8
          {{2147483648 >> 0}} → -2147483648
          {{true << 2}} → 4
          <% var i = 6; i |= 1; i &= 5; i ^= 2; i <<= 2; i >>= 1; i >>>= 1 %>{{i}} → 7
          <% var k = 10; k -= 3; k *= 4; k /= 2; k %= 5; k **= 2; k += 'x' %>{{k}} → 16x
          """)
  void bitsAreCombined(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% var i = 1 %>{{i++}}{{i}}{{++i}}{{i--}}{{--i}}{{i}} → 123311
          <% var t1 = '5' %>{{t1++}}{{t1}} → 56
          <% var u1 %>{{@u1++}} {{@u1}} → NaN NaN
          <% var b1 = true; b1++ %>{{b1}} → 2
          <% var d1 = 0.5; d1-- %>{{d1}} → -0.5
          <% var a = {x: 1, l: [1, 2]}; a.x++; a['x'] += 2; ++a.l[0]; a.l[1] *= 5; a.y = a.z = 7; \
          a['k' + 1] = 'd' %>{{@$imports.JSON.stringify(a)}} → \
          {"x":4,"l":[2,10],"z":7,"y":7,"k1":"d"}
          {{o.k = 'new'}}{{o.k}} → newnew
          {{o['x y'] = 1}}{{o['x y']}} → 11
          {{delete o.k}} {{'k' in o}} {{delete o.nope}} {{delete o['x y']}} \
          {{@$imports.JSON.stringify(o)}} → true false true true {"9":"nine","10":"ten","n":1}
          {{n = 7}} {{n}} {{$data.n}} {{n += 1}} {{n -= 2}} {{n++}} {{n}} → 7 7 3 8 6 6 7
          {{(1, 2, 3)}} → 3
          {{(n = 1, n + 1)}} → 2
          <% var x = y = 3 %>{{x}}{{y}} → 33
          <% var c = 0; function f1() { c++; return {v: 1} } f1().v += 5; f1()['v']++ %>{{c}} → 2
          <% var order = ''; function g(p) { order += p; return p } g('a') + g('b') * g('c') \
          %>{{order}} → abc
          """)
  void valuesAreChangedInPlace(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{1 + 2 * 3}} → 7
          {{(1 + 2) * 3}} → 9
          {{2 * 3 + 4 * 5}} → 26
          {{10 - 2 - 3}} → 5
          {{100 / 10 / 2}} → 5
          {{2 ** 3 ** 2}} → 512
          {{(2 ** 3) ** 2}} → 64
          {{-(2 ** 2)}} → -4
          {{1 + 2 + '3' + 4 + 5}} → 3345
          {{1 < 2 == true}} → true
          {{1 + 1 == 2 && 2 + 2 == 4}} → true
          {{true || false && false}} → true
          {{(true || false) && false}} → false
          {{1 || 0 && 0}} → 1
          {{5 & 6 == 6}} → 1
          {{1 + 1 << 2}} → 8
          {{8 >> 1 + 1}} → 2
          {{5 ^ 3 & 1}} → 4
          {{!1 + 1}} → 1
          {{-2 * -3}} → 6
          {{typeof 1 + 1}} → number1
          {{3 > 2 ? 1 + 1 : 0}} → 2
          {{1 ? 2 ? 3 : 4 : 5}} → 3
          {{0 ? 1 : 0 ? 2 : 3}} → 3
          {{7 - 3 % 2}} → 6
          {{2 + 3 + 'a' + 2 * 3}} → 5a6
          {{!n == 0}} → true
          {{!(n == 0)}} → true
          {{n?1:2}} → 1
          {{n ?.5:1}} → 0.5
          {{a1 = n > 1 ? 'big' : 'small'}} → big
          {{x1 = 1, y1 = 2}} → 1
          {{1, 2}} → 1
          """)
  void precedenceIsThatOfTheLanguage(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{deep.a.b.c}} → x
          {{deep?.a?.b?.c}} → x
          [{{deep.x?.b.c.d}}] → []
          [{{missing?.a.b.c}}] → []
          [{{missing?.[0]}}] → []
          [{{missing?.(1)}}] → []
          [{{nul?.a}}] → []
          [{{deep.a.x?.()}}] → []
          {{deep?.['a'].b['c']}} → x
          [{{missing?.a[0]()}}] → []
          {{o?.k.length}} → 1
          [{{@missing?.x}}] → [undefined]
          {{s?.length}} → 12
          {{s?.toUpperCase?.()}} → HELLO, WORLD
          [{{s.nope?.()}}] → []
          [{{s?.nope?.(1).x}}] → []
          {{l?.[0]}} → 3
          {{l?.map?.(x => x).length}} → 3
          {{(missing?.x) === undefined}} → true
          {{(missing?.a.b)?.c === undefined}} → true
          [{{o.nope?.k.x}}] → []
          {{deep.a?.b.c.length}} → 1
          """)
  void partsThatMayBeMissingAreSkipped(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
