package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tags of the standard syntax; expectations come from npm's art-template. */
class StandardTagsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{s}} → Hello, World
          {{html}} → &#60;b&#62;&#38;&#34;&#39;&#60;/b&#62;
          {{@html}} → <b>&"'</b>
          {{n}} → 3
          {{f}} → -7.25
          {{z}} → 0
          {{yes}} → true
          {{no}} → false
          [{{nul}}] → []
          [{{missing}}] → []
          {{@nul}} → null
          {{@missing}} → undefined
          {{l}} → [3,1,2]
          {{@l}} → 3,1,2
          {{o}} → {&#34;9&#34;:&#34;nine&#34;,&#34;10&#34;:&#34;ten&#34;,&#34;k&#34;:&#34;v&#34;,&#34;n&#34;:1}
          {{mixed}} → [1,&#34;1&#34;,null,true]
          {{rows[1].name}} → &#60;Ben&#62;
          {{big}} → 1e+21
          {{e}}. → .
          {{u}} → äöü 你好 𝄞
          {{w}} → [&#34;b&#34;,&#34;a&#34;,&#34;c&#34;]
          {{ s }} → Hello, World
          {{s }} → Hello, World
          {{@ s}} → Hello, World
          {{@s }} → Hello, World
          {{ 'a' }}{{"b"}}{{1}} → ab1
          {{(s)}} → Hello, World
          {{[1, 'a', null]}} → [1,&#34;a&#34;,null]
          {{ {a: '<'} }} → {&#34;a&#34;:&#34;&#60;&#34;}
          {{-n}} → -3
          {{!n}} → false
          {{n + 1}} → 4
          {{s + '<'}} → Hello, World&#60;
          {{typeof n}} → number
          {{s.length}} → 12
          {{s | upper}} → HELLO, WORLD
          {{$data.s}} → Hello, World
          {{$data['n']}} → 3
          {{() => 'called'}} → called
          {{() => () => '<'}} → &#60;
          {{$escape('<')}} → &#38;#60;
          {{@$escape('<')}} → &#60;
          {{@$escape(null)}}. → .
          {{ }}{{}}. → .
          { → {
          {n} → {n}
          } → }
          }} → }}
          {{'{{'}} → {{
          {{'}' + '}'}} → }}
          <b>{{n}}</b> → <b>3</b>
          "{{n}}" → "3"
          '{{n}}' → '3'
          {{{a: 1}.a}} → 1
          $n → $n
          ${n} → ${n}
          <%= '<' %> → &#60;
          <%- '<' %> → <
          % → %
          < → <
          > → >
          <%= n %>%> → 3%>
          <a → <a
          href="{{html}}"> → href="&#60;b&#62;&#38;&#34;&#39;&#60;/b&#62;">
          """)
  void valuesArePrinted(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{each l}}{{$index}}:{{$value}};{{/each}} → 0:3;1:1;2:2;
          {{each l v}}{{v}}{{$index}};{{/each}} → 30;11;22;
          {{each l v i}}{{i}}{{v}};{{/each}} → 03;11;22;
          {{each o}}{{$index}}={{$value}};{{/each}} → 9=nine;10=ten;k=v;n=1;
          {{each o v k}}{{k}}{{v}};{{/each}} → 9nine;10ten;kv;n1;
          {{each 'ab'}}{{$value}}{{/each}} → ab
          {{each 5}}x{{/each}} → ¦¦
          {{each nul}}x{{/each}} → ¦¦
          {{each missing}}x{{/each}} → ¦¦
          {{each yes}}x{{/each}} → ¦¦
          {{each e}}x{{/each}}. → .
          {{each l.slice(1)}}{{$value}}{{/each}} → 12
          {{each rows.filter(r => r.done) r}}{{r.name}}{{/each}} → AnnCid
          {{each l as v i}}{{i}}{{v}}{{/each}} → 031122
          {{each deep.a}}{{$index}}{{/each}} → b
          {{each o['k']}}{{$value}}{{/each}} → v
          {{each n > 2 ? l : w}}{{$value}}{{/each}} → 312
          {{each $data.l}}{{$value}}{{/each}} → 312
          {{each l}}{{each w}}{{$value}}{{/each}}{{$value}};{{/each}} → bac3;bac1;bac2;
          {{each l v}}{{each w x}}{{v}}{{x}};{{/each}}{{/each}} → 3b;3a;3c;1b;1a;1c;2b;2a;2c;
          {{each ll row}}{{each row}}{{$index}}{{/each}};{{/each}} → 01;01;
          {{each l}}{{if $index}},{{/if}}{{$value}}{{/each}} → 3,1,2
          {{each l}}{{set d = $value * 2}}{{d}}{{/each}} → 624
          {{each l}}<% if ($value == 1) return %>{{$value}}{{/each}} → 32
          {{each rows}}{{$value.name}}{{/each}} → Ann&#60;Ben&#62;Cid
          {{each l}}{{n}}{{/each}} → 333
          {{each l v}}<% v = 9 %>{{v}}{{/each}}{{l}} → 999[3,1,2]
          {{each l}}{{set x = 1}}{{/each}}[{{x}}] → []
          {{set x = 5}}{{each l}}[{{x}}{{set x = 1}}]{{/each}}{{x}} → [][][]5
          {{each l}}{{each}}{{/each}}{{/each}}. → .
          <% $each(l, function (v, i) { %>{{i}}{{v}}<% }) %> → 031122
          <% $each(o, (v, k) => { %>{{k}}<% }) %> → 910kn
          <% $each(l, v => print(v)) %> → 312
          """)
  void loopsRepeat(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{n | add 1}} → 4
          {{n | add 1 | add 2}} → 6
          {{s | wrap '<' '>'}} → &#60;Hello, World&#62;
          {{@s | wrap '<' '>'}} → <Hello, World>
          {{n + 1 | add 10}} → 14
          {{n > 2 ? 'a' : 'b' | upper}} → A
          {{n || 5 | add 1}} → 4
          {{'a|b' | upper}} → A|B
          {{s.slice(0, 2) | upper}} → HE
          {{l.length | add n + 1}} → 7
          {{n | add l[0]}} → 6
          {{n | add o.n}} → 4
          {{s | wrap s s}} → Hello, WorldHello, WorldHello, World
          {{s|upper}} → HELLO, WORLD
          {{n|add 1|add:2}} → 6
          {{n | add:n}} → 6
          {{html | upper}} → &#60;B&#62;&#38;&#34;&#39;&#60;/B&#62;
          {{@html | upper}} → <B>&"'</B>
          {{[1, 2] | add 'x'}} → 1,2x
          """)
  void filtersAreApplied(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{print 'a'}} → a
          {{print 'a' 'b'}} → ab
          {{print '<' n}} → <3
          {{print n + 1 s.length}} → 412
          {{print}}. → .
          {{print(1, 2)}} → 12
          {{print ('<')}} → &#60;
          {{print l}} → 3,1,2
          {{print l[0] l[1]}} → 31
          {{echo '<'}} → <
          {{echo n}} → 3
          {{print s.slice(0, 1) 'x'}} → Hx
          {{print n > 2 ? 'y' : 'z'}} → y
          {{print nul missing}} → nullundefined
          <% print('<', 1) %> → <1
          <% print() %>. → .
          <%= print('') %>. → .
          {{print -n}} → ¦¦
          {{print 'a' + 'b' 'c'}} → abc
          {{print !n}} → ¦¦
          {{print [1] }} → ¦¦
          {{print `t` 1}} → t1
          {{#html}} → <b>&"'</b>
          {{# html }} → <b>&"'</b>
          {{#n}} → 3
          {{@'<'}} → <
          {{@ '<' + n}} → <3
          {{@n > 2}} → true
          {{@[1, [2, null]]}} → 1,2,
          {{@true}} → true
          """)
  void printAndEchoPrintRaw(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{block 'a'}}x{{n}}{{/block}} → x3
          {{block 'b'}}{{/block}}. → .
          {{block 'c'}}{{each l}}{{$value}}{{/each}}{{/block}} → 312
          {{block 'd'}}{{block 'e'}}in{{/block}}{{/block}} → in
          {{block 'n' + n}}x{{/block}} → x
          <% block('f', function () { %>native<% }) %> → native
          <% var captured = block(function () { %>text{{n}}<% }) %>[{{captured}}] → text3[text3]
          {{set bl = 1}}{{block 'g'}}{{bl}}{{/block}} → 1
          {{block 'h'}}{{set inner = 1}}{{inner}}{{/block}}[{{typeof inner}}] → 1[undefined]
          {{block 'a'}}second{{/block}} → second
          """)
  void blocksWithoutALayoutPrintTheirBody(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
