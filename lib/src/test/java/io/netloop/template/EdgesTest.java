package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corners of the language where two rules meet; expectations come from Node. */
class EdgesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{o.toString()}} → [object Object]
          {{o.valueOf().k}} → v
          {{o.toLocaleString()}} → [object Object]
          {{yes.toString()}} → true
          {{yes.valueOf()}} → true
          {{n.valueOf()}} → 3
          {{n.toString()}} → 3
          {{s.valueOf()}} → Hello, World
          {{l.valueOf()[0]}} → 3
          {{({}).toString()}} → [object Object]
          {{rows.toString()}} → [object Object],[object Object],[object Object]
          {{o.hasOwnProperty('k')}} → true
          {{o.hasOwnProperty('x')}} → false
          {{rows[0].hasOwnProperty('id')}} → true
          {{(() => 1).toString().length > 0}} → true
          {{typeof (() => 1).call}} → function
          {{typeof (() => 1).nope}} → undefined
          {{typeof yes.toString}} → function
          {{typeof yes.nope}} → undefined
          {{typeof n.toFixed}} → function
          {{typeof (/a/).test}} → function
          {{typeof (/a/).nope}} → undefined
          {{typeof new $imports.Date(0).getTime}} → function
          {{@($imports.NaN).toLocaleString()}} → NaN
          {{(1 / 0).toLocaleString()}} → ∞
          {{(-1 / 0).toLocaleString()}} → -∞
          {{(() => 5).call()}} → 5
          {{(() => 5).apply()}} → 5
          {{((a, b) => a + b).apply(null, [1, 2])}} → 3
          {{((a, b) => a + b).bind(null, 1)(2)}} → 3
          {{((a, b) => a + b).call(null, 1, 2)}} → 3
          {{'a' instanceof $imports.String}} → false
          {{1 instanceof $imports.Number}} → false
          {{o instanceof $imports.Date}} → false
          {{(/a/) instanceof $imports.Date}} → false
          {{l instanceof $imports.RegExp}} → false
          {{'1,2' == [1, 2]}} → true
          {{1 == [1]}} → true
          {{'x' == {} }} → false
          {{null == {} }} → false
          {{[1] == '1'}} → true
          {{(() => 1) == (() => 1)}} → false
          """)
  void everyValueHasATextAndAValueOfItsOwn(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% for (let i = 0; i < 2; i++) { let x; print(typeof x); x = i } %> → undefinedundefined
          <% function f1() { try { throw 1 } finally { return 2 } } %>{{f1()}} → 2
          <% function f2() { try { throw 1 } catch (e) { throw 2 } finally { return 3 } } \
          %>{{f2()}} → 3
          <% for (var i of l) { try { throw i } finally { continue } } %>. → .
          <% if (n) print('a'); else if (z) print('b'); %> → a
          <% { } %>. → .
          <% { { print(1) } } %> → 1
          <% ;;; %>. → .
          <% if (n) { } %>. → .
          <% for (var q in {}) print(q) %>. → .
          <% for (var q of '') print(q) %>. → .
          <% while (false) ; %>. → .
          <% do ; while (false) %>. → .
          <% try { } finally { print(1) } %> → 1
          <% try { } catch (e) { print(e) } %>. → .
          <% switch (1) { default: } %>. → .
          <% switch (1) { case 1: case 2: print('both') } %> → both
          <% function empty() { } %>{{typeof empty()}} → undefined
          {{if n}}{{if z}}a{{else}}b{{/if}}{{else}}c{{/if}} → b
          {{if z}}a{{else if e}}b{{else if n}}{{each l}}{{if $index == \
          1}}{{$value}}{{/if}}{{/each}}{{/if}} → 1
          {{each l}}{{each l}}{{if $value == 1}}x{{/if}}{{/each}}{{/each}} → xxx
          {{each rows r}}{{if r.done}}{{r.id}}{{else}}-{{/if}}{{/each}} → 1-3
          <% if (n) { %>{{each w}}<% if ($index) { %>{{$value}}<% } %>{{/each}}<% } %> → ac
          {{each l v}}<% if (v > 1) { %>{{v}}<% } else { %>s<% } %>{{/each}} → 3s2
          """)
  void statementsMayStandInOddPlaces(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{ }} → ¦¦
          a → a
          <%# x %> → ¦¦
          }} → }}
          b → b
          %> → %>
          c → c
          {n} → {n}
          } → }
          { → {
          {} → {}
          }{ → }{
          {{n}}}} → 3}}
          <%%>. → .
          <% %>. → .
          <%  %>. → .
          {{'}'}} → }
          {{'%>'}} → %&#62;
          {{"<%"}} → &#60;%
          $n → $n
          @n → @n
          \\n → \\n
          \\{{n}} → \\3
          `{{n}}` → `3`
          '{{n}}' → '3'
          <!-- → <!--
          {{n}} → 3
          --> → -->
          <a → <a
          b="{{n}}"> → b="3">
          &amp;{{n}} → &amp;3
          {{n}}{{n}} → 33
          """)
  void whatIsNoTagIsText(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{a1 = 5}} {{a1 = a2 = 6}} {{(a1 = 7) + 1}} {{a1 = n, a1 + 1}} {{o.x = 1}} {{o['y'] = \
          2}} {{l[0] = 9}} {{l[5] = 1}} {{n += 2}} {{s += '!'}} {{o.n += 4}} {{o.n++}} {{++o.n}} \
          {{l[1]--}} {{--l[1]}} {{q1 ??= 3}} {{n ??= 9}} {{z ||= 8}} {{n &&= 7}} {{z &&= 7}} {{e \
          ||= 'x'}} {{o.k ??= 1}} {{o.none ||= 2}} {{o.k &&= 3}} → 5 6 8 3 1 2 9 1 5 Hello, \
          World! 5 5 7 1 -1 3 5 8 7 7 x v 2 3
          """)
  void assignmentsGiveTheirValue(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
