package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The methods of text, as JavaScript has them; expectations come from Node. */
class TextMethodsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{s.at(0)}}{{s.at(-1)}}{{s.at(4)}} → Hdo
          [{{s.at(99)}}{{s.at(-99)}}] → []
          [{{@s.at(99)}}] → [undefined]
          {{s.charAt()}}{{s.charAt(4)}}{{s.charAt(1.9)}} → Hoe
          [{{s.charAt(-1)}}{{s.charAt(12)}}{{s.charAt(1e10)}}] → []
          {{s.charAt('2')}}{{s.charAt(null)}}{{s.charAt(undefined)}}{{s.charAt(true)}} → lHHe
          {{s.charCodeAt()}} → 72
          {{s.charCodeAt(11)}} → 100
          {{u.charCodeAt(0)}} → 228
          {{@s.charCodeAt(-1)}} → NaN
          {{@s.charCodeAt(12)}} → NaN
          {{s.codePointAt(0)}} → 72
          {{u.codePointAt(7)}} → 119070
          {{u.codePointAt(8)}} → 56606
          {{u.codePointAt(4)}} → 20320
          [{{s.codePointAt(-1)}}{{s.codePointAt(99)}}] → []
          {{s[0]}}{{s['1']}}{{s[11]}} → Hed
          [{{s[12]}}{{s[-1]}}{{s['01']}}{{s['x']}}{{s[1.5]}}] → []
          {{s.length}} → 12
          {{e.length}} → 0
          {{u.length}} → 9
          {{'𝄞'.length}} → 2
          {{s['length']}} → 12
          {{u[4]}}{{u[5]}} → 你好
          """)
  void charactersAreFoundByTheirPlace(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{s.indexOf('o')}} → 4
          {{s.indexOf('o', 5)}} → 8
          {{s.indexOf('o', 9)}} → -1
          {{s.indexOf('o', -5)}} → 4
          {{s.indexOf('')}} → 0
          {{s.indexOf('', 5)}} → 5
          {{s.indexOf('', 99)}} → 12
          {{s.indexOf('x')}} → -1
          {{s.indexOf()}} → -1
          {{'undefined'.indexOf()}} → 0
          {{'a1b'.indexOf(1)}} → 1
          {{'nullx'.indexOf(null)}} → 0
          {{s.lastIndexOf('o')}} → 8
          {{s.lastIndexOf('o', 7)}} → 4
          {{s.lastIndexOf('o', 3)}} → -1
          {{s.lastIndexOf('x')}} → -1
          {{s.lastIndexOf('')}} → 12
          {{s.lastIndexOf('', 3)}} → 3
          {{s.lastIndexOf('H', -5)}} → 0
          {{s.lastIndexOf('o', 'x')}} → 8
          {{s.lastIndexOf('o', undefined)}} → 8
          {{s.lastIndexOf('l', 1e10)}} → 10
          {{s.includes('World')}} → true
          {{s.includes('world')}} → false
          {{s.includes('')}} → true
          {{s.includes('H', 1)}} → false
          {{s.includes('d', 11)}} → true
          {{s.startsWith('Hello')}} → true
          {{s.startsWith('ello', 1)}} → true
          {{s.startsWith('')}} → true
          {{s.startsWith('World', 7)}} → true
          {{s.startsWith('x')}} → false
          {{s.startsWith('H', -3)}} → true
          {{s.startsWith('', 99)}} → true
          {{s.startsWith('d', 99)}} → false
          {{'12'.startsWith(1)}} → true
          {{s.endsWith('World')}} → true
          {{s.endsWith('Hello', 5)}} → true
          {{s.endsWith('')}} → true
          {{s.endsWith('x')}} → false
          {{s.endsWith('H', 1)}} → true
          {{s.endsWith('', 0)}} → true
          {{s.endsWith('H', 0)}} → false
          {{s.endsWith('d', 99)}} → true
          {{'a1'.endsWith(1)}} → true
          {{s.search('World')}} → 7
          {{s.search(/o/)}} → 4
          {{s.search(/z/)}} → -1
          {{s.search(/[A-Z]\\w+$/)}} → 7
          {{s.search()}} → 0
          {{u.indexOf('你')}} → 4
          {{u.indexOf('𝄞')}} → 7
          {{u.includes('ö')}} → true
          {{u.lastIndexOf(' ')}} → 6
          """)
  void textsAreSearched(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{s.slice(7)}} → World
          {{s.slice(-5)}} → World
          {{s.slice(0, 5)}} → Hello
          {{s.slice(-5, -2)}} → Wor
          [{{s.slice(5, 2)}}{{s.slice(99)}}{{s.slice(0, -99)}}] → []
          {{s.slice()}} → Hello, World
          {{s.slice(undefined, 2)}} → He
          {{s.slice(null, 2)}} → He
          {{s.slice('1', '3')}} → el
          {{s.slice(1.9, 3.9)}} → el
          {{s.slice(-99, 2)}} → He
          {{s.slice(0, 99)}} → Hello, World
          {{s.slice(2, undefined)}} → llo, World
          {{s.substring(7)}} → World
          {{s.substring(5, 0)}} → Hello
          {{s.substring(0, 5)}} → Hello
          {{s.substring(-3, 2)}} → He
          [{{s.substring(99)}}{{s.substring(3, 3)}}] → []
          {{s.substring()}} → Hello, World
          {{s.substring(NaN, 2)}} → He
          {{s.substring(2, undefined)}} → llo, World
          {{s.substring(2, null)}} → He
          {{s.substring('7', '9')}} → Wo
          {{s.substr(7)}} → World
          {{s.substr(7, 3)}} → Wor
          {{s.substr(-5, 2)}} → Wo
          {{s.substr(-99, 2)}} → He
          {{s.substr(0, 99)}} → Hello, World
          [{{s.substr(3, 0)}}{{s.substr(3, -1)}}{{s.substr(99, 2)}}] → []
          {{s.substr(2, undefined)}} → llo, World
          {{s.substr(1.9, 2.9)}} → el
          {{u.slice(4, 6)}} → 你好
          {{u.slice(-2)}} → 𝄞
          {{u.substring(0, 3)}} → äöü
          {{u.substr(4, 1)}} → 你
          """)
  void textsAreCut(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          [{{t.trim()}}] → [trim me]
          {{t.trimStart().length}} → 9
          {{t.trimEnd().length}} → 9
          {{t.trim().length}} → 7
          [{{'\\n\\u00a0\\ufeff x \\u2003\\u2028'.trim()}}] → [x]
          [{{'\\u200bx'.trim().length}}] → [2]
          {{'5'.padStart(3)}} → ¦  5¦
          {{'5'.padStart(3, '0')}} → 005
          {{'5'.padStart(6, 'ab')}} → ababa5
          {{'55'.padStart(1, '0')}} → 55
          {{'5'.padStart(3, '')}} → 5
          [{{'5'.padEnd(3)}}] → [5  ]
          {{'5'.padEnd(3, '.')}} → 5..
          {{'5'.padEnd(6, 'ab')}} → 5ababa
          {{'5'.padEnd(-1, 'x')}} → 5
          {{'5'.padStart()}}{{'5'.padStart('3', 0)}}{{'5'.padStart(NaN, 0)}}{{'x'.padEnd(3, \
          undefined).length}} → 500553
          {{'ab'.repeat(3)}} → ababab
          [{{'ab'.repeat(0)}}] → []
          {{'ab'.repeat(1.9)}} → ab
          [{{''.repeat(1000)}}] → []
          [{{'ab'.repeat()}}] → []
          {{'-'.repeat('3')}} → ---
          """)
  void textsAreTrimmedAndPadded(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{s.toUpperCase()}} → HELLO, WORLD
          {{s.toLowerCase()}} → hello, world
          {{'äß'.toUpperCase()}} → ÄSS
          {{'ÄÖ'.toLowerCase()}} → äö
          {{s.toLocaleUpperCase()}} → HELLO, WORLD
          {{s.toLocaleLowerCase()}} → hello, world
          {{'a'.concat('b', 'c')}} → abc
          {{'a'.concat()}} → a
          {{'a'.concat(1, null, undefined, true, [1, 2])}} → a1nullundefinedtrue1,2
          {{s.toString()}} → Hello, World
          {{s.valueOf()}} → Hello, World
          {{'e\\u0301'.normalize().length}} → 1
          {{'\\u00e9'.normalize('NFD').length}} → 2
          {{'ﬁ'.normalize('NFKC')}} → fi
          {{'ﬁ'.normalize('NFKD')}} → fi
          {{'a'.localeCompare('b')}} → -1
          {{'b'.localeCompare('a')}} → 1
          {{'a'.localeCompare('a')}} → 0
          {{'a'.localeCompare('B')}} → -1
          {{'ä'.localeCompare('z')}} → -1
          """)
  void textsAreChanged(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@s.split(', ')}} → Hello,World
          {{s.split('o').length}} → 3
          {{s.split('').length}} → 12
          {{@s.split('x')}} → Hello, World
          {{@$imports.JSON.stringify(s.split())}} → ["Hello, World"]
          {{@$imports.JSON.stringify(s.split(undefined, 1))}} → ["Hello, World"]
          {{@$imports.JSON.stringify('a,b,c'.split(',', 2))}} → ["a","b"]
          {{@$imports.JSON.stringify('a,b,c'.split(',', 0))}} → []
          {{@$imports.JSON.stringify('a,b'.split(',', -1))}} → ["a","b"]
          {{@$imports.JSON.stringify(',a,'.split(','))}} → ["","a",""]
          {{@$imports.JSON.stringify(''.split(','))}} → [""]
          {{@$imports.JSON.stringify(''.split(''))}} → []
          {{@$imports.JSON.stringify('a1b22c'.split(/\\d/))}} → ["a","b","","c"]
          {{@$imports.JSON.stringify('a1b22c'.split(/\\d+/))}} → ["a","b","c"]
          {{@$imports.JSON.stringify('a1b2'.split(/(\\d)/))}} → ["a","1","b","2",""]
          {{@$imports.JSON.stringify('abc'.split(/(?:)/))}} → ["a","b","c"]
          {{@$imports.JSON.stringify(''.split(/x/))}} → [""]
          {{@$imports.JSON.stringify(''.split(/(?:)/))}} → []
          {{@$imports.JSON.stringify('ab'.split(/(x)?b/))}} → ["a",null,""]
          {{@$imports.JSON.stringify('aXbxc'.split(/x/i))}} → ["a","b","c"]
          {{@$imports.JSON.stringify('abc'.split(/$/))}} → ["abc"]
          {{@$imports.JSON.stringify('a b  c'.split(' '))}} → ["a","b","","c"]
          {{@$imports.JSON.stringify('1null2'.split(null))}} → ["1","2"]
          {{@$imports.JSON.stringify('a1b1c'.split(1))}} → ["a","b","c"]
          {{@$imports.JSON.stringify('a-b-c'.split(/-/, 2))}} → ["a","b"]
          {{@$imports.JSON.stringify('test'.split('t'))}} → ["","es",""]
          """)
  void textsAreSplit(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{s.replace('o', '0')}} → Hell0, World
          {{s.replaceAll('o', '0')}} → Hell0, W0rld
          {{s.replace('x', 'y')}} → Hello, World
          {{s.replaceAll('x', 'y')}} → Hello, World
          {{s.replace(/o/, '0')}} → Hell0, World
          {{s.replace(/o/g, '0')}} → Hell0, W0rld
          {{s.replaceAll(/O/gi, '0')}} → Hell0, W0rld
          {{s.replace('World', '[$&]')}} → Hello, [World]
          {{s.replace('World', '$$')}} → Hello, $
          {{s.replace('World', "[$`]")}} → Hello, [Hello, ]
          {{s.replace('Hello', "[$']")}} → [, World], World
          {{'2026-11-25'.replace(/(\\d+)-(\\d+)-(\\d+)/, '$3.$2.$1')}} → 25.11.2026
          {{'ab'.replace(/(a)(b)/, '$2$1$3$0')}} → ba$3$0
          {{'ab'.replace(/(a)/, '$10')}} → a0b
          {{'ab'.replace(/(a)/, '$01')}} → ab
          {{'abcdefghijkl'.replace(/(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)/, '$11$10$1')}} → kjal
          {{'a'.replace('a', '$1')}} → $1
          {{'a'.replace('a', '$')}} → $
          {{'a'.replace('a', '$x')}} → $x
          {{'ab'.replace(/(x)?b/, '[$1]')}} → a[]
          {{'aaa'.replace(/a/g, '$&$&')}} → aaaaaa
          {{'abc'.replaceAll('', '-')}} → -a-b-c-
          {{'abc'.replace('', '-')}} → -abc
          {{s.replace('o', x => x + x)}} → Helloo, World
          {{s.replace(/l/g, (m, at) => at)}} → He23o, Wor10d
          {{'ab'.replace(/(a)(b)/, (all, a, b, at, of) => [all, a, b, at, of].join('|'))}} → \
          ab|a|b|0|ab
          {{s.replace(/(z)?H/, (m, z) => typeof z)}} → undefinedello, World
          {{s.replaceAll('l', (m, at, of) => of.length + at)}} → He1415o, Wor22d
          {{'x'.replace('x', () => '$&')}} → $&#38;
          {{'x'.replace('x', () => undefined)}} → undefined
          {{'a.b.c'.replaceAll('.', '')}} → abc
          {{'a.b'.replace('.', undefined)}} → aundefinedb
          {{'undefined!'.replace()}} → undefined!
          {{'a1'.replace(1, 2)}} → a2
          {{'anull'.replace(null, 'b')}} → ab
          {{'aXbX'.replace(/x/gi, '')}} → ab
          {{'line'.replace(/^/, '> ')}} → &#62; line
          {{'line'.replace(/$/, '!')}} → line!
          {{'abc'.replace(/(?:)/g, '.')}} → .a.b.c.
          {{'a b'.replace(/\\s+/g, '_')}} → a_b
          {{'CamelCaseText'.replace(/([A-Z])/g, m => '-' + m.toLowerCase())}} → -camel-case-text
          {{'1234567.5'.replace(/\\B(?=(\\d{3})+(?!\\d))/g, ',')}} → 1,234,567.5
          """)
  void partsAreReplaced(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@'2026-11'.match(/(\\d+)-(\\d+)/)}} → 2026-11,2026,11
          {{@'a1b2'.match(/\\d/g)}} → 1,2
          {{@s.match(/z/)}} → null
          {{@s.match(/z/g)}} → null
          {{@s.match('l')}} → l
          {{s.match(/l/g).length}} → 3
          {{s.match(/(z)?H/).length}} → 2
          {{@s.match(/(z)?H/)[1]}} → undefined
          {{@s.match()}} → ¦¦
          {{'a.b'.match('.')[0]}} → a
          {{(/l+/.test(s))}} → true
          {{(/^h/.test(s))}} → false
          {{(/^h/i.test(s))}} → true
          {{(/undefined/.test())}} → true
          {{(/1/.test(213))}} → true
          {{@(/(\\w)(\\w)/.exec(s))}} → He,H,e
          {{@(/z/.exec(s))}} → null
          {{(/o/.exec(s)).length}} → 1
          <% var r = /l/g; r.test(s); %>{{r.lastIndex}}<% r.test(s) %>{{r.lastIndex}}<% \
          r.test(s); r.test(s) %>{{r.lastIndex}}<% r.test(s) %>{{r.lastIndex}} → 3403
          <% var r = /l/; r.test(s) %>{{r.lastIndex}} → 0
          <% var y = /H/y %>{{y.test(s)}}{{y.lastIndex}}{{y.test(s)}}{{y.lastIndex}} → true1false0
          <% var r = /(l+)|(o)/g, m, c = 0; while ((m = r.exec(s)) && c++ < 9) { %>{{m[0]}};<% } \
          %> → ll;o;o;l;
          {{(/a/gi).source}} → a
          {{(/a/gi).flags}} → gi
          {{(/a/gi).global}} → true
          {{(/a/).global}} → false
          {{(/a/g).toString()}} → /a/g
          {{(/a/g) + ''}} → /a/g
          {{@(/a/g)}} → /a/g
          """)
  void matchesAreFound(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{typeof s.slice}} → function
          {{typeof s.nope}} → undefined
          {{typeof s.length}} → number
          {{s.slice.call(s, 1, 3)}} → el
          {{''.slice.call('abc', 1)}} → bc
          {{''.concat.apply('a', ['b', 'c'])}} → abc
          {{'slice' in {slice: 1} }} → true
          {{['a','b'].map(''.toUpperCase.call.bind(''.toUpperCase))}} → [&#34;A&#34;,&#34;B&#34;]
          """)
  void methodsAreValuesToo(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{'abcb'.match(/b/).index}} → 1
          {{'abcb'.match(/b/).input}} → abcb
          {{@'ab'.match(/b/).groups}} → undefined
          {{'2026-11'.match(/(?<y>\\d+)-(?<m>\\d+)/).groups.m}} → 11
          {{'x'.match(/(?<a>a)?x/).groups.a === undefined}} → true
          {{(/c/.exec('abc')).index}} → 2
          {{(/(?<l>l+)/.exec(s)).groups.l}} → ll
          {{'abc'.match(/b/g).index === undefined}} → true
          {{'ab'.match(/b/).length}} → 1
          {{'ab'.match(/(b)/).map(x => x + '!')[1]}} → b!
          {{@'ab'.match(/b/)}} → b
          {{'ab'.match(/(?<a>a)(?<b>b)/).groups.b + \
          $imports.Object.keys('ab'.match(/(?<a>a)(?<b>b)/).groups).join()}} → ba,b
          {{'a1'.replace(/(?<d>\\d)/, '<$<d>>')}} → a&#60;1&#62;
          {{'a1'.replace(/(?<d>\\d)/, '[$<d>][$<x>][$1]')}} → a[1][][1]
          {{'a1'.replace(/(\\d)/, '[$<d>]')}} → a[$&#60;d&#62;]
          {{'ab'.replace(/(?<q>z)?b/, '[$<q>]')}} → a[]
          {{'a1'.replace(/(?<d>\\d)/, '[$<d')}} → a[$&#60;d
          """)
  void aMatchKnowsWhereItIs(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@'aaba'.match(/a/gy)}} → a,a
          [{{'ba'.match(/a/y)}}] → []
          {{'aab'.replace(/a/gy, 'x')}} → xxb
          {{'baa'.replace(/a/gy, 'x')}} → baa
          {{'aba'.replace(/a/y, 'x')}} → xba
          {{@'a1b2c'.split(/\\d/y)}} → a,b,c
          <% var r1 = /a/y; r1.test('ab') %>{{r1.lastIndex}}{{r1.test('ab')}}{{r1.lastIndex}} → \
          1false0
          <% var r2 = /b/y; r2.lastIndex = 1 %>{{r2.test('ab')}}{{r2.lastIndex}} → true2
          <% var r3 = /a/g; r3.lastIndex = 1 %>{{r3.test('ab')}}{{r3.lastIndex}} → false0
          <% var r4 = /(?<=a)b/y; r4.lastIndex = 1 %>{{r4.test('ab')}} → true
          <% var r5 = /^b/y; r5.lastIndex = 1 %>{{r5.test('ab')}} → false
          """)
  void stickyPatternsMatchWhereTheyAre(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
