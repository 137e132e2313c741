package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What attackers put into data, in every place where the language prints data. */
class XssTest {
  private static final List<String> ATTACKS =
      List.of(
          "<script>alert(1)</script>",
          "\"><script>alert(1)</script>",
          "'><img src=x onerror=alert(1)>",
          "' onmouseover='alert(1)",
          "\" autofocus onfocus=\"alert(1)",
          "</title><svg/onload=alert(1)>",
          "</textarea><script>alert(1)</script>",
          "<!--<script>alert(1)//-->",
          "<a href=\"javascript:alert(1)\">x</a>",
          "&lt;script&gt;alert(1)&lt;/script&gt;",
          "&#60;script&#62;",
          "<\u0000script>alert(1)</script>",
          "\u2028<script>alert(1)</script>",
          "{{@s}}<script>",
          "<%- s %><script>",
          "${s}<b>",
          "\ud83d\ude00<b onclick='x'>");

  /** Every form that prints escaped; V is where the value stands. */
  private static final List<String> PLACES =
      List.of(
          "{{V}}",
          "{{ V }}",
          "<%= V %>",
          "{{V + ''}}",
          "{{'' + V}}",
          "{{`${V}`}}",
          "{{V || 'x'}}",
          "{{null ?? V}}",
          "{{true ? V : ''}}",
          "{{(1, V)}}",
          "{{[V]}}",
          "{{ {k: V} }}",
          "{{[V].join()}}",
          "{{$data['s']}}",
          "{{V | same}}",
          "{{V | same | same}}",
          "{{same(V)}}",
          "{{$imports.same(V)}}",
          "{{V.slice(0)}}",
          "{{$imports.String(V)}}",
          "{{$imports.JSON.stringify(V)}}",
          "{{$imports.JSON.stringify([V])}}",
          "{{V.split('').join('')}}",
          "{{'x'.replace('x', () => V)}}",
          "{{each l.concat([V])}}{{$value}}{{/each}}",
          "{{each l}}{{$value}}{{/each}}",
          "{{each o}}{{$value}}{{/each}}",
          "{{each keyed}}{{$index}}{{/each}}",
          "{{set t = V}}{{t}}",
          "{{(() => V)()}}",
          "{{() => V}}",
          "{{supplier}}",
          "{{optional}}",
          "{{record}}",
          "{{record.part}}",
          "{{bean.text}}",
          "{{object}}",
          "{{array}}",
          "{{stream}}",
          "<% for (const v of l) { %>{{v}}<% } %>",
          "<% for (var k in keyed) { %><%= k %><% } %>",
          "<% l.forEach(function (v) { %><%= v %><% }) %>",
          "<% function f(v) { %>{{v}}<% } f(V) %>",
          "<% try { throw V } catch (e) { %>{{e}}<% } %>",
          "<% try { throw {message: V} } catch (e) { %>{{e.message}}<% } %>",
          "<% switch (1) { default: %>{{V}}<% } %>",
          "{{block 'b'}}{{V}}{{/block}}",
          "{{include './part'}}",
          "{{include './part' $data}}",
          "{{include('./plain')}}{{V}}",
          "{{print()}}{{V}}",
          "{{print(V)}}",
          "{{include('./raw')}}",
          "{{extend './layout'}}{{block 'main'}}{{V}}{{/block}}",
          "{{if true}}{{V}}{{/if}}");

  record Part(String part) {}

  /** A bean. */
  public static final class Bean {
    private final String text;

    Bean(String text) {
      this.text = text;
    }

    public String getText() {
      return text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @TempDir static Path root;

  static Stream<Arguments> everywhere() {
    return ATTACKS.stream()
        .flatMap(attack -> PLACES.stream().map(place -> Arguments.of(attack, place)));
  }

  private static Map<String, Object> data(String attack) {
    Map<String, Object> data = new HashMap<>();
    data.put("s", attack);
    data.put("l", List.of(attack));
    data.put("o", Map.of("k", attack));
    data.put("keyed", Map.of(attack, 1));
    data.put("supplier", (java.util.function.Supplier<String>) () -> attack);
    data.put("optional", java.util.Optional.of(attack));
    data.put("record", new Part(attack));
    data.put("bean", new Bean(attack));
    data.put(
        "object",
        new Object() {
          @Override
          public String toString() {
            return attack;
          }
        });
    data.put("array", new String[] {attack});
    data.put("stream", Stream.of(attack));
    return data;
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void noAttackLeavesItsPlace(String attack, String place) throws Exception {
    Files.writeString(root.resolve("part.art"), "{{s}}");
    Files.writeString(root.resolve("plain.art"), "");
    Files.writeString(root.resolve("raw.art"), "{{@s}}");
    Files.writeString(root.resolve("layout.art"), "{{block 'main'}}{{/block}}");
    TemplateOptions options =
        TemplateOptions.DEFAULTS.withRoot(root).withImport("same", values -> values[0]);

    String page = Templates.render(place.replace("V", "s"), data(attack), options);

    assertThat(page).isNotEmpty().doesNotContain("<", ">", "\"", "'");
  }

  @Test
  void onlyRawFormsPrintAsItIs() {
    List<String> raw = new ArrayList<>();
    for (String form :
        List.of("{{@s}}", "<%- s %>", "<%== s %>", "<%=# s %>", "{{print s}}", "<% print(s) %>")) {
      raw.add(Templates.render(form, Map.of("s", "<b>")));
    }
    assertThat(raw).containsOnly("<b>");
  }

  @Test
  void aValueIsNeverReadAsATemplate() {
    assertThat(Templates.render("{{s}}{{@s}}", Map.of("s", "{{7*7}}<%= 7*7 %>${7*7}")))
        .isEqualTo("{{7*7}}&#60;%= 7*7 %&#62;${7*7}{{7*7}}<%= 7*7 %>${7*7}");
  }
}
