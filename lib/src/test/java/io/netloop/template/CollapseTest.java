package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** White space of the template's text; ↵ stands for a line end, ⇥ for a tab. */
class CollapseTest {
  private static String shown(String text) {
    return text.replace("\n", "↵").replace("\t", "⇥").replace("\r", "␍").replace("\f", "␌");
  }

  private static String meant(String text) {
    return text.replace("↵", "\n").replace("⇥", "\t").replace("␍", "\r").replace("␌", "\f");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          ¦a  b¦ → a b
          ¦  a↵↵⇥b  ¦ → ¦ a b ¦
          ¦a␍↵b␌c¦ → a b c
          ¦<p>  a  </p>¦ → ¦<p> a </p>¦
          ¦<pre>  a↵</pre>  b  c¦ → ¦<pre>  a↵</pre> b c¦
          ¦<PRE>  a</Pre>  b¦ → ¦<PRE>  a</Pre> b¦
          ¦<pre class="x">  a</pre>  ¦ → ¦<pre class="x">  a</pre> ¦
          ¦<textarea>  a  </textarea>  ¦ → ¦<textarea>  a  </textarea> ¦
          ¦<script>  a  b  </script>  ¦ → ¦<script>  a  b  </script> ¦
          ¦<style>  a  </style>  ¦ → ¦<style>  a  </style> ¦
          ¦<prefix>  a</prefix>¦ → ¦<prefix> a</prefix>¦
          ¦<pre1>  a</pre1>¦ → ¦<pre1> a</pre1>¦
          ¦<pre¦ → <pre
          ¦<script>  </div>  </script>  x¦ → ¦<script>  </div>  </script> x¦
          ¦<pre>  a  <b>  c¦ → ¦<pre>  a  <b>  c¦
          ¦a < b  c¦ → a < b c
          ¦<!--  a  -->¦ → <!-- a -->
          ¦¦ → ¦¦
          ¦↵¦ → ¦ ¦
          """)
  void runsBecomeOneBlankOutsideOfWhatKeepsThem(String text, String collapsed) {
    assertThat(shown(new Collapse().next(meant(text)))).isEqualTo(collapsed);
  }

  @Test
  void anElementThatIsOpenStaysOpenFromPieceToPiece() {
    Collapse collapse = new Collapse();

    assertThat(collapse.next("a  <pre>  b  ")).isEqualTo("a <pre>  b  ");
    assertThat(collapse.next("  c  ")).isEqualTo("  c  ");
    assertThat(collapse.next("</pre>  d  e")).isEqualTo("</pre> d e");
    assertThat(collapse.next("  f")).isEqualTo(" f");
  }

  @Test
  void valuesAndTagsStayAsTheyAre() {
    TemplateOptions options = Sample.OPTIONS.withCollapse(true);

    assertThat(Templates.render("  {{'a  b'}}  \n <pre>\n{{t}}\n</pre>", Sample.data(), options))
        .isEqualTo(" a  b <pre>\n  trim me \t\n</pre>");
    assertThat(Templates.render("<% if (n) { %>  x  <% } %>  ", Sample.data(), options))
        .isEqualTo(" x  ");
  }
}
