package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Lexer, parser and rendering get anything, and answer with text or with a TemplateError. */
class FuzzTest {
  private static final TemplateOptions OPTIONS =
      TemplateOptions.DEFAULTS
          .withOnWarning(warning -> {})
          .withLimits(TemplateLimits.DEFAULTS.withTurns(20_000).withOutput(200_000).withDepth(60));

  private static final Map<String, Object> DATA =
      Map.of("a", 1, "s", "text", "l", List.of(1, "b", List.of()), "o", Map.of("k", "v"));

  private static final List<String> WORDS =
      List.of(
          "{{",
          "}}",
          "<%",
          "%>",
          "<%=",
          "<%-",
          "-%>",
          "<%#",
          "{{@",
          "{{/",
          "{{#",
          "if",
          "else",
          "each",
          "/each",
          "/if",
          "set",
          "block",
          "/block",
          "include",
          "extend",
          "print",
          "echo",
          " ",
          "\n",
          "\t",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          ",",
          ";",
          ":",
          "?",
          "?.",
          ".",
          "...",
          "=>",
          "=",
          "==",
          "===",
          "+",
          "++",
          "-",
          "--",
          "*",
          "**",
          "/",
          "%",
          "!",
          "~",
          "|",
          "||",
          "&&",
          "??",
          "<",
          ">>>",
          "'",
          "\"",
          "`",
          "${",
          "\\",
          "a",
          "s",
          "l",
          "o",
          "k",
          "$data",
          "$each",
          "$imports",
          "undefined",
          "null",
          "this",
          "0",
          "1.5",
          "0x",
          "1e",
          "'x'",
          "\"y\"",
          "/x/g",
          "var",
          "let",
          "const",
          "function",
          "return",
          "for",
          "of",
          "in",
          "while",
          "do",
          "switch",
          "case",
          "default",
          "break",
          "continue",
          "try",
          "catch",
          "finally",
          "throw",
          "new",
          "typeof",
          "delete",
          "void",
          "instanceof",
          "class",
          "//",
          "/*",
          "*/",
          "名",
          "\ud83d",
          "é",
          "length",
          "map",
          "join",
          "toString",
          "constructor",
          "__proto__",
          "as",
          "\u0000");

  private static void renders(String source) {
    String text;
    try {
      text = Templates.render(source, DATA, OPTIONS);
    } catch (TemplateError e) {
      assertThat(e.reason()).isNotEmpty();
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isPositive();
      return;
    }
    assertThat(text).isNotNull();
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(WORDS).list().ofMaxSize(40).map(words -> String.join("", words));
  }

  @Provide
  Arbitrary<String> tags() {
    return Arbitraries.of(WORDS)
        .list()
        .ofMaxSize(8)
        .map(words -> "{{" + String.join(" ", words) + "}}")
        .list()
        .ofMaxSize(6)
        .map(tags -> String.join("x", tags));
  }

  @Property(tries = 3000)
  void anyWordsInAnyOrder(@ForAll("words") String source) {
    renders(source);
  }

  @Property(tries = 3000)
  void anyTags(@ForAll("tags") String source) {
    renders(source);
  }

  @Property(tries = 2000)
  void anyCharacters(@ForAll String source) {
    renders(source);
    renders("{{" + source + "}}");
    renders("<%" + source + "%>");
  }

  @Property(tries = 500)
  void templatesThatAreCutAnywhere(@ForAll int seed) {
    String whole = new RandomTemplates(new java.util.SplittableRandom(seed)).template();
    for (int end = 0; end < Math.min(whole.length(), 150); end++) {
      renders(whole.substring(0, end));
    }
  }

  @Property(tries = 500)
  void textWithoutTagsStaysAsItIs(@ForAll String text) {
    if (!text.contains("{{") && !text.contains("<%")) {
      assertThat(Templates.render(text, null)).isEqualTo(text);
    }
  }

  @Property(tries = 1000)
  void noValueEscapesFromItsPlace(@ForAll String value) {
    String page = Templates.render("<i a='{{v}}' b=\"{{v}}\">{{v}}</i>", Map.of("v", value));

    assertThat(page.substring(6, page.length() - 4)).doesNotContain("<");
    assertThat(page.chars().filter(c -> c == '\'').count()).isEqualTo(2);
    assertThat(page.chars().filter(c -> c == '"').count()).isEqualTo(2);
    assertThat(
            page.replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&#60;", "<")
                .replace("&#62;", ">")
                .replace("&#38;", "&"))
        .isEqualTo("<i a='" + value + "' b=\"" + value + "\">" + value + "</i>");
  }
}
