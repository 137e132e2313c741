package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as JavaScript reads and writes them; expectations come from Node. */
class NumberRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{1}} → 1
          {{1.0}} → 1
          {{1.50}} → 1.5
          {{-1}} → -1
          {{0.1}} → 0.1
          {{.5}} → 0.5
          {{5.}} → 5
          {{0.1 + 0.2}} → 0.30000000000000004
          {{1 / 3}} → 0.3333333333333333
          {{2 / 3}} → 0.6666666666666666
          {{100 / 3}} → 33.333333333333336
          {{1e3}} → 1000
          {{1e20}} → 100000000000000000000
          {{1e21}} → 1e+21
          {{1.5e21}} → 1.5e+21
          {{123456789012345680000}} → 123456789012345680000
          {{1e100}} → 1e+100
          {{-1e21}} → -1e+21
          {{1.7976931348623157e308}} → 1.7976931348623157e+308
          {{5e-324}} → 5e-324
          {{1e-323}} → 1e-323
          {{1.5e-323}} → 1.5e-323
          {{2e-323}} → 2e-323
          {{2e23}} → 2e+23
          {{9e-324}} → 1e-323
          {{2.2250738585072014e-308}} → 2.2250738585072014e-308
          {{1e23}} → 1e+23
          {{4.4e-323}} → 4.4e-323
          {{1e-5}} → 0.00001
          {{1e-6}} → 0.000001
          {{1e-7}} → 1e-7
          {{1.5e-7}} → 1.5e-7
          {{0.000001}} → 0.000001
          {{0.0000012345}} → 0.0000012345
          {{0.00000012345}} → 1.2345e-7
          {{-1e-7}} → -1e-7
          {{0x1f}} → 31
          {{0XFF}} → 255
          {{0o17}} → 15
          {{0b101}} → 5
          {{0x7fffffff}} → 2147483647
          {{0xffffffff}} → 4294967295
          {{0x1fffffffffffff}} → 9007199254740991
          {{1E3}} → 1000
          {{1e+3}} → 1000
          {{1e-3}} → 0.001
          {{-0}} → 0
          {{0}} → 0
          {{1 / -0 < 0}} → true
          {{-0 === 0}} → true
          {{@-0 + ''}} → 0
          {{0 * -1}} → 0
          {{@1 / (0 * -1)}} → -Infinity
          {{@1 / -0}} → -Infinity
          {{@-1 / 0}} → -Infinity
          {{@0 / 0}} → NaN
          {{9007199254740991}} → 9007199254740991
          {{9007199254740993}} → 9007199254740992
          {{2147483647 + 1}} → 2147483648
          {{-2147483648 - 1}} → -2147483649
          {{2147483647 * 2}} → 4294967294
          {{65536 * 65536}} → 4294967296
          {{4294967295 + 1}} → 4294967296
          {{0.001}} → 0.001
          {{0.125}} → 0.125
          {{-0.125}} → -0.125
          {{12.34}} → 12.34
          {{1234.567}} → 1234.567
          {{1234.5678}} → 1234.5678
          {{99999.999}} → 99999.999
          {{0.5 + 0.25}} → 0.75
          {{3.10}} → 3.1
          {{1000000.001}} → 1000000.001
          {{123456.7891}} → 123456.7891
          {{4.35 * 100}} → 434.99999999999994
          {{1.005 * 1000}} → 1004.9999999999999
          {{1.1 + 2.2}} → 3.3000000000000003
          {{0.7 + 0.1}} → 0.7999999999999999
          {{0.3 - 0.1}} → 0.19999999999999998
          {{3 * 1.1}} → 3.3000000000000003
          {{9.95 * 3}} → 29.849999999999998
          {{1e16 + 1}} → 10000000000000000
          {{123e-20}} → 1.23e-18
          """)
  void numbersAreWrittenAsJavaScriptDoes(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{(1.005).toFixed(2)}} → 1.00
          {{(1.45).toFixed(1)}} → 1.4
          {{(8.345).toFixed(2)}} → 8.35
          {{(0.5).toFixed(0)}} → 1
          {{(1.5).toFixed(0)}} → 2
          {{(2.5).toFixed(0)}} → 3
          {{(-1.5).toFixed(0)}} → -2
          {{(0).toFixed(2)}} → 0.00
          {{(1).toFixed()}} → 1
          {{(1.23456).toFixed(3)}} → 1.235
          {{(-1.23456).toFixed(3)}} → -1.235
          {{(1e20).toFixed(2)}} → 100000000000000000000.00
          {{(1e21).toFixed(2)}} → 1e+21
          {{(0.000001).toFixed(7)}} → 0.0000010
          {{(-0.0000001).toFixed(2)}} → -0.00
          {{(123.456).toFixed(1)}} → 123.5
          {{(0.1).toFixed(20)}} → 0.10000000000000000555
          {{n.toFixed(2)}} → 3.00
          {{f.toFixed(1)}} → -7.3
          {{f.toFixed('1')}} → -7.3
          {{(10.235).toFixed(2)}} → 10.23
          {{@($imports.NaN).toFixed(2)}} → NaN
          {{@($imports.Infinity).toFixed(2)}} → Infinity
          {{(123.456).toPrecision(4)}} → 123.5
          {{(0.000123).toPrecision(2)}} → 0.00012
          {{(123456).toPrecision(2)}} → 1.2e+5
          {{(1e21).toPrecision(3)}} → 1.00e+21
          {{(0).toPrecision(3)}} → 0.00
          {{(0).toPrecision(1)}} → 0
          {{(5).toPrecision(1)}} → 5
          {{(1.25).toPrecision(2)}} → 1.3
          {{(1.35).toPrecision(2)}} → 1.4
          {{(-1.5).toPrecision(1)}} → -2
          {{(99.99).toPrecision(3)}} → 100
          {{(123.456).toPrecision()}} → 123.456
          {{(1e-7).toPrecision(3)}} → 1.00e-7
          {{(0.00001).toPrecision(1)}} → 0.00001
          {{(1e-6).toPrecision(2)}} → 0.0000010
          {{@($imports.NaN).toPrecision(2)}} → NaN
          {{@($imports.Infinity).toPrecision(200)}} → Infinity
          {{(123456789).toPrecision(9)}} → 123456789
          {{(123456789).toPrecision(8)}} → 1.2345679e+8
          """)
  void numbersAreWrittenWithSoManyDecimals(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{(255).toString(16)}} → ff
          {{(255).toString(2)}} → 11111111
          {{(-255).toString(36)}} → -73
          {{(0).toString(2)}} → 0
          {{(0.5).toString(2)}} → 0.1
          {{(0.1).toString(3)}} → 0.0022002200220022002200220022002201
          {{(255).toString()}} → 255
          {{(255).toString(undefined)}} → 255
          {{(3.75).toString(8)}} → 3.6
          {{(-0.75).toString(4)}} → -0.3
          {{(1e21).toString(16)}} → 3635c9adc5dea00000
          {{(1e21).toString(36)}} → 5v1j4f4ds7c000
          {{(123.456).toString(36)}} → 3f.gez4w97ry
          {{(0.1).toString(16)}} → 0.1999999999999a
          {{@($imports.NaN).toString(2)}} → NaN
          {{(35).toString(36)}} → z
          {{(2 ** 53).toString(2).length}} → 54
          {{(1 / 3).toString(2).length}} → 56
          {{(1 / 3).toString(3)}} → 0.1
          {{(0.9999999999).toString(7)}} → 0.6666666666654211464
          {{(0.9999999999999999).toString(3)}} → 0.222222222222222222222222222222222
          {{(1.9999999999999998).toString(36)}} → 1.zzzzzzzzzz
          {{(1.9999999999999998).toString(2).length}} → 54
          {{(0.99999999999999989).toString(5)}} → 0.44444444444444444444443
          {{(8.999999999999998).toString(9)}} → 8.8888888888888886
          {{(1e22).toString(3)}} → 10101101120122002111101201110222022000000000000
          {{(2 ** 60).toString(7)}} → 2031000661631341064200
          {{(-1e30).toString(16)}} → -c9f2c9cd04675000000000000
          {{(255).toString('16')}} → ff
          {{(1234567.891).toLocaleString()}} → 1,234,567.891
          {{(0).toLocaleString()}} → 0
          {{(-1234.5).toLocaleString()}} → -1,234.5
          {{(999).toLocaleString()}} → 999
          {{(1e9).toLocaleString()}} → 1,000,000,000
          {{(0.0004).toLocaleString()}} → 0
          {{(1.0005).toLocaleString()}} → 1.001
          {{(5).valueOf()}} → 5
          {{typeof (5).toFixed}} → function
          {{typeof (5).nope}} → undefined
          {{5..toString()}} → 5
          {{5 .toFixed(1)}} → 5.0
          """)
  void numbersAreWrittenInOtherRadixes(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{+'12'}} → 12
          {{+' 12 '}} → 12
          {{+'1.5e3'}} → 1500
          {{+'-1.5'}} → -1.5
          {{+'+5'}} → 5
          {{+'.5'}} → 0.5
          {{+'5.'}} → 5
          {{+''}} → 0
          {{+'  '}} → 0
          {{+'0x1F'}} → 31
          {{+'0b11'}} → 3
          {{+'0o17'}} → 15
          {{@+'1x'}} → NaN
          {{@+'x'}} → NaN
          {{@+'1 2'}} → NaN
          {{@+'-0x1F'}} → NaN
          {{@+'0x'}} → NaN
          {{@+'0xg'}} → NaN
          {{@+'1e'}} → NaN
          {{@+'1e+'}} → NaN
          {{@+'.'}} → NaN
          {{@+'+'}} → NaN
          {{@+'--1'}} → NaN
          {{@+'1_000'}} → NaN
          {{@+'Infinity'}} → Infinity
          {{@+'-Infinity'}} → -Infinity
          {{@+'infinity'}} → NaN
          {{@+'NaN'}} → NaN
          {{@+'1e1000'}} → Infinity
          {{@+'-1e1000'}} → -Infinity
          {{@+'1e-1000'}} → 0
          {{+'9007199254740993'}} → 9007199254740992
          {{+'\\n1\\t'}} → 1
          {{+true}} → 1
          {{+false}} → 0
          {{+null}} → 0
          {{@+undefined}} → NaN
          {{+[]}} → 0
          {{+[5]}} → 5
          {{@+[1, 2]}} → NaN
          {{@+{} }} → NaN
          {{+[[7]]}} → 7
          {{+['']}} → 0
          {{@+'你'}} → NaN
          {{$imports.parseInt('12px')}} → 12
          {{$imports.parseInt('  -12.9')}} → -12
          {{$imports.parseInt('0x1f')}} → 31
          {{$imports.parseInt('101', 2)}} → 5
          {{$imports.parseInt('z', 36)}} → 35
          {{$imports.parseInt('1f', 16)}} → 31
          {{$imports.parseInt('0x1f', 16)}} → 31
          {{$imports.parseInt('-0xf')}} → -15
          {{@$imports.parseInt('x')}} → NaN
          {{@$imports.parseInt('')}} → NaN
          {{@$imports.parseInt('12', 1)}} → NaN
          {{@$imports.parseInt('12', 37)}} → NaN
          {{$imports.parseInt('12', 0)}} → 12
          {{@$imports.parseInt('9', 8)}} → NaN
          {{$imports.parseInt('+7')}} → 7
          {{@$imports.parseInt('0x1f', 10)}} → 0
          {{@$imports.parseInt()}} → NaN
          {{$imports.parseInt(12.9)}} → 12
          {{$imports.parseInt('123456789012345678901234567890')}} → 1.2345678901234568e+29
          {{$imports.parseInt('12e3')}} → 12
          {{$imports.parseInt(null, 36)}} → 1112745
          {{$imports.parseInt('8', '10')}} → 8
          {{$imports.parseFloat('1.5abc')}} → 1.5
          {{$imports.parseFloat('-.5e2x')}} → -50
          {{$imports.parseFloat('1e')}} → 1
          {{$imports.parseFloat('1e5')}} → 100000
          {{$imports.parseFloat('1.2.3')}} → 1.2
          {{@$imports.parseFloat('x')}} → NaN
          {{@$imports.parseFloat('')}} → NaN
          {{@$imports.parseFloat('-')}} → NaN
          {{@$imports.parseFloat('Infinityx')}} → Infinity
          {{@$imports.parseFloat('-Infinity')}} → -Infinity
          {{$imports.parseFloat('  7 ')}} → 7
          {{$imports.parseFloat('5.')}} → 5
          {{@$imports.parseFloat('.')}} → NaN
          """)
  void textsBecomeNumbers(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{$imports.Number('12')}} → 12
          {{$imports.Number()}} → 0
          {{$imports.Number(null)}} → 0
          {{@$imports.Number(undefined)}} → NaN
          {{@$imports.Number('x')}} → NaN
          {{$imports.Number(true)}} → 1
          {{$imports.Number([5])}} → 5
          {{$imports.Number.isInteger(5)}} → true
          {{$imports.Number.isInteger(5.5)}} → false
          {{$imports.Number.isInteger('5')}} → false
          {{$imports.Number.isInteger(1e300)}} → true
          {{$imports.Number.isInteger($imports.NaN)}} → false
          {{$imports.Number.isInteger()}} → false
          {{$imports.Number.isNaN($imports.NaN)}} → true
          {{$imports.Number.isNaN('x')}} → false
          {{$imports.Number.isFinite(1)}} → true
          {{$imports.Number.isFinite('1')}} → false
          {{$imports.Number.isFinite($imports.Infinity)}} → false
          {{$imports.isNaN('x')}} → true
          {{$imports.isNaN('1')}} → false
          {{$imports.isNaN()}} → true
          {{$imports.isFinite('1')}} → true
          {{$imports.isFinite('x')}} → false
          {{$imports.isFinite(1 / 0)}} → false
          {{$imports.Number.MAX_SAFE_INTEGER}} → 9007199254740991
          {{$imports.Number.MIN_SAFE_INTEGER}} → -9007199254740991
          {{$imports.Number.parseInt('7x')}} → 7
          {{$imports.Number.parseFloat('7.5x')}} → 7.5
          {{@$imports.NaN}} → NaN
          {{@$imports.Infinity}} → Infinity
          {{$imports.NaN}} → null
          {{$imports.Math.max()}} → null
          {{@$imports.Math.max()}} → -Infinity
          {{@$imports.Math.min()}} → Infinity
          {{$imports.Math.max(1, 3, 2)}} → 3
          {{$imports.Math.min(1, 3, '0')}} → 0
          {{@$imports.Math.max(1, 'x')}} → NaN
          {{$imports.Math.max(null, -1)}} → 0
          {{@$imports.Math.min(1, undefined)}} → NaN
          {{$imports.Math.round(0.5)}} → 1
          {{$imports.Math.round(1.5)}} → 2
          {{$imports.Math.round(-0.5)}} → 0
          {{$imports.Math.round(-1.5)}} → -1
          {{$imports.Math.round(2.4)}} → 2
          {{$imports.Math.round('3.6')}} → 4
          {{@$imports.Math.round('x')}} → NaN
          {{$imports.Math.round(1e300)}} → 1e+300
          {{$imports.Math.round(0.49999999999999994)}} → 0
          {{@1 / $imports.Math.round(-0.2)}} → -Infinity
          {{$imports.Math.round(4503599627370495.5)}} → 4503599627370496
          {{$imports.Math.floor(-1.5)}} → -2
          {{$imports.Math.ceil(-1.5)}} → -1
          {{$imports.Math.trunc(-1.5)}} → -1
          {{$imports.Math.trunc(1.5)}} → 1
          {{$imports.Math.abs(-3)}} → 3
          {{$imports.Math.abs('-3')}} → 3
          {{$imports.Math.sign(-3)}} → -1
          {{$imports.Math.sign(0)}} → 0
          {{$imports.Math.sqrt(16)}} → 4
          {{@$imports.Math.sqrt(-1)}} → NaN
          {{$imports.Math.cbrt(27)}} → 3
          {{$imports.Math.pow(2, 10)}} → 1024
          {{$imports.Math.hypot(3, 4)}} → 5
          {{$imports.Math.exp(0)}} → 1
          {{$imports.Math.log(1)}} → 0
          {{@$imports.Math.log(0)}} → -Infinity
          {{$imports.Math.log2(8)}} → 3
          {{$imports.Math.log10(1000)}} → 3
          {{$imports.Math.sin(0)}} → 0
          {{$imports.Math.cos(0)}} → 1
          {{$imports.Math.tan(0)}} → 0
          {{$imports.Math.atan(0)}} → 0
          {{$imports.Math.atan2(0, 1)}} → 0
          {{$imports.Math.PI}} → 3.141592653589793
          {{$imports.Math.E}} → 2.718281828459045
          {{$imports.Math.random() < 1}} → true
          {{2 ** 10}} → 1024
          {{2 ** -1}} → 0.5
          {{2 ** 3 ** 2}} → 512
          {{(-2) ** 3}} → -8
          {{@(-8) ** (1 / 3)}} → NaN
          {{@1 ** $imports.NaN}} → NaN
          {{@(-1) ** $imports.Infinity}} → NaN
          {{$imports.NaN ** 0}} → 1
          {{10 ** 21}} → 1e+21
          {{10 ** -7}} → 1e-7
          """)
  void globalsOfNumbers(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
