package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every Java snippet of the documents compiles as it is printed. */
class SnippetsTest {

  private static final Path ROOT = Path.of(System.getProperty("netloop.root"));

  @TestFactory
  Stream<DynamicTest> snippetsCompile() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents()) {
      for (Snippet snippet : Snippet.in(ROOT.relativize(document), Files.readString(document))) {
        tests.add(
            DynamicTest.dynamicTest(
                snippet.where(), () -> assertThat(snippet.errors()).as(snippet.text()).isEmpty()));
      }
    }
    return tests.stream();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs =
            Files.isDirectory(ROOT.resolve("docs"))
                ? Files.walk(ROOT.resolve("docs"))
                : Stream.of()) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @Test
  void findsEachBlockWithItsFirstLine() {
    var found =
        Snippet.in(
            Path.of("a.md"),
            """
            # Title
            ```java
            int one = 1;
            ```
            ```sh
            ls
            ```
            <!-- not compiled: a sketch -->
            ```java
            …
            ```
            * In a list:

              ```java
              int two = 2;
              ```
            """);

    assertThat(found)
        .containsExactly(
            new Snippet(Path.of("a.md"), 3, "int one = 1;\n"),
            new Snippet(Path.of("a.md"), 15, "int two = 2;\n"));
  }

  @Test
  void compilesStatementsFilesAndTypes() {
    assertThat(errors("var list = List.of(1);\nIO.println(list);\n")).isEmpty();
    assertThat(errors("import java.util.List;\n\nIO.println(List.of());\n")).isEmpty();
    assertThat(errors("void main() {\n  IO.println(1);\n}\n")).isEmpty();
    assertThat(errors("package a.b;\n\npublic final class C {}\n")).isEmpty();
    assertThat(errors("record Point(int x, int y) {}\n")).isEmpty();
    assertThat(errors("int twice(int n) {\n  return 2 * n;\n}\n")).isEmpty();
    assertThat(errors("import module io.netloop;\n\nvoid main() {}\n")).isEmpty();
  }

  @Test
  void tellsTheDocumentsLineOfAnError() {
    assertThat(errors("int ok = 1;\nint wrong = \"text\";\n"))
        .singleElement()
        .asString()
        .startsWith("a.md:11: incompatible types");
    assertThat(errors("void main() {\n  missing();\n}\n"))
        .singleElement()
        .asString()
        .startsWith("a.md:11: cannot find symbol");
  }

  private static List<String> errors(String text) {
    return new Snippet(Path.of("a.md"), 10, text).errors();
  }
}
