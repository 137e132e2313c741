package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What templates may say beyond the cases: statements, functions, options, and what is refused. */
class LanguageTest {
  private static final Map<String, Object> DATA =
      Map.of("n", 3, "s", "text", "l", List.of(1, 2, 3), "o", Map.of("k", "v"), "b", false);

  private static String render(String source) {
    return Templates.render(source, DATA);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      value = {
        // Closures keep the variables of their turn.
        "<% var f = []; for (let i = 0; i < 3; i++) f.push(() => i) %>{{f.map(g => g())}} → [0,1,2]",
        "<% var f = []; for (var i = 0; i < 3; i++) f.push(() => i) %>{{f.map(g => g())}} → [3,3,3]",
        "<% var f = []; for (const v of l) f.push(() => v) %>{{f.map(g => g())}} → [1,2,3]",
        "<% var f = [] %>{{each l v}}<% f.push(() => v) %>{{/each}}{{f.map(g => g())}} → [1,2,3]",
        "<% var f; { let x = 1; f = () => x++ } %>{{f()}}{{f()}}{{typeof x}} → 12undefined",
        // Functions.
        "<% function f(a, b = a + 1, ...c) { return [a, b, c.length] } %>{{f(1)}} → [1,2,0]",
        "<% function f(a, ...c) { return c } %>{{f(1, 2, 3)}} → [2,3]",
        "{{(function f(x) { return x < 2 ? 1 : x * f(x - 1) })(5)}} → 120",
        "{{[[1, 2]].map(([a, b]) => a + b)}} → [3]",
        "{{[{a: 1, b: {c: 2} }].map(({a, b: {c} }) => a + c)}} → [3]",
        "<% function f() { $each(l, function (v) { return 5 }) } %>{{typeof f()}} → undefined",
        "<% function f(n) { if (n > 1) return 'big'; return 'small' } %>{{f(n)}}{{f(0)}} → bigsmall",
        "{{ {f(x) { return this.y + x }, y: 2}.f(1) }} → 3",
        "{{f(1)}}<% function f(x) { return x + 1 } %> → 2",
        "{{l.reduce((a, x) => a + x)}} → 6",
        "{{(a => b => a + b)(1)(2)}} → 3",
        // Patterns, spread, objects.
        "<% const [a, , c = 9] = l %>{{a}}{{c}} → 13",
        "<% const {k, x = 'none', ...rest} = {k: 1, y: 2} %>{{k}}{{x}}{{rest.y}} → 1none2",
        "<% for (const [k, v] of $imports.Object.entries(o)) { %>{{k}}={{v}}<% } %> → k=v",
        "{{[...l, ...'ab'].join('')}} → 123ab",
        "{{$imports.Math.max(...l)}} → 3",
        "{{ {...o, z: 1, ['x' + n]: 2}.x3 }} → 2",
        "<% var p = {a: 1}; delete p.a %>{{'a' in p}} → false",
        // Statements.
        "<% do { n-- } while (n > 0) %>{{n}} → 0",
        "<% switch (n) { case 1: case 3: %>odd<% break; default: %>other<% } %> → odd",
        "<% try { throw 'x' } catch (e) { %>{{e}}<% } finally { %>!<% } %> → x!",
        "<% function f() { try { return 1 } finally { %>done<% } } %><% f() %> → done",
        "<% try { null.x } catch { %>caught<% } %> → caught",
        "<% try { throw new $imports.Error('m') } catch (e) { %>{{e.message}}<% } %> → m",
        "<% for (var i in l) { if (i == 1) continue; %>{{i}}<% } %> → 02",
        "<% if (n > 2) %>yes → yes",
        "<% var i = 0, j = 1; i += j; i <<= 3; i **= 2 %>{{i}} → 64",
        "<% var q; q ??= 5; q ||= 6; q &&= 7 %>{{q}} → 7",
        "<% const c = 1; try { c = 2 } catch (e) { %>{{e.message}}<% } %> → Assignment to constant variable.",
        // Values.
        "{{0.1 + 0.2}} → 0.30000000000000004",
        "{{1e21 + 1}} {{2 ** 53}} → 1e+21 9007199254740992",
        "{{(1234.5678).toFixed(2)}} {{(0.000001234).toString()}} → 1234.57 0.000001234",
        "{{(1234567.891).toLocaleString()}} → 1,234,567.891",
        "{{(0.1).toString(2).length}} → 57",
        "{{'a' < 'b'}}{{'10' < '9'}}{{10 < '9'}} → truetruefalse",
        "{{null >= 0}}{{undefined == 0}}{{(0 / 0) == (0 / 0)}} → truefalsefalse",
        "{{[1] == 1}}{{[] == ''}} → truetrue",
        "{{typeof null}} {{typeof (() => 1)}} {{typeof []}} → object function object",
        "{{-7 % 3}} {{7 % -3}} {{5 / 2}} {{-0}} → -1 1 2.5 0",
        "{{1 << 31}} {{-1 >>> 0}} {{~5}} → -2147483648 4294967295 -6",
        "{{'abc'.replace(/(b)/, '[$1]')}} {{'aXbX'.split('X').length}} → a[b]c 3",
        "{{'2026-11-25'.match(/(\\d+)-(\\d+)/)[2]}} → 11",
        "{{new $imports.Date(0).toISOString()}} → 1970-01-01T00:00:00.000Z",
        "{{$imports.Array.isArray(l)}}{{l instanceof $imports.Array}} → truetrue",
        "{{$imports.JSON.parse('[1,2]')[1]}} → 2",
        "{{@$imports.JSON.stringify({a: [1]}, null, 1).length}} → 18",
        "{{$imports.decodeURIComponent('%E4%BD%A0')}} → 你",
      })
  void prints(String source, String printed) {
    assertThat(render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      value = {
        "{{if a}} → 1:1 → {{if a}} is not closed.",
        "x{{each l}}{{if a}}{{/if}} → 1:2 → {{each l}} is not closed.",
        "{{if a}}{{/each}} → 1:9 → {{/each}} stands where {{if a}} must be closed first",
        "ab{{/block}} → 1:3 → {{/block}} closes nothing",
        "{{each l}}{{else}}{{/each}} → 1:11 → {{else}} stands where {{each l}} must be closed",
        "<% if (a) { %>x → 1:1 → <% if (a) { %> is not closed.",
        "<% } %> → 1:1 → <% } %> closes nothing",
        "{{#if a}}x{{/if}} → 1:1 → A tag that begins with # prints a value",
        "{{a b}} → 1:1 → Unexpected 'b'",
        "{{a +}} → 1:1 → Unexpected the end of the tag: expected a value.",
        "{{'a}} → 1:1 → has no closing quote",
        "{{class}} → 1:1 → data of that name is $data[\"class\"]",
        "{{a = }} → 1:1 → expected a value",
        "{{1 = 2}} → 1:1 → Only variables and parts of objects can be assigned",
        "{{a | }} → 1:1 → After | stands the name of a filter.",
        "{{block}}{{/block}} → 1:1 → {{block}} needs a name",
        "<% x: for (;;) {} %> → 1:1 → Unexpected ':'",
        "<% const a %> → 1:1 → expected '=' and the value of the constant",
        "<% print = 1 %> → 1:1 → print is a name of the engine and takes no value",
        "{{ s.match(/(/) }} → 1:1 → Invalid regular expression",
        "{{08}} → 1:1 → '08' is no number.",
        "{{a # b}} → 1:1 → The character '#' (U+0023) means nothing",
        "<% try { } %> → 1:1 → expected 'catch' or 'finally' after try",
        "{{-1 ** 2}} → 1:1 → Write (-a) ** b or -(a ** b).",
      })
  void refusesWithASentenceAtTheTag(String source, String place, String sentence) {
    assertThatThrownBy(() -> Templates.compile(source))
        .isInstanceOf(TemplateError.class)
        .hasMessageStartingWith("anonymous:" + place + "\n")
        .hasMessageContaining("CompileError: ")
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      value = {
        "{{missing.x}} → Cannot read properties of undefined (reading 'x')",
        "{{$data.none[0]}} → Cannot read properties of undefined (reading '0')",
        "{{o.k.x.y}} → Cannot read properties of undefined (reading 'y')",
        "{{o.f()}} → o.f is not a function",
        "{{o['f']()}} → o.f is not a function",
        "{{l[0]()}} → l[0] is not a function",
        "{{s.nope()}} → s.nope is not a function",
        "{{$imports.nope(1)}} → $imports.nope is not a function",
        "{{new s()}} → s is not a constructor",
        "{{l.map(1)}} → 1 is not a function",
        "{{'a' in 'b'}} → Cannot use 'in' operator to search for 'a' in b",
        "{{[...n]}} → 3 is not iterable",
        "{{missing.x = 1}} → Cannot set properties of undefined (setting 'x')",
        "{{[].reduce((a, b) => a)}} → Reduce of empty array with no initial value",
        "{{'x'.repeat(-1)}} → Invalid count value: -1",
        "{{(1).toFixed(101)}} → toFixed() digits argument must be between 0 and 100",
        "{{$imports.JSON.parse('{')}} → Unexpected end of JSON input",
        "{{int}} → int is not defined",
        "<% throw 'plain' %> → undefined",
        "{{include 5}} → The name of a template is a text, not number: 5",
      })
  void failsAsTheLanguageDoes(String source, String reason) {
    assertThatThrownBy(() -> render(source))
        .isInstanceOf(TemplateError.class)
        .hasMessageEndingWith("RuntimeError: " + reason);
  }

  @Test
  void delimitersMayBeOthers() {
    TemplateOptions options =
        TemplateOptions.DEFAULTS.withDelimiters(
            new Delimiters("<?", "?>"), new Delimiters("${", "}"));

    assertThat(Templates.render("${n}<? if (n) { ?>{{n}}<? } ?>", DATA, options))
        .isEqualTo("3{{n}}");
    assertThatThrownBy(() -> new Delimiters("", "}"))
        .hasMessageContaining("at least one character");
  }

  @Test
  void whiteSpaceCollapsesOnlyWhereItIsWanted() {
    String source =
        "<div>\n\n  <p> {{n}} </p>\t<pre>\n a  {{n}}  b\n</pre>\n<textarea>  x</textarea>  </div>\n";

    assertThat(render(source)).isEqualTo(source.replace("{{n}}", "3"));
    assertThat(Templates.render(source, DATA, TemplateOptions.DEFAULTS.withCollapse(true)))
        .isEqualTo("<div> <p> 3 </p> <pre>\n a  3  b\n</pre> <textarea>  x</textarea> </div> ");
  }

  @Test
  void oldFormsAreToldOnceWithTheirPlace() {
    List<String> warnings = new ArrayList<>();
    Template template =
        Templates.compile(
            "\n {{#s}}{{echo s}}", TemplateOptions.DEFAULTS.withOnWarning(warnings::add));

    template.render(DATA);
    template.render(DATA);

    assertThat(warnings)
        .containsExactly(
            "anonymous:2:2\nTemplate upgrade: {{#value}} -> {{@value}}",
            "anonymous:2:8\nTemplate upgrade: {{echo value}} -> {{value}}");
  }

  @Test
  void importsWinOverDataAndVariablesOverBoth() {
    TemplateOptions options = TemplateOptions.DEFAULTS.withValue("s", "imported");

    assertThat(Templates.render("{{s}}{{set s = 'set'}}{{s}}", DATA, options))
        .isEqualTo("importedset");
    assertThat(render("<% l.forEach(function (block) { %><%= block %><% }) %>")).isEqualTo("123");
  }

  @ParameterizedTest
  @ValueSource(strings = {"art", "", "a/b", "html"})
  void extensionsBeginWithADot(String extension) {
    assertThatThrownBy(() -> TemplateOptions.DEFAULTS.withExtension(extension))
        .hasMessageContaining("the extension begins with a dot");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% switch (n) { %>  <% case 3: %>x<% } %> → x
          <% switch (n) { %> <% case 1: %>a<% break %> <% case 3: %>b<% break %> <% } %> → b
          a <% b → a <% b
          a {{ b → a {{ b
          <% a {{n}} → <% a 3
          {{n}} %> → 3 %>
          {{delete n}}{{n}} → true3
          {{l[5]?.()}}. → .
          {{o.k.concat(...['a', 'b'])}} → vab
          <% function f() { return f } %>{{f()() === f}} → true
          {{new $imports.RegExp('\\u{62}', 'u').test('b')}} → true
          {{$imports.console.log === $imports.console.log}} → true
          """)
  void printsWhatTheOriginalDoesNotRun(String source, String printed) {
    assertThat(render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{l[l.length]()}} → l[...] is not a function
          {{(1, n)()}} → 1 , n is not a function
          {{(n + 1)()}} → (intermediate value) is not a function
          {{n(1)(2)}} → n is not a function
          {{(() => 1)()()}} → (intermediate value)() is not a function
          {{(x => 1)(1)()}} → (intermediate value)(...) is not a function
          {{'x'()}} → "x" is not a function
          {{5()}} → 5 is not a function
          <% (function () { this() })() %> → this is not a function
          {{new $imports.RegExp('a'.repeat(2001))}} → The regular expression has 2001 characters; \
          at most 2000 are allowed.
          """)
  void namesWhatWasCalledOrMade(String source, String reason) {
    assertThatThrownBy(() -> render(source)).hasMessageEndingWith("RuntimeError: " + reason);
  }

  @Test
  void aPatternThatIsNestedTooDeepIsNone() {
    assertThatThrownBy(() -> render("{{new $imports.RegExp('('.repeat(1999))}}"))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("RuntimeError: Invalid regular expression: /((((");
  }

  @Test
  void quotesEndWithTheirLineAndTheirTag() {
    assertThatThrownBy(() -> Templates.compile("{{'a\nb'}}"))
        .hasMessageContaining("has no closing quote");
    assertThatThrownBy(() -> Templates.compile("{{'a\\}}"))
        .hasMessageContaining("has no closing quote");
    assertThatThrownBy(() -> Templates.compile("<% if (n) %>"))
        .hasMessageContaining("Unexpected the end of the template: expected a statement.");
    assertThatThrownBy(() -> Templates.compile("<% switch (n) { %>"))
        .hasMessageContaining("<% switch (n) { %> is not closed.");
    assertThatThrownBy(() -> Templates.compile("<% switch (n) { case 1: %>x"))
        .hasMessageContaining("is not closed.");
  }

  @Test
  void longTagsAreShortenedInSentences() {
    assertThatThrownBy(() -> Templates.compile("{{if " + "n + ".repeat(30) + "n}}"))
        .hasMessageContaining("CompileError: {{if n + n + ")
        .hasMessageEndingWith("n + …}} is not closed.");
  }

  @Test
  void aPageOfAnyAlphabetIsWhole() {
    Map<String, Object> data = Map.of("a", "é<", "b", "你好<", "c", "𝄞&");

    assertThat(Templates.render("x{{a}}y{{b}}z{{c}}{{a}}{{@b}}", data))
        .isEqualTo("xé&#60;y你好&#60;z𝄞&#38;é&#60;你好<");
    Template template = Templates.compile("{{each l}}{{$value}}{{/each}}");
    assertThat(template.render(Map.of("l", List.of("a", "é", "你", 12, 1.5)))).isEqualTo("aé你121.5");
    assertThat(template.render(Map.of("l", List.of("ü", -7, 0.25)))).isEqualTo("ü-70.25");
  }

  @Test
  void numbersPrintTheSameWhateverTheWay() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(7);
    Template template = Templates.compile("{{v}}");
    for (int i = 0; i < 20_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> random.nextInt(-100_000, 100_000) / 1000.0;
            case 1 -> random.nextDouble() * Math.pow(10, random.nextInt(-10, 25));
            case 2 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextInt() / 8.0;
          };
      if (Double.isFinite(value)) {
        String text = template.render(Map.of("v", value));
        assertThat(Double.parseDouble(text)).isEqualTo(value == 0 ? 0.0 : value);
        assertThat(text).isEqualTo(Numbers.text(value)).doesNotContain("E").doesNotEndWith(".0");
      }
    }
  }
}
