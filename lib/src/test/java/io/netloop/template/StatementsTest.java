package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements of native code and what they print; expectations come from Node. */
class StatementsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% if (n > 2) { %>a<% } %> → a
          <% if (n > 5) { %>a<% } else { %>b<% } %> → b
          <% if (n > 5) { %>a<% } else if (n > 2) { %>b<% } else { %>c<% } %> → b
          <% if (z) { } else if (e) { } else { %>c<% } %> → c
          <% if (n) print('x') %> → x
          <% if (z) print('x'); else print('y') %> → y
          <% if (n) { print('a'); print('b') } %> → ab
          <% if (n) if (z) print(1); else print(2) %> → 2
          <% if (n) ; %>. → .
          <% if (n) { %>{{if z}}1{{else}}2{{/if}}<% } %> → 2
          {{if n}}<% if (z) { %>a<% } else { %>b<% } %>{{/if}} → b
          {{if n > 2}}a{{else if n > 1}}b{{/if}} → a
          {{if z}}a{{else if n}}b{{else if n}}c{{/if}} → b
          {{if(n)}}x{{/if}} → x
          {{if (n) && f}}x{{/if}} → x
          {{if n}}{{else}}y{{/if}}. → .
          {{if z}}x{{/if}}. → .
          """)
  void conditionsChoose(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% for (var i = 0; i < 3; i++) { %>{{i}}<% } %>{{i}} → 0123
          <% for (let j = 3; j; j--) { %>{{j}}<% } %>{{typeof j}} → 321undefined
          <% for (var a = 0, b = 9; a < b; a += 3, b -= 3) { %>{{a}}{{b}},<% } %> → 09,36,
          <% for (;;) { break } %> → ¦¦
          <% var k = 0; for (; k < 2;) { k++ } %>{{k}} → 2
          <% for (var i = 0; i < 5; i++) { if (i == 1) continue; if (i == 3) break; %>{{i}}<% } \
          %> → 02
          <% for (var i = 0; i < 2; i++) for (var j = 0; j < 2; j++) print(i, j, ' ') %> → ¦00 01 \
          10 11 ¦
          <% for (var i = 0; i < 3; i++) { for (;;) { break } print(i) } %> → 012
          <% var i = 5; for (i = 0; i < 2; i++) ; %>{{i}} → 2
          <% var f1 = []; for (let i = 0; i < 3; i++) { f1.push(() => i); i += 0 } %>{{@f1.map(g \
          => g())}} → 0,1,2
          <% var f2 = []; for (var i = 0; i < 3; i++) f2.push(() => i) %>{{@f2.map(g => g())}} → \
          3,3,3
          <% var f3 = []; for (let i = 0; i < 2; i++) { let x = i * 2; f3.push(() => x) } \
          %>{{@f3.map(g => g())}} → 0,2
          <% for (let i = 0, m = [1, 2]; i < m.length; i++) print(m[i]) %> → 12
          """)
  void loopsCount(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% for (var k in o) { %>{{k}}={{o[k]}};<% } %> → 9=nine;10=ten;k=v;n=1;
          <% for (let k in l) { %>{{k + 1}};<% } %> → 01;11;21;
          <% for (const k in 'ab') print(k) %> → 01
          <% for (var k in null) print('x') %> → ¦¦
          <% for (var k in 5) print('x') %> → ¦¦
          <% for (var k in missing) print('x') %>. → .
          <% var kk; for (kk in {a: 1, b: 2}) ; %>{{kk}} → b
          <% for (var v of l) { %>{{v}};<% } %> → 3;1;2;
          <% for (const v of 'a𝄞') print(v, ';') %> → a;𝄞;
          <% for (let v of []) print('x') %> → ¦¦
          <% for (const [a, b] of [[1, 2], [3, 4]]) print(a + b, ';') %> → 3;7;
          <% for (const {id, name} of rows) { %>{{id}}{{name}};<% } %> → 1Ann;2&#60;Ben&#62;;3Cid;
          <% var vv; for (vv of l) if (vv == 1) break %>{{vv}} → 1
          <% for (var q of $imports.Object.keys(o)) print(q) %> → 910kn
          <% for (var v of l) { if (v == 1) continue; print(v) } %> → 32
          <% for (const x of l) { for (const y of l) { if (y == 1) break; print(x, y, ';') } } %> \
          → 33;13;23;
          <% var g1 = []; for (const v of l) g1.push(() => v) %>{{@g1.map(h => h())}} → 3,1,2
          <% for (var k in {2: 'b', 1: 'a', x: 'c'}) print(k) %> → 12x
          <% for (var m of l.map(x => x * 2)) print(m) %> → 624
          """)
  void loopsGoThroughKeysAndItems(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% var i = 0; while (i < 3) { %>{{i}}<% i++ } %> <% while (i--) print(i) %> → 012 210
          <% do { %>once<% } while (false) %> → once
          <% var j = 3; do print(j); while (--j) %> <% while (true) { if (++j > 2) break; if (j \
          == 1) continue; print(j) } %> → 321 2
          <% do { break } while (true) %>. → .
          <% var c = 0; do { if (c == 1) continue; print(c) } while (++c < 3) %> → 02
          """)
  void loopsRunWhile(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% switch (n) { case 1: %>a<% break; case 3: %>b<% break; default: %>c<% } %> → b
          <% switch ('3') { case 3: print('a'); break; default: print('b') } %> → b
          <% switch (n) { case 3: print('a'); case 4: print('b'); break; case 5: print('c') } %> \
          → ab
          <% switch (n) { default: print('d'); case 1: print('e'); break; case 2: print('f') } %> \
          → de
          <% switch (9) { case 1: print('x') } %>. → .
          <% switch (n) { } %>. → .
          <% switch (n) { case 1 + 2: print('sum') } %> → sum
          <% switch (true) { case n > 2: print('big'); break; case n > 1: print('small') } %> → big
          <% switch (n) { case 3: let x = 5; print(x) } %> → 5
          <% for (var i of l) { switch (i) { case 1: continue; default: print(i) } } %> → 32
          <% switch (1) { case 1: switch (2) { case 2: print('in'); break } print('out') } %> → \
          inout
          <% switch (n) { case 3: { print('block') } } %> → block
          <% function sw(x) { switch (x) { case 1: return 'one'; case 2: return 'two'; default: \
          return 'many' } } %>{{sw(1)}}{{sw(2)}}{{sw(3)}} → onetwomany
          <% switch (1) { case 1: var later = 'v' } %>{{later}} → v
          <% switch (2) { case 1: %>a<% case 2: %>b<% case 3: %>c<% } %> → bc
          """)
  void switchesChoose(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% try { throw 'a' } catch (e) { print(e) } %> → a
          <% try { print('x') } catch (e) { print('never') } finally { print('f') } %> → xf
          <% try { try { throw 1 } finally { print('in') } } catch (e) { print(e) } %> → in1
          <% try { throw {m: 5} } catch ({m}) { print(m) } %> → 5
          <% try { throw [1, 2] } catch ([a, b]) { print(b) } %> → 2
          <% try { missing() } catch { print('caught') } %> → caught
          <% function f1() { try { return 'a' } finally { print('f') } } print(f1()) %> → fa
          <% function f2() { try { throw 1 } catch (e) { return 'c' } finally { print('f') } } \
          print(f2()) %> → fc
          <% function f3() { try { return 'a' } finally { return 'b' } } print(f3()) %> → b
          <% for (var i = 0; i < 2; i++) { try { continue } finally { print(i) } } %> → 01
          <% for (;;) { try { break } finally { print('end') } } %> → end
          <% try { try { throw 1 } catch (e) { throw 2 } } catch (e) { print(e) } %> → 2
          <% try { throw 1 } catch (e) { var e1 = e; let e2 = e } %>{{e1}}{{typeof e2}} → 1undefined
          <% var e = 'outer'; try { throw 'inner' } catch (e) { print(e) } print(e) %> → innerouter
          <% try { try { throw 'lost' } finally { throw 'kept' } } catch (x) { print(x) } %> → kept
          <% var fs = []; for (const v of l) { try { throw v } catch (x) { fs.push(() => x) } } \
          %>{{@fs.map(g => g())}} → 3,1,2
          """)
  void errorsAreCaught(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% function add1(a, b) { return a + b } %>{{add1(1, 2)}} {{@add1(1)}} {{add1('a', 'b', \
          'c')}} → 3 NaN ab
          <% var sub = function (a, b) { return a - b } %>{{sub(3, 1)}} → 2
          <% var neg = a => -a, none = () => {}, obj = () => ({a: 1}), two = (a, b) => { return a \
          * b } %>{{neg(2)}} [{{none()}}] {{obj().a}} {{two(2, 3)}} → -2 [] 1 6
          <% function show(x) { %>[{{x}}]<% } show(1); show('<') %> → [1][&#60;]
          {{show2(5)}}<% function show2(x) { return x + 1 } %> → 6
          <% var item = (x) => { %>({{x}})<% } %><% item(1); l.forEach(item) %> → (1)(3)(1)(2)
          <% function outer(a) { function inner(b) { return a + b } return inner } \
          %>{{outer(1)(2)}} → 3
          <% function fact(x) { return x < 2 ? 1 : x * fact(x - 1) } %>{{fact(10)}} → 3628800
          <% function d(a = 1, b = a + 1, {c = 3, d: [e1] = [4]} = {}) { return [a, b, c, e1] } \
          %>{{@d()}} {{@d(5)}} {{@d(5, undefined, {c: 9, d: [8]})}} {{@d(null, 0)}} → 1,2,3,4 \
          5,6,3,4 5,6,9,8 ,0,3,4
          <% function r(a, ...b) { return b.length } %>{{r()}}{{r(1)}}{{r(1, 2, 3)}} → 002
          <% function early(x) { if (x) return 'yes'; return 'no' } %>{{early(1)}}{{early(0)}} → \
          yesno
          <% function nothing() { return } %>[{{nothing()}}] → []
          <% var ob = {v: 5, get1() { return this.v }, get2: function () { return this.v }, ['c' \
          + 1]() { return 'computed' } } %>{{ob.get1()}}{{ob.get2()}}{{ob.c1()}} {{ob['get1']()}} \
          {{ob.get1.call({v: 7})}} {{ob.get1.apply({v: 8}, [])}} {{ob.get1.bind({v: 9})()}} → \
          55computed 5 7 8 9
          <% var ctr = {n: 0, inc() { this.n++; return this } } %>{{ctr.inc().inc().n}} → 2
          {{ {v: 1, f() { return (() => this.v)() } }.f() }} → 1
          <% var counter = (function () { var c = 0; return function () { return ++c } })() \
          %>{{counter()}}{{counter()}} → 12
          {{(x => y => x + y)(1)(2)}} → 3
          {{((a, b) => a + b)(...[1, 2])}} → 3
          {{(function () { return typeof this })()}} → undefined
          {{l.map(function (x) { return x * this.k }, {k: 2}).length}} → 3
          <% var self1 = function me(x) { return x ? me(x - 1) : 'end' } %>{{self1(3)}} → end
          {{typeof me}} → undefined
          {{(n => n * 2)(4)}}{{n}} → 83
          """)
  void functionsAreCalled(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% var a = 1, b, c = 3 %>{{a}}{{@b}}{{c}} → 1undefined3
          <% let d = 4; const g = 5 %>{{d}}{{g}} <% { let d = 9; var h = d } %>{{d}}{{h}} → 45 49
          <% if (true) { var inIf = 'v'; let notOut = 1 } %>{{inIf}}{{typeof notOut}} → vundefined
          <% var n = 8 %>{{n}}{{$data.n}} → 83
          <% var s %>{{s}} → Hello, World
          <% var {k, n: nn, x = 'def', ...others} = o \
          %>{{k}}{{nn}}{{x}}{{@$imports.Object.keys(others)}} → v1def9,10
          <% var [p, [q]] = ll[1] %>{{p}}{{q}} → 34
          <% var {a: {b: {c: deepC} } } = deep %>{{deepC}} → x
          <% var [first = 'f', second = 's'] = [undefined, null] %>{{first}}{{@second}} → fnull
          <% var {length} = 'abc' %>{{length}} → 3
          <% var {'k': quoted, 10: ten} = o %>{{quoted}}{{ten}} → vten
          {{set a1 = 1}}{{a1}} → 1
          {{set b1 = 1, c1 = b1 + 1}}{{c1}} → 2
          {{set d1}}[{{d1}}] → []
          {{set s = s + '!'}}{{s}} → Hello, World!
          {{set l2 = [1, 2]}}{{l2.length}} → 2
          {{set o2 = {a: 1} }}{{o2.a}} → 1
          {{set f2 = x => x * 2}}{{f2(4)}} → 8
          {{if z}}{{set w1 = 1}}{{/if}}[{{w1}}] → []
          {{each l}}{{set inEach = $value}}{{/each}}[{{typeof inEach}}] → [undefined]
          {{set z = 5}}{{z}}{{$data.z}} → 50
          """)
  void variablesAreDeclared(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% // a comment %>{{n}} → 3
          <% /* a */ print(1) /* b */ %> → 1
          <%# {{n}} %>. → .
          <% print(1) // %>. → 1.
          <% print(1); print(2); ; ; %> → 12
          {{ n }}{{\tn\t}}{{n /* x */ + 1}} → 334
          {{'//'}} → //
          {{'/*'}} → /*
          {{"it's"}} → it&#39;s
          {{'say "x"'}} → say &#34;x&#34;
          {{'\\'' + "\\""}} → &#39;&#34;
          <%=n%><%= n %><%- n -%><%== '<' %><%=# '<' %><%=n-%>. → 333<<3.
          """)
  void commentsAndLineEndsAreFree(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{`a`}} → a
          {{`a${1}b${'c'}d`}} → a1bcd
          {{``}}. → .
          {{`${$data.n}`}} → 3
          {{`a\\`b`}} → a`b
          {{`${`inner ${1 + 1}`}`}} → inner 2
          {{`\\${x}`}} → ${x}
          {{`${[1, 2]}`}} → 1,2
          {{`${null}${undefined}`}} → nullundefined
          {{`{a}`}} → {a}
          {{`$`}} → $
          {{`a\\n`.length}} → 2
          {{`${ {a: 1}.a }`}} → 1
          {{`${'}'}`}} → }
          {{`'"`}} → &#39;&#34;
          {{'\\x41\\u0042\\u{43}\\u{1F600}'}} → ABC😀
          {{'\\n\\t\\r\\b\\f\\v\\0'.length}} → 7
          {{'\\q\\.'}} → q.
          {{'a\\\\b'}} → a\\b
          {{"\\u4f60"}} → 你
          {{'\\u00e9'}} → é
          {{'é你𝄞'}} → é你𝄞
          {{'\\/'}} → /
          {{'\\d'}} → d
          {{'it\\'s'}} → it&#39;s
          {{''}}. → .
          {{' '.length}} → 1
          {{'{'}} → {
          {{'%'}} → %
          {{'`'}} → `
          {{'${n}'}} → ${n}
          """)
  void textLiteralsAreWritten(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@$imports.JSON.stringify({a: 1, 'b c': 2, 3: 4, [n + 1]: 5, n, s: {t: []}, 1.5: 6, \
          0x10: 7, if: 8})}} → {"3":4,"4":5,"16":7,"a":1,"b c":2,"n":3,"s":{"t":[]},"1.5":6,"if":8}
          {{({a: 1}).a}} → 1
          {{({a: 1})['a']}} → 1
          {{ {a: 1}.a }} → 1
          {{ {n}.n }} → 3
          {{@$imports.JSON.stringify({...o, k: 2, ...{z: 1}, ...null, ...'ab', ...[9]})}} → \
          {"0":9,"1":"b","9":"nine","10":"ten","k":2,"n":1,"z":1}
          {{ {f(x) { return x } }.f(3)}} → 3
          {{ {a: 1, }.a }} → 1
          {{ {"q": 1}.q }} → 1
          {{@$imports.JSON.stringify({a: 1, a: 2})}} → {"a":2}
          {{ {class: 1}.class }} → 1
          {{({a: {b: 1} }).a.b}} → 1
          """)
  void objectsAreWritten(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
