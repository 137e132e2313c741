package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  void generatedTemplatesPrintWhatTheOriginalPrints() throws IOException {
    assumeTrue(ArtTemplate.missing() == null, ArtTemplate.missing());
    for (Map.Entry<String, String> file : RandomTemplates.FILES.entrySet()) {
      Files.writeString(root.resolve(file.getKey()), file.getValue());
    }
    TemplateOptions options = Sample.OPTIONS.withRoot(root);
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
    if (ours != null && !ours.equals(theirs.get("text"))) {
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
