package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that would take the machine for themselves. */
class LimitsTest {
  private static final TemplateOptions SMALL =
      TemplateOptions.DEFAULTS.withLimits(
          TemplateLimits.DEFAULTS.withTurns(10_000).withOutput(100_000).withDepth(50));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<% while (true) {} %>",
        "<% for (;;) {} %>",
        "<% do {} while (true) %>",
        "<% var l = [1]; for (var x of l) l.push(x) %>",
        "<% try { while (true) {} } catch (e) { %>caught<% } %>",
        "{{each l}}{{each l}}{{each l}}{{/each}}{{/each}}{{/each}}",
        "<% var a = []; while (true) a.push(a.length) %>",
        "{{[1,2,3].sort(() => { while (true) {} })}}",
        "<% var a = []; for (var i = 0; i < 40; i++) a = [a, a] %>{{a.flat(1 / 0)}}"
      })
  void loopsThatDoNotEndAreEnded(String source) {
    List<Integer> list = java.util.Collections.nCopies(100, 1);

    assertThatThrownBy(() -> Templates.render(source, Map.of("l", list), SMALL))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("more than 10000 turns of loops and calls, which is the limit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<% function f() { return f() } f() %>",
        "<% function f() { return g() } function g() { return f() } f() %>",
        "<% var f = x => f(x + 1); f(0) %>",
        "<% try { (function f() { f() })() } catch (e) { %>caught<% } %>"
      })
  void functionsThatCallThemselvesForEverAreEnded(String source) {
    assertThatThrownBy(() -> Templates.render(source, Map.of(), SMALL))
        .hasMessageContaining("Functions call each other deeper than 50 levels");
  }

  @Test
  void outputThatDoesNotEndIsEnded() {
    assertThatThrownBy(
            () -> Templates.render("<% while (true) { %>xxxxxxxxxxxxxxxxxxxx<% } %>", null, SMALL))
        .hasMessageContaining("output is longer than 100000 characters");
    assertThatThrownBy(
            () -> Templates.render("<% while (true) { %>{{'你'.repeat(50)}}<% } %>", null, SMALL))
        .hasMessageContaining("output is longer than 100000 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<% var s = 'x'; while (true) s = s + s %>",
        "{{'x'.repeat(1e9)}}",
        "{{''.padEnd(1e9, 'ab')}}",
        "<% var s = 'x'; while (true) s = `${s}${s}` %>",
        "<% var s = 'x'; while (true) s = s.replace(/x/g, 'xxxx') %>",
        "<% var l = ['xxxxxxxxxx']; while (true) { l = [l.join(','), l.join(',')] } %>",
        "{{'x'.repeat(1e6).split('').join('x'.repeat(1000))}}"
      })
  void textsThatGrowForEverAreEnded(String source) {
    assertThatThrownBy(() -> Templates.render(source, Map.of()))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("which is the limit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{$imports.Array(1e9)}}",
        "<% var l = []; l[1e9] = 1 %>",
        "<% var l = []; l.length = 1e9 %>",
        "<% var l = [1]; while (true) l = l.concat(l) %>"
      })
  void listsThatGrowForEverAreEnded(String source) {
    assertThatThrownBy(() -> Templates.render(source, Map.of()))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("which is the limit");
  }

  @Test
  void aRegularExpressionThatBacktracksForEverIsEnded() {
    assertThatThrownBy(() ->
            Templates.render("{{ s.match(/a*a*a*a*a*a*a*c/) }}", Map.of("s", "a".repeat(40) + "!")))
        .hasMessageContaining("A regular expression took more than 2000000 steps");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "!", "-", "x=>", "{a:", "a?", "typeof ", "f(", "a[", "`${"})
  void expressionsThatAreNestedTooDeepAreNoTemplates(String open) {
    String source = "<%= " + open.repeat(5_000);

    assertThatThrownBy(() -> Templates.compile(source + " %>")).isInstanceOf(TemplateError.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{if a}}", "{{each a}}", "<% if (a) { %>", "{{block 'a'}}", "<% { %>"})
  void tagsThatAreNestedTooDeepAreNoTemplates(String open) {
    assertThatThrownBy(() -> Templates.compile(open.repeat(5_000)))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("nested deeper than 250 levels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"+1", ".a", "()", "[0]", "&&1", "?.a", ",1"})
  void longChainsAreRefusedOrRendered(String link) {
    String source = "{{missing?.a" + link.repeat(20_000) + "}}";

    try {
      assertThat(Templates.render(source, Map.of())).isNotNull();
    } catch (TemplateError e) {
      assertThat(e.reason()).isNotEmpty();
    }
  }

  @Test
  void aTemplateThatIsTooLongIsRefused() {
    TemplateOptions options =
        TemplateOptions.DEFAULTS.withLimits(TemplateLimits.DEFAULTS.withSource(100));

    assertThatThrownBy(() -> Templates.compile("x".repeat(101), options))
        .hasMessageContaining("The template has 101 characters; 100 are the limit.");
    assertThat(Templates.render("x".repeat(100), null, options)).hasSize(100);
  }

  @Test
  void includesThatDoNotEndAreEnded(@TempDir Path root) throws IOException {
    Files.writeString(root.resolve("a.art"), "a{{include './b'}}");
    Files.writeString(root.resolve("b.art"), "b{{include './a'}}");

    assertThatThrownBy(() -> Templates.files(root).render("a", null))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("include each other deeper than 100 levels")
        .hasMessageMatching("(?s).*/[ab]\\.art:1:2.*");
  }

  @Test
  void layoutsThatExtendThemselvesAreEnded(@TempDir Path root) throws IOException {
    Files.writeString(root.resolve("a.art"), "{{extend './a'}}");

    assertThatThrownBy(() -> Templates.files(root).render("a", null))
        .hasMessageContaining("include each other deeper than 100 levels");
  }

  @Test
  void limitsHaveRanges() {
    assertThatThrownBy(() -> TemplateLimits.DEFAULTS.withDepth(9))
        .hasMessage("the limit 'depth' must be from 10 to 500, not 9");
    assertThatThrownBy(() -> TemplateLimits.DEFAULTS.withTurns(0)).hasMessageContaining("turns");
    assertThatThrownBy(() -> TemplateLimits.DEFAULTS.withSource(0)).hasMessageContaining("source");
    assertThatThrownBy(() -> TemplateLimits.DEFAULTS.withOutput(0)).hasMessageContaining("output");
    assertThatThrownBy(() -> TemplateLimits.DEFAULTS.withIncludes(501))
        .hasMessageContaining("includes");
  }
}
