package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates in files: where they may lie, what is kept, layouts, errors. */
class FilesTest {
  @TempDir Path folder;
  private Path root;
  private TemplateFiles files;

  @BeforeEach
  void makeFolder() throws IOException {
    root = Files.createDirectory(folder.resolve("views"));
    files = Templates.files(root);
    Files.writeString(folder.resolve("secret.art"), "secret");
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void namesGetTheExtensionAndLieInTheRoot() throws IOException {
    write("a.art", "A{{n}}");
    write("b.html", "B");
    write("sub/c.art", "C");
    write(".hidden.art", "H");

    assertThat(files.render("a", Map.of("n", 1))).isEqualTo("A1");
    assertThat(files.render("./a.art", null)).isEqualTo("A");
    assertThat(files.render("b.html", null)).isEqualTo("B");
    assertThat(files.render("sub/c", null)).isEqualTo("C");
    assertThat(files.render(root.resolve("a").toString(), null)).isEqualTo("A");
    assertThat(files.render(".hidden", null)).isEqualTo("H");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "./../secret",
        "sub/../../secret.art",
        ".../../../secret",
        "/etc/passwd",
        "../views2/x",
        "./sub/../../secret"
      })
  void noNameLeavesTheRoot(String name) throws IOException {
    Files.createDirectories(folder.resolve("views2"));
    Files.writeString(folder.resolve("views2/x.art"), "other");
    write("page.art", "{{include name}}");

    assertThatThrownBy(() -> files.render(name, null))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("lies outside of the templates' folder");
    assertThatThrownBy(() -> files.render("page", Map.of("name", name)))
        .hasMessageContaining("lies outside of the templates' folder");
  }

  @Test
  void noSymbolicLinkLeavesTheRoot() throws IOException {
    Files.createSymbolicLink(root.resolve("link.art"), folder.resolve("secret.art"));
    Files.createSymbolicLink(root.resolve("up"), folder);
    write("real.art", "real");
    Files.createSymbolicLink(root.resolve("inside.art"), root.resolve("real.art"));

    assertThatThrownBy(() -> files.render("link", null))
        .hasMessageContaining("lies outside of the templates' folder");
    assertThatThrownBy(() -> files.render("up/secret", null))
        .hasMessageContaining("lies outside of the templates' folder");
    assertThat(files.render("inside", null)).isEqualTo("real");
  }

  @Test
  void theRootItselfMayBeALink() throws IOException {
    write("a.art", "A{{include './b'}}");
    write("b.art", "B");
    Path link = Files.createSymbolicLink(folder.resolve("link"), root);

    assertThat(Templates.files(link).render("a", null)).isEqualTo("AB");
  }

  @Test
  void whatIsNoFileOfTextIsToldSo() throws IOException {
    Files.createDirectory(root.resolve("folder.art"));
    Files.write(root.resolve("latin.art"), new byte[] {'a', (byte) 0xe9, 'b'});

    assertThatThrownBy(() -> files.render("none", null))
        .hasMessage(
            "template not found: ENOENT: no such file or directory, open '%s/none.art'"
                .formatted(root));
    assertThatThrownBy(() -> files.render("folder", null))
        .hasMessageContaining("is no regular file");
    assertThatThrownBy(() -> files.render("latin", null))
        .hasMessageContaining("is not written in UTF-8");
    assertThatThrownBy(() -> files.render("a\0b", null))
        .hasMessageContaining("is no name of a file");
  }

  @Test
  void inProductionWhatWasCompiledStays() throws IOException {
    write("a.art", "one");
    assertThat(files.render("a", null)).isEqualTo("one");

    write("a.art", "two!");

    assertThat(files.render("a", null)).isEqualTo("one");
    files.clear();
    assertThat(files.render("a", null)).isEqualTo("two!");
  }

  @Test
  void inDevelopmentAChangedFileIsReadAnew() throws IOException {
    TemplateFiles development =
        Templates.files(TemplateOptions.DEFAULTS.withRoot(root).withDevelopment(true));
    write("a.art", "{{include './b'}}");
    write("b.art", "one");
    assertThat(development.render("a", null)).isEqualTo("one");

    write("b.art", "longer");
    assertThat(development.render("a", null)).isEqualTo("longer");

    write("b.art", "other!");
    Files.setLastModifiedTime(
        root.resolve("b.art"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    assertThat(development.render("a", null)).isEqualTo("other!");

    Files.delete(root.resolve("b.art"));
    assertThatThrownBy(() -> development.render("a", null)).hasMessageContaining("ENOENT");
  }

  @Test
  void theCacheIsBounded() throws IOException {
    TemplateFiles small = Templates.files(TemplateOptions.DEFAULTS.withRoot(root).withCached(3));
    for (int i = 0; i < 10; i++) {
      write(i + ".art", "n" + i);
      assertThat(small.render(i + ".art", null)).isEqualTo("n" + i);
      assertThat(small.kept()).isLessThanOrEqualTo(3);
    }
    assertThat(small.render("0.art", null)).isEqualTo("n0");
  }

  @Test
  void aFileThatWasBadIsReadAgain() throws IOException {
    write("a.art", "{{if}}");
    assertThatThrownBy(() -> files.render("a", null)).isInstanceOf(TemplateError.class);

    write("a.art", "good");

    assertThat(files.render("a", null)).isEqualTo("good");
  }

  @Test
  void layoutsWorkInPiecesToo() throws IOException {
    write("layout.art", "<t>{{block 'title'}}none{{/block}}</t>{{block 'body'}}{{/block}}");
    write(
        "page.art",
        "{{extend './layout'}}{{block 'title'}}{{t}}{{/block}}{{block 'body'}}"
            + "{{each l}}{{include './row' $value}}{{/each}}{{/block}}");
    write("row.art", "<{{n}}>");
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(Map.of("n", i));
    }
    Map<String, Object> data = Map.of("t", "T", "l", rows);
    StringBuilder pieces = new StringBuilder();

    files.render("page", data, pieces);

    assertThat(pieces.toString())
        .isEqualTo(files.render("page", data))
        .startsWith("<t>T</t><0><1>");
  }

  @Test
  void largePagesComeInPieces() throws IOException {
    write("page.art", "{{each l}}row {{$value}} 你好\n{{/each}}");
    List<String> pieces = new ArrayList<>();
    Appendable out =
        new Appendable() {
          @Override
          public Appendable append(CharSequence text) {
            pieces.add(text.toString());
            return this;
          }

          @Override
          public Appendable append(CharSequence text, int from, int to) {
            return append(text.subSequence(from, to));
          }

          @Override
          public Appendable append(char c) {
            return append(String.valueOf(c));
          }
        };
    List<Integer> numbers = java.util.stream.IntStream.range(0, 50_000).boxed().toList();

    files.render("page", Map.of("l", numbers.stream()), out);

    assertThat(pieces).hasSizeGreaterThan(20).allMatch(piece -> piece.length() < 20_000);
    assertThat(String.join("", pieces)).isEqualTo(files.render("page", Map.of("l", numbers)));
  }

  @Test
  void aSinkThatFailsEndsTheRendering() {
    Template template = Templates.compile("{{each l}}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{/each}}");
    Appendable broken =
        new Appendable() {
          @Override
          public Appendable append(CharSequence text) throws IOException {
            throw new IOException("gone");
          }

          @Override
          public Appendable append(CharSequence text, int from, int to) throws IOException {
            throw new IOException("gone");
          }

          @Override
          public Appendable append(char c) throws IOException {
            throw new IOException("gone");
          }
        };

    assertThatThrownBy(() -> template.render(Map.of("l", new int[10_000]), broken))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
  }

  @Test
  void errorsOfIncludedFilesNameBothPlaces() throws IOException {
    write("page.art", "one\n{{include './sub/bad'}}");
    write("sub/bad.art", "l1\n\n  {{x.y}}");

    assertThatThrownBy(() -> files.render("page", null))
        .hasMessage(
            """
            %1$s/page.art:2:1
                1| one
             >> 2| {{include './sub/bad'}}

            RuntimeError: %1$s/sub/bad.art:3:3
                1| l1
                2|\s
             >> 3|   {{x.y}}

            RuntimeError: Cannot read properties of undefined (reading 'y')\
            """
                .formatted(root));
  }

  @Test
  void listenersGetErrorsInsteadOfCallers() throws IOException {
    List<TemplateError> errors = new ArrayList<>();
    TemplateFiles told =
        Templates.files(TemplateOptions.DEFAULTS.withRoot(root).withOnError(errors::add));
    write("bad.art", "{{a.b}}");
    StringBuilder out = new StringBuilder();

    assertThat(told.render("bad", null)).isEqualTo("{Template Error}");
    assertThat(told.render("none", null)).isEqualTo("{Template Error}");
    told.render("none", null, out);
    assertThat(out).hasToString("{Template Error}");
    assertThat(Templates.render("{{if}}", null, told.options())).isEqualTo("{Template Error}");
    assertThat(errors).hasSize(4);
    assertThat(errors.getFirst().line()).isEqualTo(1);
  }

  @Test
  void manyThreadsRenderTheSameTemplate() throws Exception {
    write(
        "page.art",
        "{{extend './l'}}{{set x = n}}{{block 'b'}}{{each l v}}<% f(v) %>{{/each}}"
            + "<% function f(v) { %>{{v + x}},<% } %>{{/block}}");
    write("l.art", "[{{block 'b'}}{{/block}}]");
    List<Future<String>> pages = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        int n = i;
        pages.add(
            threads.submit(() -> files.render("page", Map.of("n", n, "l", List.of(1, 2, 3)))));
      }
    }
    for (int i = 0; i < 200; i++) {
      assertThat(pages.get(i).get()).isEqualTo("[%d,%d,%d,]".formatted(i + 1, i + 2, i + 3));
    }
  }
}
