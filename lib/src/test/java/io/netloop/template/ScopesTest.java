package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which variable a name means, and where statements end that return; expectations come from Node.
 */
class ScopesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% function f() { for (var i = 0; i < 9; i++) { if (i == 2) return i } } %>{{f()}} → 2
          <% function f() { for (let i = 0; i < 9; i++) { var g = () => i; if (i == 2) return g } \
          } %>{{f()()}} → 2
          <% function f() { for (var v of l) if (v == 1) return 'of' + v } %>{{f()}} → of1
          <% function f() { for (const v of l) { var g = () => v; if (v == 1) return g } } \
          %>{{f()()}} → 1
          <% function f() { for (var k in o) return k } %>{{f()}} → 9
          <% function f() { while (true) return 'w' } %>{{f()}} → w
          <% function f() { do { return 'd' } while (true) } %>{{f()}} → d
          <% function f() { { let x = 1; return (() => x)() } } %>{{f()}} → 1
          <% function f() { if (n) { return 1 } else { return 2 } } %>{{f()}} → 1
          <% function f() { switch (n) { case 3: { let y = 'y'; var g = () => y; return g } } } \
          %>{{f()()}} → y
          <% function f() { try { for (;;) { return 't' } } finally { print('f') } } %>{{f()}} → t
          <% function f() { try { throw 1 } catch (e) { for (var v of l) return e + v } } \
          %>{{f()}} → 4
          <% function f() { for (var v of l) { for (var w1 of w) { if (w1 == 'a') return v + w1 } \
          } } %>{{f()}} → 3a
          <% function f() { return function () { return 'inner' } } %>{{f()()}} → inner
          <% function f() { for (var i = 0; i < 3; i++) { try { if (i == 1) return i } finally { \
          print('f' + i) } } } %>{{f()}} → 1
          <% function f() { l.forEach(x => { return 9 }); return 'after' } %>{{f()}} → after
          <% function f() { return; print('never') } f() %>. → .
          <% function f() { try { return 'a' } finally { if (false) return 'b' } } %>{{f()}} → a
          <% function f() { for (var i = 0; ; i++) { try { break } finally { print('x') } } \
          return i } %>{{f()}} → 0
          <% function f() { for (var i = 0; i < 2; i++) { try { throw i } catch (e) { continue } \
          finally { print(i) } } return 'e' } %>{{f()}} → e
          """)
  void returnsLeaveWhatIsAroundThem(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% var e2 = $each; e2(l, (v, i) => print(v, i)) %> → 301122
          <% var e3 = $each; e3(o, (v, k) => print(k)) %> → 910kn
          <% var e4 = $each; e4('ab', c => print(c)) %> → ab
          <% var p2 = print; p2('x', 1) %> → x1
          <% var es = $escape; print(es('<')) %> → &#60;
          <% var b2 = block; b2('q', () => { %>body<% }) %> → body
          <% var t2 = block(() => { %>cap<% }) %>{{t2}} → capcap
          {{typeof $imports}} → object
          {{typeof $data}} → object
          {{$imports['Math'].max(1, 2)}} → 2
          <% var im = $imports; print(im.upper('x')) %> → X
          {{typeof print}} → function
          {{typeof include}} → function
          {{'upper' in $imports}} → true
          <% $each(l, print) %> → 301122
          <% function each1(v, i) { print(v + ':' + i) } $each(l, each1) %> → 3:01:12:2
          <% $each([], x => print(x)) %>. → .
          <% $each(nul || [], x => print(x)) %>. → .
          <% $each(l, function (v) { %><%= v %><% }) %> → 312
          <% $each(l, ({a = 5}) => { print(a) }) %> → 555
          <% $each(l, (...all) => print(all.length)) %> → 222
          <% $each(l, (a, b, c) => print(typeof c)) %> → undefinedundefinedundefined
          <% var f9 = x => { %>[{{x}}]<% }; $each(l, f9) %> → [3][1][2]
          <% block('z', function () { %>{{n}}<% }) %> → 3
          """)
  void valuesOfTheEngineCanBePassedOn(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% var x = 'outer'; function f() { return x } %>{{f()}} → outer
          <% var x = 1; function f(x) { return x } %>{{f(2)}}{{x}} → 21
          <% var x = 1; { let x = 2; print(x) } print(x) %> → 21
          <% var x = 1; (function () { var x = 2; print(x) })(); print(x) %> → 21
          <% function f() { y1 = 5 } f() %>{{y1}} → 5
          <% var x = 1; function f() { x++ } f(); f() %>{{x}} → 3
          <% let x = 1; { let x = 2; { let x = 3; print(x) } print(x) } print(x) %> → 321
          <% var g = (x) => (y) => (z1) => x + y + z1 %>{{g(1)(2)(3)}} → 6
          <% var s = 'mine' %>{{s}} → mine
          {{set n = n + 1}}{{n}} → 4
          <% function s() { return 'f' } %>{{s()}} → f
          <% l.forEach(function (s) { print(s) }) %>{{s}} → 312Hello, World
          <% for (let s = 0; s < 2; s++) print(s) %>{{s}} → 01Hello, World
          <% try { throw 'c' } catch (s) { print(s) } %>{{s}} → cHello, World
          {{each l s}}{{s}}{{/each}}{{s}} → 312Hello, World
          {{each l}}{{set n = $value}}{{n}}{{/each}}{{n}} → 3123
          <% var upper = x => 'own' %>{{upper('x')}} → own
          {{upper('x')}} → X
          {{set add = 1}}{{add}} → 1
          {{each w}}<% var seen = (typeof seen == 'undefined' ? '' : seen) + $value \
          %>{{seen}}{{/each}} → bac
          {{each l a}}{{each w b}}{{a}}{{b}}{{/each}}{{typeof b}}{{/each}} → \
          3b3a3cundefined1b1a1cundefined2b2a2cundefined
          {{each l}}<% var fs = () => $value %>{{fs()}}{{/each}} → 312
          {{each l x i}}{{set last = i}}{{/each}}{{typeof last}} → undefined
          {{block 'k'}}{{set kk = 1}}{{kk}}{{/block}}{{typeof kk}} → 1undefined
          {{if n}}{{set ii = 1}}{{/if}}{{ii}} → 1
          <% if (n) { var jj = 1; let ll1 = 2 } %>{{jj}}{{typeof ll1}} → 1undefined
          <% function hoisted() { return later() } function later() { return 'l' } \
          %>{{hoisted()}} → l
          {{early()}}<% function early() { return 'e' } %> → e
          <% if (true) { function inIf() { return 'i' } } %>{{typeof inIf}} → undefined
          <% var f1 = function g1() { return typeof g1 } %>{{f1()}}{{typeof g1}} → functionundefined
          <% var a2 = 1, a2 = 2 %>{{a2}} → 2
          <% var a3 = 1; var a3 %>{{a3}} → 1
          """)
  void namesMeanTheNearestVariable(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
