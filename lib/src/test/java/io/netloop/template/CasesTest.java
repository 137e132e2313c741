package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The cases that were made by running the original. */
class CasesTest {
  private static final int COUNT = 144;

  /** Rules of our own: what we print where the original fails, or prints what nobody wants. */
  private static final Map<String, String> PRINTED =
      Map.of(
          "comment-block", "ab",
          "expr-template-literal-hidden-name", "x1y",
          "raw-types", "<b>|3|true|null|undefined|1,a,|{\"k\":1}|NaN");

  /** The tag to blame, where the original blames the begin of the template. */
  private static final Map<String, List<Integer>> PLACES =
      Map.of(
          "err-unclosed-if",
          List.of(2, 1),
          "err-stray-close",
          List.of(2, 3),
          "err-crossed",
          List.of(1, 19));

  private static final Map<String, TemplateFunction> IMPORTS =
      Map.of(
          "upper", values -> String.valueOf(values[0]).toUpperCase(Locale.ROOT),
          "add", values -> Values.toJava(Values.add(Values.of(values[0]), Values.of(values[1]))),
          "wrap", values -> "" + values[1] + values[0] + values[2]);

  @TempDir Path root;

  private static List<?> cases() {
    try (InputStream in = CasesTest.class.getResourceAsStream("/template/cases.json")) {
      Map<?, ?> all = (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      return (List<?>) all.get("cases");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noneOfThemIsMissing() {
    assertThat(cases()).hasSize(COUNT);
  }

  @TestFactory
  Stream<DynamicTest> rendersAsTheOriginal() {
    return cases().stream()
        .map(one -> (Map<?, ?>) one)
        .map(one -> dynamicTest(String.valueOf(one.get("id")), () -> check(one)));
  }

  private void check(Map<?, ?> one) throws IOException {
    Path folder = Files.createDirectory(root.resolve(String.valueOf(one.get("id"))));
    if (one.get("files") instanceof Map<?, ?> files) {
      for (Map.Entry<?, ?> file : files.entrySet()) {
        Path path = folder.resolve(file.getKey().toString());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue().toString());
      }
    }
    List<String> warnings = new ArrayList<>();
    TemplateOptions options =
        TemplateOptions.DEFAULTS
            .withRoot(folder)
            .withEscape(!(one.get("options") instanceof Map<?, ?> o && o.containsKey("escape")))
            .withOnWarning(warnings::add);
    if (one.get("imports") instanceof List<?> imports) {
      for (Object name : imports) {
        options = options.withImport(name.toString(), IMPORTS.get(name));
      }
    }
    String id = String.valueOf(one.get("id"));
    if (PRINTED.containsKey(id)) {
      assertThat(render(one, options)).isEqualTo(PRINTED.get(id));
    } else if (one.get("error") instanceof Map<?, ?> error) {
      fails(one, error, options, folder);
    } else {
      assertThat(render(one, options)).isEqualTo(one.get("expect"));
    }
    assertThat(warnings).hasSize(one.get("warnings") instanceof Integer count ? count : 0);
  }

  private static String render(Map<?, ?> one, TemplateOptions options) {
    Object data = Values.toJava(Values.of(one.get("data")));
    return one.get("filename") instanceof String name
        ? Templates.files(options).render(name, data)
        : Templates.render(one.get("template").toString(), data, options);
  }

  private static void fails(
      Map<?, ?> one, Map<?, ?> expected, TemplateOptions options, Path folder) {
    TemplateError error = catchThrowableOfType(TemplateError.class, () -> render(one, options));

    assertThat(error).isNotNull();
    List<Integer> place =
        PLACES.getOrDefault(
            one.get("id").toString(),
            List.of((Integer) expected.get("line"), (Integer) expected.get("column")));
    assertThat(List.of(error.line(), error.column())).isEqualTo(place);
    assertThat(error.kind()).hasToString(expected.get("kind").toString());
    assertThat(error.path()).isEqualTo(withRoot(expected.get("path"), folder));
    if (!PLACES.containsKey(one.get("id").toString())) {
      assertThat(error.getMessage())
          .startsWith(
              error.path()
                  + ":"
                  + error.line()
                  + ":"
                  + error.column()
                  + "\n"
                  + withRoot(expected.get("context"), folder)
                  + "\n\n"
                  + error.kind()
                  + ": ");
    }
    boolean run = error.kind() == TemplateError.Kind.RUNTIME;
    if (run || Boolean.FALSE.equals(expected.get("messageFromJsEngine"))) {
      assertThat(error.reason()).isEqualTo(withRoot(expected.get("message"), folder));
      assertThat(error).hasMessage(withRoot(expected.get("full"), folder));
    }
  }

  private static String withRoot(Object text, Path folder) {
    return text.toString().replace("<root>", folder.toString());
  }
}
