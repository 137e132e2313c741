package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What $imports has besides what was registered; expectations come from Node. */
class GlobalsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@$imports.Object.keys(o)}} → 9,10,k,n
          {{@$imports.Object.values(o)}} → nine,ten,v,1
          {{@$imports.JSON.stringify($imports.Object.entries({a: 1, b: [2]}))}} → \
          [["a",1],["b",[2]]]
          {{@$imports.Object.keys(l)}} → 0,1,2
          {{@$imports.Object.keys('ab')}} → 0,1
          {{@$imports.Object.values('ab')}} → a,b
          {{$imports.Object.keys(5).length}} → 0
          {{$imports.Object.entries([7])[0][0] === '0'}} → true
          {{@$imports.Object.keys({b: 1, 2: 1, a: 1, 1: 1, '01': 1, '-1': 1})}} → 1,2,b,a,01,-1
          {{@$imports.Object.keys($imports.Object.assign({a: 1}, {b: 2}, null, {c: 3}))}} → a,b,c
          <% var t1 = {a: 1}; $imports.Object.assign(t1, {a: 2}, 'x') \
          %>{{@$imports.JSON.stringify(t1)}} → {"0":"x","a":2}
          {{@$imports.JSON.stringify($imports.Object.freeze({a: 1}))}} → {"a":1}
          {{@$imports.JSON.stringify($imports.Object())}} → {}
          """)
  void objectsAreListed(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{$imports.Array.isArray([])}} → true
          {{$imports.Array.isArray('a')}} → false
          {{$imports.Array.isArray({length: 1})}} → false
          {{$imports.Array.isArray()}} → false
          {{$imports.Array.isArray(l)}} → true
          {{$imports.Array(3).length}} → 3
          {{@$imports.Array(1, 2)}} → 1,2
          {{new $imports.Array(2).length}} → 2
          {{@new $imports.Array('3')}} → 3
          {{$imports.Array().length}} → 0
          {{@$imports.Array.of(7)}} → 7
          {{@$imports.Array.of()}}. → .
          {{@$imports.Array.from('abc')}} → a,b,c
          {{@$imports.Array.from([1, 2], x => x * 2)}} → 2,4
          {{@$imports.Array.from([1, 2], (x, i) => i)}} → 0,1
          {{@$imports.Array.from(l)}} → 3,1,2
          {{$imports.Array.from('𝄞a').length}} → 2
          """)
  void listsAreMade(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{$imports.String(12)}} → 12
          {{$imports.String(null)}} → null
          {{$imports.String(undefined)}} → undefined
          [{{$imports.String()}}] → []
          {{$imports.String([1, [2]])}} → 1,2
          {{$imports.String({})}} → [object Object]
          {{$imports.String(true)}} → true
          {{$imports.String(1e21)}} → 1e+21
          {{$imports.String.fromCharCode(72, 105)}} → Hi
          {{$imports.String.fromCharCode(0x4f60, 65601)}} → 你A
          [{{$imports.String.fromCharCode()}}] → []
          {{$imports.Boolean(0)}} → false
          {{$imports.Boolean('0')}} → true
          {{$imports.Boolean()}} → false
          {{$imports.Boolean([])}} → true
          {{[0, 1, '', 'a', null].filter($imports.Boolean).length}} → 2
          {{['1', '2'].map($imports.Number)[1] + 1}} → 3
          {{[1, 2].map($imports.String)[0] + 1}} → 11
          """)
  void textsAreMade(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@$imports.JSON.stringify(o)}} → {"9":"nine","10":"ten","k":"v","n":1}
          {{@$imports.JSON.stringify(l)}} → [3,1,2]
          {{@$imports.JSON.stringify(mixed)}} → [1,"1",null,true]
          {{@$imports.JSON.stringify('a"b\\\\c/')}} → "a\\"b\\\\c/"
          {{@$imports.JSON.stringify(nul)}} → null
          {{@$imports.JSON.stringify(undefined)}} → undefined
          {{@$imports.JSON.stringify(() => 1)}} → undefined
          {{@$imports.JSON.stringify(1.50)}} → 1.5
          {{@$imports.JSON.stringify('')}} → ""
          {{@$imports.JSON.stringify({})}} → {}
          {{@$imports.JSON.stringify([])}} → []
          {{@$imports.JSON.stringify([undefined, () => 1, $imports.NaN, $imports.Infinity, -0])}} \
          → [null,null,null,null,0]
          {{@$imports.JSON.stringify({a: undefined, b: () => 1, c: $imports.NaN, d: null})}} → \
          {"c":null,"d":null}
          {{@$imports.JSON.stringify('\\n\\t\\b\\f\\r\\u0001\\u001f')}} → \
          "\\n\\t\\b\\f\\r\\u0001\\u001f"
          {{@$imports.JSON.stringify('\\ud800')}} → "\\ud800"
          {{@$imports.JSON.stringify('𝄞é')}} → "𝄞é"
          {{@$imports.JSON.stringify({'a b': 1, 1: 2})}} → {"1":2,"a b":1}
          {{@$imports.JSON.stringify(/x/)}} → {}
          {{@$imports.JSON.stringify({a: [1, {b: 2}], c: {} }, null, 2).split('\\n').join('|')}} \
          → {|  "a": [|    1,|    {|      "b": 2|    }|  ],|  "c": {}|}
          {{@$imports.JSON.stringify([[], [1]], null, '--').split('\\n').join('|')}} → \
          [|--[],|--[|----1|--]|]
          {{@$imports.JSON.stringify({a: 1}, null, 20).indexOf('"')}} → 12
          {{@$imports.JSON.stringify({a: 1}, null, 'abcdefghijklm').split('\\n')[1]}} → \
          abcdefghij"a": 1
          {{@$imports.JSON.stringify([1], null, -1)}} → [1]
          {{@$imports.JSON.stringify([1], null, '')}} → [1]
          {{@$imports.JSON.stringify([1], null, 1.9).length}} → 6
          {{@$imports.JSON.stringify(new $imports.Date(0))}} → "1970-01-01T00:00:00.000Z"
          {{@$imports.JSON.stringify(new $imports.Date($imports.NaN))}} → null
          {{@$imports.JSON.stringify({e: new $imports.Error('x').message})}} → {"e":"x"}
          """)
  void jsonIsWritten(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{$imports.JSON.parse('1')}} → 1
          {{$imports.JSON.parse('-1.5e+2')}} → -150
          {{$imports.JSON.parse('"a\\\\u0041\\\\n\\\\"\\\\/\\\\\\\\"').length}} → 6
          {{$imports.JSON.parse(' [1 , 2 ] ').length}} → 2
          {{$imports.JSON.parse('{"a":{"b":[true,false,null]} }').a.b[1]}} → false
          {{@$imports.JSON.parse('null')}} → null
          {{$imports.JSON.parse('[]').length}} → 0
          {{@$imports.JSON.stringify($imports.JSON.parse('{}'))}} → {}
          {{$imports.JSON.parse('{"a":1,"a":2}').a}} → 2
          {{$imports.JSON.parse('"\\\\b\\\\f\\\\r\\\\t"').length}} → 4
          {{$imports.JSON.parse(true)}} → true
          {{$imports.JSON.parse('1E2')}} → 100
          {{$imports.JSON.parse('-0') === 0}} → true
          """)
  void jsonIsRead(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{$imports.encodeURIComponent('a b&c=d/e?f#g')}} → a%20b%26c%3Dd%2Fe%3Ff%23g
          {{$imports.encodeURIComponent("-_.!~*'()")}} → -_.!~*&#39;()
          {{$imports.encodeURIComponent('äöü')}} → %C3%A4%C3%B6%C3%BC
          {{$imports.encodeURIComponent('你好')}} → %E4%BD%A0%E5%A5%BD
          {{$imports.encodeURIComponent('𝄞')}} → %F0%9D%84%9E
          {{$imports.encodeURIComponent('')}}. → .
          {{$imports.encodeURIComponent(null)}} → null
          {{$imports.encodeURIComponent(12)}} → 12
          {{$imports.encodeURIComponent('<>"%{}|^`[]\\\\')}} → %3C%3E%22%25%7B%7D%7C%5E%60%5B%5D%5C
          {{$imports.encodeURI('http://h/a b?c=d&e=ä#f')}} → http://h/a%20b?c=d&#38;e=%C3%A4#f
          {{$imports.encodeURI(';/?:@&=+$,#')}} → ;/?:@&#38;=+$,#
          {{$imports.encodeURI("-_.!~*'()")}} → -_.!~*&#39;()
          {{$imports.encodeURI('[%]')}} → %5B%25%5D
          {{$imports.encodeURI('𝄞')}} → %F0%9D%84%9E
          {{$imports.decodeURIComponent('a%20b%26')}} → a b&#38;
          {{$imports.decodeURIComponent('%E4%BD%A0%e5%a5%bd')}} → 你好
          {{$imports.decodeURIComponent('%F0%9D%84%9E')}} → 𝄞
          {{$imports.decodeURIComponent('x')}} → x
          {{$imports.decodeURIComponent('%41%42c%43')}} → ABcC
          {{$imports.decodeURIComponent('')}}. → .
          {{$imports.decodeURIComponent('+')}} → +
          {{$imports.decodeURI('%20%2F%3f%23%C3%A4')}} → ¦ %2F%3f%23ä¦
          {{$imports.decodeURI('%41%2f')}} → A%2f
          {{$imports.decodeURI('%E4%BD%A0%26')}} → 你%26
          {{$imports.decodeURI('a%25b')}} → a%b
          """)
  void addressesAreEncoded(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{new $imports.Error('m').message}} → m
          {{new $imports.Error('m').name}} → Error
          {{new $imports.Error('m') + ''}} → Error: m
          {{$imports.Error('m') + ''}} → Error: m
          {{new $imports.Error() + ''}} → Error
          [{{new $imports.Error().message}}] → []
          {{typeof new $imports.Error('m')}} → object
          <% try { missing.x } catch (e) { %>{{e.name}}: {{e.message}}<% } %> → TypeError: Cannot \
          read properties of undefined (reading &#39;x&#39;)
          <% try { nope1() } catch (e) { %>{{e.name}}<% } %> → TypeError
          <% try { ''.repeat(-1) } catch (e) { %>{{e.name}}<% } %> → RangeError
          <% try { $imports.decodeURI('%') } catch (e) { %>{{e.name}}: {{e.message}}<% } %> → \
          URIError: URI malformed
          <% try { $imports.JSON.parse('{') } catch (e) { %>{{e.name}}<% } %> → SyntaxError
          <% try { throw 5 } catch (e) { %>{{e}}<% } %> → 5
          <% try { throw {a: 1} } catch (e) { %>{{e.a}}<% } %> → 1
          <% try { throw null } catch (e) { %>{{@e}}<% } %> → null
          <% try { throw new $imports.Error('x') } catch ({message}) { %>{{message}}<% } %> → x
          """)
  void errorsAreObjects(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{new $imports.RegExp('a+').test('caat')}} → true
          {{new $imports.RegExp('A', 'i').test('a')}} → true
          {{$imports.RegExp('a', 'g').flags}} → g
          {{new $imports.RegExp(/a/g).flags}} → g
          {{new $imports.RegExp(/a/g, 'i').flags}} → i
          {{new $imports.RegExp('\\\\d').source}} → \\d
          {{'a1'.replace(new $imports.RegExp('\\\\d'), 'x')}} → ax
          {{typeof $imports.Math}} → object
          {{typeof $imports.Array}} → function
          {{typeof $imports.parseInt}} → function
          {{typeof $imports.nope}} → undefined
          {{typeof $imports.console.log}} → function
          {{@$imports.console.log === undefined}} → false
          {{typeof Math}} → undefined
          {{typeof JSON}} → undefined
          {{typeof $imports.undefined}} → undefined
          """)
  void patternsAreMade(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
