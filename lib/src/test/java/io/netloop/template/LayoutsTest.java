package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts, blocks and includes: who sees what, and what is printed where. */
class LayoutsTest {
  private static final Map<String, Object> DATA =
      Map.of("n", 1, "s", "<s>", "l", List.of("a", "b"), "o", Map.of("n", 2, "k", "v"));

  @TempDir Path root;
  private TemplateFiles files;

  @BeforeEach
  void openFolder() throws IOException {
    files = Templates.files(TemplateOptions.DEFAULTS.withRoot(root));
    write("layout", "<{{block 'a'}}A{{/block}}|{{block 'b'}}B{{/block}}>");
    write("outer", "({{block 'a'}}OA{{/block}}{{block 'c'}}OC{{/block}})");
    write("middle", "{{extend './outer'}}{{block 'c'}}[{{block 'b'}}MB{{/block}}]{{/block}}");
    write("part", "{{n}}{{k}}");
    write("sets", "{{set n = 9}}{{n}}");
    write("sub/page", "{{include './near'}}{{include '../part'}}{{include 'part'}}");
    write("sub/near", "near");
    write("empty", "");
    write("valued", "[<% var b = block; var t = b('a', () => { %>A<% }) %>][{{t}}]");
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name + ".art");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String render(String source) {
    try {
      write("page", source);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    files.clear();
    return files.render("page", DATA);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{extend './layout'}} → <A|B>
          {{extend './layout'}}lost{{n}} → <A|B>
          {{extend './layout'}}{{block 'a'}}1{{/block}} → <1|B>
          {{extend './layout'}}{{block 'b'}}2{{/block}}{{block 'a'}}1{{/block}} → <1|2>
          {{extend './layout'}}{{block 'a'}}{{/block}} → <|B>
          {{extend './layout'}}{{block 'a'}}1{{/block}}{{block 'a'}}2{{/block}} → <1|B>
          {{extend './layout'}}{{block 'a'}}{{/block}}{{block 'a'}}2{{/block}} → <2|B>
          {{extend './layout'}}{{block 'other'}}1{{/block}} → <A|B>
          {{extend './layout'}}{{block 'a'}}{{s}}{{@s}}{{/block}} → <&#60;s&#62;<s>|B>
          {{extend './layout'}}{{block 'a'}}{{each l}}{{$value}}{{/each}}{{/block}} → <ab|B>
          {{extend './layout'}}{{block 'a'}}{{include './part'}}{{/block}} → <1|B>
          {{extend './layout'}}{{set x = 5}}{{block 'a'}}{{x}}{{/block}} → <5|B>
          {{extend './layout'}}{{block 'a'}}{{x}}{{/block}}{{set x = 5}} → <|B>
          {{extend './layout'}}{{if n}}{{block 'a'}}yes{{/block}}{{/if}} → <yes|B>
          {{extend './layout'}}{{if !n}}{{block 'a'}}yes{{/block}}{{/if}} → <A|B>
          {{extend './layout'}}{{each l}}{{block $value}}{{$index}}{{/block}}{{/each}} → <0|1>
          {{block 'a'}}early{{/block}}{{extend './layout'}} → <A|B>
          {{extend './layout'}}<% block('a', function () { %>native<% }) %> → <native|B>
          <% extend('./layout') %>{{block 'a'}}1{{/block}} → <1|B>
          {{extend n ? './layout' : './outer'}}{{block 'a'}}1{{/block}} → <1|B>
          {{extend './outer'}}{{extend './layout'}}{{block 'a'}}1{{/block}} → <1|B>
          {{extend './middle'}} → (OA[MB])
          {{extend './middle'}}{{block 'b'}}mine{{/block}} → (OA[mine])
          {{extend './middle'}}{{block 'a'}}mine{{/block}} → (mine[MB])
          {{extend './middle'}}{{block 'c'}}mine{{/block}} → (OAmine)
          {{extend 'layout.art'}} → <A|B>
          {{extend './sub/../layout'}} → <A|B>
          {{extend './layout'}}<% var b = block; b('a', () => { %>v<% }) %> → <v|B>
          {{extend './layout'}}<% var b = block; b('a', () => { %>1<% }); b('a', () => { %>2<% }) %> → <1|B>
          {{extend './valued'}} → [A][A]
          {{extend './valued'}}{{block 'a'}}mine{{/block}} → [mine][mine]
          {{extend './layout'}}{{block 'a'}}{{each l}}<% if ($index) return %>{{$value}}{{/each}}{{/block}} → <a|B>
          {{extend './layout'}}<% block('a', function () { %>x<% return; %>never<% }) %> → <x|B>
          """)
  void layoutsShowTheBlocksOfThePage(String source, String page) {
    assertThat(render(source)).isEqualTo(page);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{include './part'}} → 1
          {{include './part' o}} → 2v
          {{include './part' $data}} → 1
          {{include './part' missing}} → 1
          {{include './part' null}} → 1
          {{include './part' o.k}}. → .
          {{set n = 5}}{{include './part'}} → 1
          {{include './sets'}}{{n}} → 91
          {{each l}}{{include './part'}}{{/each}} → 11
          {{include './empty'}}. → .
          <% include('./part') %> → 1
          <% include('./part', {n: 7, k: 8}) %> → 78
          {{@include('./part', o)}} → 2v
          {{include('./part')}} → 1
          {{include './sub/page'}} → near11
          {{include './' + 'part'}} → 1
          {{include './sub/near' + ''}} → near
          {{include o.none || './part'}} → 1
          {{if n}}{{include './part'}}{{else}}{{include './none'}}{{/if}} → 1
          {{include './layout'}} → <A|B>
          {{include './page2' o}}. → .
          <% l.forEach(x => include('./part', {n: x})) %> → ab
          <% var text = include('./part') %>[{{text}}] → 1[1]
          <% try { include('./none') } catch (e) { %>{{typeof e.message}}<% } %> → string
          """)
  void includesPrintOtherTemplates(String source, String page) throws IOException {
    write("page2", "");
    assertThat(render(source)).isEqualTo(page);
  }

  @Test
  void anIncludedPageMayHaveALayoutOfItsOwn() throws IOException {
    write("inner", "{{extend './layout'}}{{block 'a'}}inner{{n}}{{/block}}");

    assertThat(render("before {{include './inner'}} after")).isEqualTo("before <inner1|B> after");
  }

  @Test
  void blocksAreSharedWithWhatIsIncluded() throws IOException {
    write("filler", "{{extend './outer'}}{{block 'c'}}{{include './asks'}}{{/block}}");
    write("asks", "{{block 'a'}}asked{{/block}}");

    assertThat(files.render("filler", DATA)).isEqualTo("(OAasked)");
  }

  @Test
  void aLayoutIsRenderedInPiecesAsInOne() throws IOException {
    write("large", "{{extend './layout'}}{{block 'a'}}{{each l}}{{$value}}{{/each}}{{/block}}");
    Map<String, Object> data = Map.of("l", java.util.Collections.nCopies(30_000, "line\n"));
    StringBuilder pieces = new StringBuilder();

    files.render("large", data, pieces);

    assertThat(pieces.toString())
        .isEqualTo(files.render("large", data))
        .isEqualTo("<" + "line\n".repeat(30_000) + "|B>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{include 5}} → The name of a template is a text, not number: 5
          {{include}} → The name of a template is a text, not undefined: undefined
          {{include o}} → The name of a template is a text, not object: {"
          {{extend l}} → The name of a template is a text, not object: a,b
          {{extend ''}} → outside of the templates' folder
          {{include './none'}} → template not found: ENOENT: no such file or directory, open '
          {{extend './none'}} → template not found: ENOENT: no such file or directory, open '
          {{include '../up'}} → lies outside of the templates' folder
          {{if false}}{{extend './layout'}}{{/if}} → The template names extend, but has not called it
          {{block missing.x}}{{/block}} → Cannot read properties of undefined (reading 'x')
          <% block('a') %> → undefined is not a function
          <% block('a', 5) %> → 5 is not a function
          """)
  void whatCannotBeIncludedIsTold(String source, String reason) {
    assertThatThrownBy(() -> render(source))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("page.art:1:1")
        .hasMessageContaining(reason);
  }

  @Test
  void anErrorShowsTheWayThroughAllIncludes() throws IOException {
    write("a", "a\n{{include './b'}}");
    write("b", "b\n\n {{include './c'}}");
    write("c", "{{missing.deep}}");

    assertThatThrownBy(() -> files.render("a", DATA))
        .hasMessage(
            """
            %1$s/a.art:2:1
                1| a
             >> 2| {{include './b'}}

            RuntimeError: %1$s/b.art:3:2
                1| b
                2|\s
             >> 3|  {{include './c'}}

            RuntimeError: %1$s/c.art:1:1
             >> 1| {{missing.deep}}

            RuntimeError: Cannot read properties of undefined (reading 'deep')\
            """
                .formatted(root))
        .hasCauseInstanceOf(TemplateError.class);
  }

  @Test
  void anErrorInALayoutAndInABlockNamesItsOwnFile() throws IOException {
    write("broken", "<{{block 'a'}}{{/block}}\n{{missing.x}}>");

    assertThatThrownBy(() -> render("{{extend './broken'}}"))
        .hasMessageContaining("broken.art:2:1");
    assertThatThrownBy(() -> render("{{extend './layout'}}\n{{block 'a'}}{{missing.y}}{{/block}}"))
        .hasMessageContaining("page.art:2:14")
        .hasMessageNotContaining("layout.art");
  }

  @Test
  void aCompileErrorOfAnIncludedFileIsNested() throws IOException {
    write("wrong", "x\n{{if}}");

    assertThatThrownBy(() -> render("{{include './wrong'}}"))
        .hasMessageContaining("page.art:1:1")
        .hasMessageContaining("RuntimeError: %s/wrong.art:2:1".formatted(root))
        .hasMessageContaining("CompileError: Unexpected ')': expected a value.");
  }

  @Test
  void whatABlockPrintedBeforeItFailedStaysTakenBack() {
    assertThat(
            render(
                "{{extend './layout'}}{{block 'a'}}<% try { %>lost{{missing.x}}"
                    + "<% } catch (e) { %>caught<% } %>{{/block}}"))
        .isEqualTo("<lostcaught|B>");
  }
}
