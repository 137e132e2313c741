package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options, listeners, the log, and what other engines are given. */
class EngineTest {
  private static final TemplateOptions DEFAULTS = TemplateOptions.DEFAULTS;

  record Page(String title, int count) {}

  /** A bean. */
  @SuppressWarnings("DoNotCallSuggester")
  public static final class Bean {
    public String getName() {
      return "ann";
    }

    public boolean isActive() {
      return true;
    }

    public Object getBroken() {
      throw new IllegalStateException("no database");
    }
  }

  @TempDir Path root;

  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of(change(o -> o.withRoot(Path.of("x"))), "root", Path.of("x")),
        Arguments.of(change(o -> o.withExtension(".html")), "extension", ".html"),
        Arguments.of(change(o -> o.withEscape(false)), "escape", false),
        Arguments.of(change(o -> o.withDevelopment(true)), "development", true),
        Arguments.of(change(o -> o.withCollapse(true)), "collapse", true),
        Arguments.of(change(o -> o.withValue("v", 1)), "imports", Map.of("v", 1)),
        Arguments.of(
            change(o -> o.withLimits(TemplateLimits.DEFAULTS.withTurns(7))),
            "limits",
            TemplateLimits.DEFAULTS.withTurns(7)),
        Arguments.of(change(o -> o.withCached(7)), "cached", 7));
  }

  private static UnaryOperator<TemplateOptions> change(UnaryOperator<TemplateOptions> change) {
    return change;
  }

  @ParameterizedTest
  @MethodSource("changes")
  void eachChangeChangesOneOptionAndNoOther(
      UnaryOperator<TemplateOptions> change, String name, Object value) throws Exception {
    TemplateOptions before =
        DEFAULTS
            .withOnError(error -> {})
            .withOnWarning(warning -> {})
            .withDelimiters(new Delimiters("<?", "?>"), new Delimiters("[[", "]]"));

    TemplateOptions after = change.apply(before);

    for (var part : TemplateOptions.class.getRecordComponents()) {
      Object now = part.getAccessor().invoke(after);
      assertThat(now)
          .describedAs(part.getName())
          .isEqualTo(part.getName().equals(name) ? value : part.getAccessor().invoke(before));
    }
    assertThat(after).isNotEqualTo(before);
  }

  @Test
  void eachLimitIsChangedAlone() {
    TemplateLimits limits =
        TemplateLimits.DEFAULTS
            .withSource(1)
            .withOutput(2)
            .withTurns(3)
            .withIncludes(4)
            .withDepth(10);

    assertThat(limits).isEqualTo(new TemplateLimits(1, 2, 3, 4, 10));
    assertThat(TemplateLimits.DEFAULTS.withIncludes(4).depth()).isEqualTo(250);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_000_001})
  void theCacheHasASize(int size) {
    assertThatThrownBy(() -> DEFAULTS.withCached(size))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the cache holds 1 to 1,000,000 templates, not %d".formatted(size));
  }

  @Test
  void nothingMayBeNullThatIsNeeded() {
    assertThatThrownBy(() -> DEFAULTS.withRoot(null)).hasMessage("root");
    assertThatThrownBy(() -> DEFAULTS.withLimits(null)).hasMessage("limits");
    assertThatThrownBy(() -> DEFAULTS.withDelimiters(null, new Delimiters("a", "b")))
        .hasMessage("nativeDelimiters");
    assertThatThrownBy(() -> DEFAULTS.withDelimiters(new Delimiters("a", "b"), null))
        .hasMessage("standardDelimiters");
    assertThatThrownBy(() -> Templates.compile(null)).hasMessage("source");
    assertThatThrownBy(() -> Templates.files(root).template(null)).hasMessage("name");
    assertThatThrownBy(() -> Templates.compile("x").render(null, null)).hasMessage("out");
    assertThatThrownBy(() -> new Delimiters("<%", "")).hasMessageContaining("one character");
  }

  @Test
  void withoutEscapingEveryFormPrintsWhatItGets() {
    TemplateOptions options = DEFAULTS.withEscape(false);
    Map<String, Object> data = Map.of("s", "<b>", "l", List.of(1, 2));

    assertThat(Templates.render("{{s}}{{@s}}<%= s %><%- s %>", data, options))
        .isEqualTo("<b><b><b><b>");
    assertThat(Templates.render("{{missing}}{{l}}", data, options)).isEqualTo("undefined1,2");
  }

  @Test
  void importsAreFiltersNamesAndParts() {
    TemplateOptions options =
        DEFAULTS
            .withImport("twice", values -> "" + values[0] + values[0])
            .withValue("app", Map.of("name", "Netloop"));

    assertThat(
            Templates.render(
                "{{'a' | twice}} {{twice('b')}} {{$imports.twice('c')}} {{app.name}} {{$imports.app.name}}",
                Map.of("twice", "data", "app", "data"),
                options))
        .isEqualTo("aa bb cc Netloop Netloop");
    assertThat(Templates.render("{{['x', 'y'].map(twice).join()}}", null, options))
        .isEqualTo("xx,yy");
  }

  @Test
  void dataMayBeNothingAMapARecordOrABean() {
    assertThat(Templates.render("[{{title}}]", null)).isEqualTo("[]");
    assertThat(Templates.render("{{title}}{{count}}", new Page("t", 2))).isEqualTo("t2");
    assertThat(Templates.render("{{name}}{{active}}", new Bean())).isEqualTo("anntrue");
    assertThat(Templates.render("{{length}}{{$data[1]}}", List.of(5, 6))).isEqualTo("26");
    assertThat(Templates.render("{{length}}", "text")).isEqualTo("4");
    assertThat(Templates.render("[{{x}}]", 5)).isEqualTo("[]");
  }

  @Test
  void errorsOfAStreamedPageAreToldAndPrinted() throws IOException {
    List<TemplateError> told = new ArrayList<>();
    Template template =
        Templates.compile("before {{missing.x}} after", DEFAULTS.withOnError(told::add));
    StringBuilder out = new StringBuilder();

    template.render(null, out);

    assertThat(out).hasToString("{Template Error}");
    assertThat(told).singleElement().extracting(TemplateError::column).isEqualTo(8);
    assertThat(template.render(null)).isEqualTo("{Template Error}");
    assertThat(told).hasSize(2);
  }

  @Test
  void namesOfTemplatesAreTheirPaths() throws IOException {
    Files.writeString(root.resolve("a.art"), "A");
    TemplateFiles files = Templates.files(root);

    assertThat(Templates.compile("x")).hasToString("anonymous");
    assertThat(files.template("a")).hasToString(root.resolve("a.art").toString());
    assertThat(files).hasToString("templates of " + root + ": [a.art]");
    assertThat(files.template("a")).isSameAs(files.template("a"));
    assertThat(files.options().root()).isEqualTo(root);
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() throws IOException {
    Files.writeString(root.resolve("large.art"), "x".repeat(41));
    Files.writeString(root.resolve("long.art"), "x".repeat(11));
    TemplateFiles files =
        Templates.files(DEFAULTS.withRoot(root).withLimits(TemplateLimits.DEFAULTS.withSource(10)));

    assertThatThrownBy(() -> files.render("large", null))
        .hasMessageContaining("large.art' has 41 bytes; 10 characters are the limit");
    assertThatThrownBy(() -> files.render("long", null))
        .hasMessageContaining("The template has 11 characters; 10 are the limit.");
  }

  @Test
  void otherEnginesGetThePartsOfTheData() {
    Map<String, Object> map = new HashMap<>(Map.of("a", 1));
    map.put("none", null);

    assertThat(TemplateEngine.parts(null)).isEmpty();
    assertThat(TemplateEngine.parts(map))
        .containsEntry("a", 1)
        .containsEntry("none", null)
        .hasSize(2);
    assertThat(TemplateEngine.parts(new Page("t", 2)))
        .containsExactly(Map.entry("title", "t"), Map.entry("count", 2));
    assertThat(TemplateEngine.parts(List.of("x"))).containsExactly(Map.entry("0", "x"));
    assertThatThrownBy(() -> TemplateEngine.parts(new Bean()))
        .hasMessageContaining("reading 'broken' of a Bean failed");
  }

  @Test
  void theConsoleWritesToTheLog() {
    List<LogRecord> records = new ArrayList<>();
    Logger logger = Logger.getLogger("io.netloop.template");
    Level before = logger.getLevel();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.setLevel(Level.ALL);
    logger.addHandler(handler);
    try {
      assertThat(
              Templates.render(
                  "<% var c = $imports.console; c.log('a', 1, [2], {b: 3}); c.info(null);"
                      + " c.warn(undefined); c.error('e'); c.debug(); %>{{c.log('x')}}.",
                  null))
          .isEqualTo(".");
      Templates.render("{{#n}}", Map.of("n", 1));
    } finally {
      logger.removeHandler(handler);
      logger.setLevel(before);
    }

    assertThat(records)
        .extracting(LogRecord::getMessage)
        .containsExactly(
            "a 1 2 {\"b\":3}",
            "null",
            "undefined",
            "e",
            "",
            "x",
            "anonymous:1:1\nTemplate upgrade: {{#value}} -> {{@value}}");
    assertThat(records)
        .extracting(LogRecord::getLevel)
        .containsExactly(
            Level.INFO,
            Level.INFO,
            Level.WARNING,
            Level.SEVERE,
            Level.FINE,
            Level.INFO,
            Level.WARNING);
  }
}
