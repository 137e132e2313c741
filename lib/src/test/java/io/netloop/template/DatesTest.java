package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Date of JavaScript, as far as templates read it; expectations come from Node. */
class DatesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{new $imports.Date(0).toISOString()}} → 1970-01-01T00:00:00.000Z
          {{new $imports.Date(1e12).toISOString()}} → 2001-09-09T01:46:40.000Z
          {{new $imports.Date(-1).toISOString()}} → 1969-12-31T23:59:59.999Z
          {{new $imports.Date('2026-11-25').toISOString()}} → 2026-11-25T00:00:00.000Z
          {{new $imports.Date('2026-11-25T10:20:30Z').getTime()}} → 1795602030000
          {{new $imports.Date('2026-11-25T10:20:30.125Z').toISOString()}} → 2026-11-25T10:20:30.125Z
          {{new $imports.Date('2026-11-25T10:20:30+02:00').toISOString()}} → \
          2026-11-25T08:20:30.000Z
          {{new $imports.Date(' 2026-11-25T10:20:30-05:30 ').getTime() === 1}} → false
          {{new $imports.Date('1969-12-31').getTime()}} → -86400000
          {{new $imports.Date('2024-02-29T00:00:00Z').getTime()}} → 1709164800000
          {{@new $imports.Date('x').getTime()}} → NaN
          {{@new $imports.Date('2026-13-01').getTime()}} → NaN
          {{@new $imports.Date($imports.NaN).getTime()}} → NaN
          {{@new $imports.Date(undefined).getTime()}} → NaN
          {{new $imports.Date(null).getTime()}} → 0
          {{new $imports.Date(true).getTime()}} → 1
          {{new $imports.Date(1.9).getTime()}} → 1
          {{new $imports.Date(-1.9).getTime()}} → -1
          {{new $imports.Date(8.64e15).getTime()}} → 8640000000000000
          {{@new $imports.Date(8.64e15 + 1).getTime()}} → NaN
          {{new $imports.Date(new $imports.Date(5)).getTime()}} → 5
          {{@new $imports.Date('').getTime()}} → NaN
          {{@new $imports.Date('24:00').getTime()}} → NaN
          {{new $imports.Date(253402300800000).toISOString()}} → +010000-01-01T00:00:00.000Z
          {{new $imports.Date(-62198755200000).toISOString()}} → -000001-01-01T00:00:00.000Z
          {{new $imports.Date(8.64e15).toISOString()}} → +275760-09-13T00:00:00.000Z
          {{new $imports.Date(-8.64e15).toISOString()}} → -271821-04-20T00:00:00.000Z
          {{new $imports.Date(-62167219200000).toISOString()}} → 0000-01-01T00:00:00.000Z
          {{$imports.Date.parse('2026-11-25')}} → 1795564800000
          {{@$imports.Date.parse('nope')}} → NaN
          {{$imports.Date.now() > 1e12}} → true
          {{$imports.Date.now() <= $imports.Date.now() + 1}} → true
          {{typeof $imports.Date.now()}} → number
          {{typeof $imports.Date()}} → string
          {{typeof new $imports.Date()}} → object
          {{new $imports.Date().getTime() > 1e12}} → true
          """)
  void momentsAreRead(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{set d = new $imports.Date('2026-11-25T10:20:30.456Z')}}{{d.getUTCFullYear()}}-{{d.getUTCMonth()}}-{{d.getUTCDate()}} {{d.getUTCDay()}} {{d.getUTCHours()}}:{{d.getUTCMinutes()}}:{{d.getUTCSeconds()}}.{{d.getUTCMilliseconds()}} {{d.getTime()}} {{d.valueOf()}} {{d.toJSON()}} {{typeof d.getFullYear()}} {{typeof d.getTimezoneOffset()}} {{typeof d.getTime}} {{typeof d.nope}} {{d.getDay() === d.getDay()}} → 2026-10-25 3 10:20:30.456 1795602030456 1795602030456 2026-11-25T10:20:30.456Z number number function undefined true
          {{new $imports.Date('2023-01-01').getUTCDay()}} → 0
          {{new $imports.Date('2023-01-07').getUTCDay()}} → 6
          {{new $imports.Date('2000-02-29').getUTCDate()}} → 29
          {{@new $imports.Date($imports.NaN).getUTCFullYear()}} → NaN
          {{@new $imports.Date($imports.NaN).getDay()}} → NaN
          {{@new $imports.Date($imports.NaN).toJSON()}} → null
          {{new $imports.Date($imports.NaN) + ''}} → Invalid Date
          {{@new $imports.Date($imports.NaN).valueOf()}} → NaN
          """)
  void momentsHaveParts(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{new $imports.Date(5) - new $imports.Date(3)}} → 2
          {{new $imports.Date(5) > new $imports.Date(3)}} → true
          {{new $imports.Date(5) < 6}} → true
          {{+new $imports.Date(7)}} → 7
          {{new $imports.Date(5) * 2}} → 10
          {{new $imports.Date(5) == new $imports.Date(5)}} → false
          {{new $imports.Date(5).getTime() == new $imports.Date(5).getTime()}} → true
          {{new $imports.Date(5) >= 5}} → true
          {{$imports.Number(new $imports.Date(9))}} → 9
          {{$imports.Math.max(new $imports.Date(9), 8)}} → 9
          {{!new $imports.Date(0)}} → false
          {{typeof (new $imports.Date(0) + 1)}} → string
          {{$imports.Object.keys(new $imports.Date(0)).length}} → 0
          {{[new $imports.Date(3), new $imports.Date(1)].sort((a, b) => a - b)[0].getTime()}} → 1
          {{new $imports.Date(0)}} → &#34;1970-01-01T00:00:00.000Z&#34;
          {{ {d: new $imports.Date(0)} }} → {&#34;d&#34;:&#34;1970-01-01T00:00:00.000Z&#34;}
          {{[new $imports.Date(0)]}} → [&#34;1970-01-01T00:00:00.000Z&#34;]
          """)
  void momentsAreComparedAndCounted(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{new $imports.Date(2026, 10, 25).getFullYear()}} → 2026
          {{new $imports.Date(2026, 10, 25).getMonth()}} → 10
          {{new $imports.Date(2026, 10, 25).getDate()}} → 25
          {{new $imports.Date(2026, 0, 1, 10, 20, 30, 40).getHours()}} → 10
          {{new $imports.Date(2026, 0, 1, 10, 20, 30, 40).getMinutes()}} → 20
          {{new $imports.Date(2026, 0, 1, 10, 20, 30, 40).getSeconds()}} → 30
          {{new $imports.Date(2026, 0, 1, 10, 20, 30, 40).getMilliseconds()}} → 40
          {{new $imports.Date(2026, 12, 1).getFullYear()}} → 2027
          {{new $imports.Date(2026, -1, 1).getMonth()}} → 11
          {{new $imports.Date(2026, 1, 30).getMonth()}} → 2
          {{new $imports.Date(2026, 0, 0).getDate()}} → 31
          {{new $imports.Date(99, 0).getFullYear()}} → 1999
          {{new $imports.Date(100, 0).getFullYear()}} → 100
          {{@new $imports.Date(2026, 'x').getTime()}} → NaN
          {{@new $imports.Date(2026, 1e300).getTime()}} → NaN
          {{@new $imports.Date(1e8, 0).getTime()}} → NaN
          {{new $imports.Date('2026-11-25T10:20').getHours()}} → 10
          {{new $imports.Date('2026-11-25T10:20:30').getSeconds()}} → 30
          {{new $imports.Date('2026-11-25 10:20:30').getMinutes()}} → 20
          """)
  void localMomentsAreMade(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
