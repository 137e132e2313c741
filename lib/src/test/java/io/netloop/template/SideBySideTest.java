package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated templates, rendered here and by npm's art-template. */
class SideBySideTest {
  private static final int TEMPLATES = Integer.getInteger("netloop.templates", 3000);
  private static final long SEED = Long.getLong("netloop.templateSeed", 20261125L);
  private static final int BATCH = 200;
  private static final int SHOWN = 5;

  @TempDir Path root;

  private record Question(String source, Map<String, Object> data) {}

  @Test
  void generatedTemplatesPrintWhatTheOriginalPrints() {
    assumeTrue(ArtTemplate.missing() == null, ArtTemplate.missing());
    TemplateOptions options =
        TemplateOptions.DEFAULTS
            .withRoot(root)
            .withOnWarning(warning -> {})
            // Functions of the language: those of Java do not know undefined.
            .withValue("upper", Functions.of((run, v) -> text(v, 0).toUpperCase(Locale.ROOT)))
            .withValue("add", Functions.of((run, v) -> Values.add(of(v, 0), of(v, 1))))
            .withValue("wrap", Functions.of((run, v) -> text(v, 1) + text(v, 0) + text(v, 2)));
    RandomTemplates templates = new RandomTemplates(new SplittableRandom(SEED));
    List<String> differences = new ArrayList<>();
    int printed = 0;
    try (ArtTemplate art = new ArtTemplate(root)) {
      for (int done = 0; done < TEMPLATES && differences.size() < SHOWN; done += BATCH) {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          questions.add(new Question(templates.template(), templates.data()));
          art.ask(questions.getLast().source, questions.getLast().data);
        }
        art.flush();
        for (Question question : questions) {
          Map<?, ?> theirs = art.answer();
          printed += theirs.containsKey("text") ? 1 : 0;
          compare(question, theirs, options, differences);
        }
      }
    }

    assertThat(differences).isEmpty();
    assertThat(printed).describedAs("templates that do not fail").isGreaterThan(TEMPLATES / 3);
  }

  private static Object of(Object[] values, int index) {
    return Functions.argument(values, index);
  }

  private static String text(Object[] values, int index) {
    return Values.text(of(values, index));
  }

  /**
   * The original takes what stands between two divisions for a regular expression, as it takes a
   * template literal for a text, and so does not see the names in it.
   */
  private static boolean isHiddenName(Map<?, ?> theirs) {
    return theirs.get("error") instanceof String error
        && error.matches("(?s).*RuntimeError: \\S+ is not defined");
  }

  private static void compare(
      Question question, Map<?, ?> theirs, TemplateOptions options, List<String> differences) {
    String ours;
    try {
      ours = Templates.render(question.source, question.data, options);
    } catch (TemplateError e) {
      ours = null;
      if (theirs.containsKey("text")) {
        differences.add(
            "%s%nwith %s%nfails here: %s%nprints there: %s%n"
                .formatted(
                    question.source, Json.text(question.data), e.getMessage(), theirs.get("text")));
      }
    }
    if (ours != null && !ours.equals(theirs.get("text")) && !isHiddenName(theirs)) {
      differences.add(
          "%s%nwith %s%nprints here: %s%n%s there: %s%n"
              .formatted(
                  question.source,
                  Json.text(question.data),
                  ours,
                  theirs.containsKey("text") ? "prints" : "fails",
                  theirs.containsKey("text") ? theirs.get("text") : theirs.get("error")));
    }
  }
}
