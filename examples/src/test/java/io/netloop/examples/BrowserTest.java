package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The page of the chat room in a real Chromium, against {@code ./netloop chat}. The cases are
 * scripts for Playwright, in {@code src/test/resources/browser}; each is a test here. Where
 * Chromium, Node or the packages are missing, they are skipped; {@code ./netloop test} installs
 * them.
 */
class BrowserTest {
  private static final Path PACKAGES =
      Path.of(System.getProperty("user.home"), ".cache", "netloop", "browser");

  /** They take a minute or two on an idle machine, and the tests of other modules may run too. */
  private static final long PATIENCE_MINUTES = 12;

  @TestFactory
  Stream<DynamicTest> thePageInChromium() throws Exception {
    Optional<Path> chromium = program("chromium");
    assumeTrue(chromium.isPresent(), "Chromium is not installed; ./netloop test installs it");
    assumeTrue(program("node").isPresent(), "Node is not installed; ./netloop test installs it");
    assumeTrue(
        program("certutil").isPresent(), "certutil is not installed; ./netloop test installs it");
    for (String each : List.of("playwright-core", "axe-core")) {
      assumeTrue(
          Files.isDirectory(PACKAGES.resolve("node_modules").resolve(each)),
          () -> each + " is not in " + PACKAGES + "; ./netloop test installs it");
    }
    List<Result> results = Result.read(run(chromium.get().toString()));
    assertThat(results).as("the cases that have run").hasSizeGreaterThan(40);
    return results.stream()
        .map(result ->
            DynamicTest.dynamicTest(
                result.name, () -> assertThat(result.failure).as(result.name).isEmpty()));
  }

  @Test
  void readsTheResultsOfTheCases() throws IOException {
    List<Result> results =
        Result.read("ok a 12\n# a remark\nfailed b\n  why\n  where\nok c 1\nfailed d\n  gone\n");
    assertThat(results)
        .containsExactly(
            new Result("a", ""),
            new Result("b", "why\nwhere\n"),
            new Result("c", ""),
            new Result("d", "gone\n"));
  }

  /** Its output, once it has ended. */
  private static String run(String chromium) throws IOException, InterruptedException {
    UnaryOperator<String> inRoot = path -> Program.ROOT.resolve(path).toString();
    Path output = Files.createTempFile(Path.of("target"), "browser-", ".txt");
    Process cases =
        new ProcessBuilder(
                "node",
                inRoot.apply("examples/src/test/resources/browser/run.mjs"),
                inRoot.apply("netloop"),
                PACKAGES.toString(),
                chromium,
                inRoot.apply("chat/src/test/resources/seed-client.js"),
                inRoot.apply("examples/target/pictures"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = cases.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    // It ends Chromium and the rooms that it has started.
    cases.destroy();
    assertThat(cases.waitFor(20, TimeUnit.SECONDS)).as("the cases end").isTrue();
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as("the cases end in time; so far they said: %s", said).isTrue();
    assertThat(said).as("all cases have run").contains("# all have run");
    return said;
  }

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * What a case has come to.
   *
   * @param failure why it failed, or empty
   */
  private record Result(String name, String failure) {
    static List<Result> read(String output) {
      List<Result> results = new ArrayList<>();
      for (String line : output.lines().toList()) {
        String[] words = line.split(" ", 3);
        if (words[0].equals("ok")) {
          results.add(new Result(words[1], ""));
        } else if (words[0].equals("failed")) {
          results.add(new Result(words[1], "failed for no known reason"));
        } else if (line.startsWith("  ") && !results.isEmpty()) {
          results.add(results.removeLast().because(line.strip()));
        }
      }
      return results;
    }

    private Result because(String line) {
      String before = failure.endsWith("\n") ? failure : "";
      return new Result(name, before + line + "\n");
    }
  }
}
